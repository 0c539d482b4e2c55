"""What a picture of a frame takes from its job: pictures of cameras, where the sensors are, the frames around."""

from dataclasses import replace

from app.domain.arrays import Bytes
from app.domain.coloring import ColorBy
from app.domain.ego_poses import EgoPoses, ego_poses
from app.domain.pose_jumps import pose_jumps
from app.domain.sensor_rig import SensorRig, sensor_rig
from app.domain.sequence import Frame
from app.errors import InputError
from app.jobs import LocalJob
from app.jobs.camera_colors import camera_colors
from app.jobs.files import attempt
from app.scene.following import space_of
from app.scene.frame_stack import MOST_POINTS, FrameStack, plan_stack, stack_frames, why_alone
from app.scene.recorded_view import Around, RecordedView
from app.scene.render import Subject
from app.scene.rig_cameras import PREFIX, RigCamera
from app.scene.rig_cameras import rig_cameras as cameras_of_frame


def pictured(job: LocalJob, subject: Subject, view: RecordedView, *, cameras: tuple[RigCamera, ...]) -> Subject:
    """The frame with all that the view shows of its job; raises AppError for what the job lacks."""
    index, poses = subject.frame.index, poses_of(job, subject)
    subject = replace(subject, sensors=sensors_of(job, index, poses))
    through = next((camera for camera in cameras if view.view == PREFIX + camera.name), None)
    if through is not None and through.pictured:
        subject = replace(subject, backdrop=through.backdrop(job.load_image(index, through.name)))
    if view.around.reach:
        subject = subject.stacked(frames_around(job, subject.frame, poses, view.around))
    if view.coloring.by is ColorBy.CAMERA:
        subject = replace(subject, point_colors=colors_of_cameras(job, subject.frame))
    return subject


def poses_of(job: LocalJob, subject: Subject) -> EgoPoses:
    """The ego's poses, in the space that the cameras tell, or else the points of the frame."""
    space = job.rig.space or space_of(subject.frame, subject.prepared.spread)
    return ego_poses(job.sequence, space=space)


def sensors_of(job: LocalJob, index: int, poses: EgoPoses) -> SensorRig:
    """Where the sensors are at a frame, and the ego's way."""
    jumps = frozenset(jump.frame for jump in pose_jumps(poses.world_from_ego))
    return sensor_rig(job.rig.at(index, job.rig.sizes(index)), index, poses=poses, jumps=jumps)


def frames_around(job: LocalJob, frame: Frame, poses: EgoPoses, around: Around) -> FrameStack:
    """A frame with those around it as one, the nearest first while there is room; raises InputError without poses."""
    reason = why_alone(poses, at=frame.index)
    if reason:
        raise InputError(reason, next_step="Draw it alone, with --frames-around 0.")
    plan = plan_stack(poses, at=frame.index, reach=around.reach, with_motion=around.with_motion, readable=job.has_frame)
    frames, points = [frame], 0 if frame.cloud is None else len(frame.cloud)
    for index in plan.others:
        other = job.load_frame(index)
        points += 0 if other.cloud is None else len(other.cloud)
        if points > MOST_POINTS:
            break
        frames.append(other)
    stack = stack_frames(plan, poses, frames)
    assert stack is not None  # a frame with a cloud and a pose is first
    return stack


def rig_cameras(job: LocalJob, frame: Frame) -> tuple[RigCamera, ...]:
    """The cameras of a frame that can be looked through, in the order of the document."""
    sizes = job.rig.sizes(frame.index)
    return cameras_of_frame(frame, job.rig.at(frame.index, sizes), sizes)


def colors_of_cameras(job: LocalJob, frame: Frame) -> Bytes:
    """(N, 4) uint8 RGBA of the points by the pictures of the cameras. Raises InputError where no camera colours a
    point."""
    found = {camera: attempt(lambda camera=camera: job.load_image(frame.index, camera))[0] for camera in job.cameras}  # type: ignore[misc]
    images = {camera: image for camera, image in found.items() if image is not None}
    sizes = {camera: (image.shape[1], image.shape[0]) for camera, image in images.items()}
    colors = camera_colors(frame, images, job.rig.at(frame.index, sizes))
    if not colors[:, 3].any():
        raise InputError(
            "No camera of this frame gives the points colours: it takes a picture, a pose and a lens.",
            next_step="Fetch the pictures of the job, or choose another --color-by.",
        )
    return colors
