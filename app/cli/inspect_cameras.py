"""What ``inspect`` says about cameras: in one frame, and over the whole job."""

from collections.abc import Sequence

from app.cli.inspection import (
    CameraReport,
    CameraView,
    ConventionReport,
    OriginReport,
    Picture,
    PlacementReport,
    PosesReport,
    SampleReport,
    ScaleReport,
    SwitchReport,
    TrackReport,
)
from app.domain.camera import Camera
from app.domain.pose_convention import PoseConvention
from app.domain.sequence import Frame
from app.errors import AppError
from app.jobs import CameraTracking, LocalJob, TrackSummary
from app.workspace import CameraLink


def describe_view(job: LocalJob, frame: Frame, camera: Camera) -> CameraView:
    """The picture and how many points of the cloud fall into it."""
    picture = describe_picture(job, frame.index, camera.name)
    seen = job.points_in_image(frame, camera.name)
    if seen is None:
        return CameraView(points_in_image=None, mean_uv=None, image=picture)
    count, mean = seen
    return CameraView(
        points_in_image=count, mean_uv=(round(mean[0], 2), round(mean[1], 2)) if mean else None, image=picture
    )


def describe_picture(job: LocalJob, index: int, camera: str) -> Picture | None:
    """Size of a camera image, None where it is missing or unreadable: the findings say which."""
    try:
        width, height = job.image_size(index, camera)
    except AppError:
        return None
    ref, link = job.sequence.frames[index].image(camera), job.files.link(camera)
    if link is not None and job.pictures.shows_sample(index, camera):
        return Picture(width, height, f"edge-impulse:/projects/{link.ei_project_id}/samples/{link.sample_id}", "sample")
    return Picture(width, height, without_query(ref.url)) if ref else None


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
        sample_images=sum(job.pictures.shows_sample(index, camera.name) for index in range(len(job.sequence))),
        sample=describe_sample(job.files.link(camera.name)),
        placement=describe_placement(job.tracking_of(camera.name)),
        scale=describe_scale(job, camera.name),
        origin=describe_origin(job.tracking_of(camera.name)),
    )


def describe_scale(job: LocalJob, camera: str) -> ScaleReport | None:
    """What size the intrinsics of a camera are for; None without a lens or a picture."""
    for index in range(len(job.sequence)):
        size = job.pictures.known_size(index, camera)
        if size is not None:
            scale = job.rig.scale(index, camera, size)
            return None if scale is None else ScaleReport(scale.factor if scale.intrinsics else None, scale.reason)
    return None


def describe_poses(job: LocalJob) -> PosesReport | None:
    """How camera poses are read and what speaks for it; None for a job without cameras."""
    if not job.cameras:
        return None
    rig, suggestion = job.rig, job.rig.suggestion()
    return PosesReport(
        convention=describe_convention(rig.convention),
        chosen=rig.chosen is not None,
        suggestion=None if suggestion is None else describe_convention(suggestion.convention),
        sure=suggestion is not None and suggestion.sure,
        reason="" if suggestion is None else suggestion.reason,
    )


def describe_convention(convention: PoseConvention) -> ConventionReport:
    """A convention by its three words."""
    return ConventionReport(convention.direction.value, convention.axes.value, convention.space.value)


def describe_sample(link: CameraLink | None) -> SampleReport | None:
    """What a camera is linked to."""
    if link is None:
        return None
    return SampleReport(
        project_id=link.ei_project_id,
        sample_id=link.sample_id,
        name=link.sample_name,
        block_id=link.block_id,
        variant=link.variant,
        pictures=link.pictures.value,
    )


def describe_placement(known: CameraTracking) -> PlacementReport | None:
    """How the boxes of a camera are placed; None without results."""
    placement = known.placement
    if placement is None:
        return None
    return PlacementReport(
        space=placement.space.value.value,
        space_chosen=placement.space.chosen,
        resize_mode=placement.resize_mode.value.value,
        resize_mode_chosen=placement.resize_mode.chosen,
        frame_offset=placement.frame_offset,
        suggested_offset=placement.suggested_offset.value if placement.suggested_offset else None,
        reason=placement.reason,
        stale=known.stale or None,
    )


def describe_origin(known: CameraTracking) -> OriginReport | None:
    """What made the tracks of a camera; None without results of the object-tracking service."""
    origin = known.origin
    if origin is None:
        return None
    return OriginReport(
        origin.impulse_id,
        origin.impulse,
        origin.block_id,
        origin.block,
        origin.block_type,
        origin.variant,
        dict(origin.parameters),
        origin.sentence,
    )


def describe_track(track: TrackSummary) -> TrackReport:
    """One track of one camera."""
    size = track.size
    return TrackReport(
        camera=track.camera,
        track_id=track.track_id,
        label=track.label,
        boxes=track.count,
        first_frame=track.first,
        last_frame=track.last,
        length=track.length,
        gaps=track.gaps,
        switches=tuple(SwitchReport(each.frame, each.kind.value, each.other, each.label) for each in track.switches),
        kept=track.kept,
        mean_score=None if track.mean_score is None else round(track.mean_score, 4),
        size=(round(size.width, 2), round(size.height, 2)) if size else None,
        size_spread=(round(size.width_spread, 2), round(size.height_spread, 2)) if size else None,
    )
