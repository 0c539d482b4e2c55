"""Between the services and the workspace: whatever is received is stored as it came and decoded when it is read."""

from app.sync.download import DownloadSummary, FileProblem, download_job
from app.sync.links import suggest_links
from app.sync.listing import list_all_jobs, list_batches, list_jobs
from app.sync.tracking import TrackingState, TrackingStep, download_tracking, fetch_impulses

__all__ = [
    "DownloadSummary",
    "FileProblem",
    "TrackingState",
    "TrackingStep",
    "download_job",
    "download_tracking",
    "fetch_impulses",
    "list_all_jobs",
    "list_batches",
    "list_jobs",
    "suggest_links",
]
