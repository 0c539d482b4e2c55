"""What ``inspect`` says about cameras: in one frame, and over the whole job."""

from collections.abc import Sequence

from app.cli.inspection import CameraReport, CameraView, Picture, TrackReport
from app.domain.camera import Camera
from app.domain.sequence import CameraImageRef, Frame
from app.errors import AppError
from app.jobs import LocalJob, TrackSummary


def describe_view(job: LocalJob, frame: Frame, camera: Camera) -> CameraView:
    """The picture and how many points of the cloud fall into it."""
    ref = frame.record.image(camera.name)
    picture = None if ref is None else describe_picture(job, frame.index, ref)
    seen = job.points_in_image(frame, camera.name)
    if seen is None:
        return CameraView(points_in_image=None, mean_uv=None, image=picture)
    count, mean = seen
    return CameraView(
        points_in_image=count, mean_uv=(round(mean[0], 2), round(mean[1], 2)) if mean else None, image=picture
    )


def describe_picture(job: LocalJob, index: int, ref: CameraImageRef) -> Picture | None:
    """Size of a camera image, None where it is missing or unreadable: the findings say which."""
    try:
        width, height = job.image_size(index, ref.camera)
    except AppError:
        return None
    return Picture(width=width, height=height, url=without_query(ref.url))


def without_query(url: str) -> str:
    """The address without what may sign it."""
    return url.partition("?")[0].partition("#")[0]


def describe_camera(job: LocalJob, camera: Camera, tracks: Sequence[TrackSummary]) -> CameraReport:
    """One camera with its number of pictures, tracks, tracked boxes and detections."""
    tracking = job.tracking(camera.name)
    return CameraReport(
        name=camera.name,
        sensor_id=camera.sensor_id,
        model=camera.intrinsics.model.value if camera.intrinsics else None,
        images=sum(frame.image(camera.name) is not None for frame in job.sequence.frames),
        tracks=sum(track.camera == camera.name for track in tracks),
        tracked_boxes=sum(len(boxes) for boxes in tracking.tracked.values()) if tracking else 0,
        detections=sum(len(boxes) for boxes in tracking.detected.values()) if tracking else 0,
    )


def describe_track(track: TrackSummary) -> TrackReport:
    """One track of one camera."""
    return TrackReport(
        camera=track.camera,
        track_id=track.track_id,
        label=track.label,
        boxes=track.count,
        first_frame=track.first,
        last_frame=track.last,
    )
