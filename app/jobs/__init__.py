"""Jobs that are on this machine: in a workspace, in a delivery folder, in a bundle, or as loose point clouds.

Files are decoded when asked for, on the thread that asks; nothing but tracking documents is kept in memory.
"""

from app.jobs.alignment import camera_alignment
from app.jobs.bundled import parts_of
from app.jobs.camera_tracking import CameraTracking, FrameBoxes
from app.jobs.files import JobFiles
from app.jobs.local_job import LocalJob
from app.jobs.opening import open_path, open_workspace_job
from app.jobs.track_summary import TrackSummary, switch_sentence

__all__ = [
    "CameraTracking",
    "FrameBoxes",
    "JobFiles",
    "LocalJob",
    "TrackSummary",
    "camera_alignment",
    "open_path",
    "open_workspace_job",
    "parts_of",
    "switch_sentence",
]
