"""A picture of one frame without a window, without Qt and, with EGL, without a display."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.arrays import Bytes
from app.domain.channels import Channel, channel_of, channel_values, channels
from app.domain.color_maps import shown_color_map
from app.domain.coloring import NO_ORDER, ColorBy, JobOrder, key_colors
from app.domain.finding import listed, printable, quoted
from app.domain.point_cloud import PointCloud
from app.domain.sensor_rig import SensorRig
from app.domain.sequence import Frame
from app.domain.value_range import automatic_range
from app.errors import InputError
from app.scene.camera_picture import CameraPicture
from app.scene.frame_rows import standing_back
from app.scene.frame_stack import FrameStack
from app.scene.look import dressed_for
from app.scene.prepared import PreparedCloud, prepare_cloud
from app.scene.recorded_view import LARGEST, Canvas, RecordedView, Size
from app.scene.rig_cameras import PREFIX, RigCamera, camera_called
from app.scene.views import VIEWS, CameraPlacement, place_camera

if TYPE_CHECKING:
    from app.scene.scene import Scene

MOST_NAMED = 40  # names in one sentence


@dataclass(frozen=True)
class Subject:
    """A frame ready to be drawn, with what its picture takes from the whole job.

    With a ``stack`` of several frames ``frame``, ``cloud`` and ``prepared`` are all of them as one.
    ``order``: of its classes and tracks, which colours follow. ``point_colors``: (N, 4) uint8 RGBA that the cameras
    give the points, None where nobody asked. ``backdrop``: the picture of the camera that is looked through.
    ``sensors``: what the guides draw of the rig. ``heading``: where the ego's forward points, radians from x towards y.
    """

    frame: Frame
    cloud: PointCloud
    prepared: PreparedCloud
    order: JobOrder = NO_ORDER
    point_colors: Bytes | None = None
    backdrop: CameraPicture | None = None
    sensors: SensorRig = field(default_factory=SensorRig)
    stack: FrameStack | None = None
    heading: float = 0.0

    def stacked(self, stack: FrameStack) -> "Subject":
        """The same with the frames around."""
        return replace(self, frame=stack.frame, cloud=stack.accumulated.cloud, prepared=stack.prepared, stack=stack)


@dataclass(frozen=True)
class Drawing:
    """A finished picture as PNG, and the view that it shows with the value range that was found."""

    png: bytes
    view: RecordedView


def subject_of(frame: Frame, *, order: JobOrder = NO_ORDER, heading: float = 0.0) -> Subject:
    """Make a frame ready, ``order`` being that of its job's classes and tracks.

    Raises InputError for one without a point cloud.
    """
    if frame.cloud is None:
        raise InputError(
            f"Frame {frame.record.frame_id or frame.index + 1} has no point cloud to draw.",
            next_step="Run pointproof inspect to see why.",
        )
    return Subject(frame, frame.cloud, prepare_cloud(frame.cloud, frame.mask), order, heading=heading)


def seen_from(view: str, subject: Subject, *, cameras: Iterable[RigCamera] = (), aspect: float) -> CameraPlacement:
    """Where the camera stands for one of VIEWS or ``camera:NAME``; raises InputError for any other name."""
    if view.startswith(PREFIX):
        return camera_called(view.removeprefix(PREFIX), cameras).placement(aspect)
    if view not in VIEWS:
        raise InputError(f"There is no view “{view}”.", next_step=f"Choose one of {', '.join(VIEWS)}.")
    return place_camera(view, subject.prepared.spread, aspect=aspect, heading=subject.heading)


def draw(subject: Subject, view: RecordedView, canvas: Canvas) -> Drawing:
    """Draw a frame as it is looked at.

    Raises InputError for a size that cannot be drawn or a number that the cloud does not have, AppError where this
    machine has no OpenGL.
    """
    check_size(canvas.size)
    from app.scene.offscreen import OffscreenScene  # VTK takes long to load

    drawing = OffscreenScene(canvas.size)
    try:
        scene = drawing.scene
        scene.heading = subject.heading
        scene.set_pixel_ratio(canvas.pixel_ratio)
        scene.set_look(canvas.look)
        scene.set_point_look(view.look)
        scene.set_guides(view.guides)
        scene.set_rig(subject.sensors)
        scene.show(subject.prepared, _color_table(subject, view, canvas))
        scene.set_cuts(view.cuts)
        on_dark = dressed_for(view.look.background, theme=canvas.look).is_dark
        painted = _paint(scene, subject, view, on_dark=on_dark)
        scene.set_placement(view.placement)
        scene.set_backdrop(subject.backdrop)
        return Drawing(drawing.png(), painted)
    finally:
        drawing.close()


def number_of(cloud: PointCloud, name: str) -> Channel:
    """The number called ``height``, ``intensity`` and so on, or as a field of the file.

    Raises InputError that lists what this cloud has.
    """
    offered = channels(cloud)
    for channel in offered:
        if name in (channel.name, channel.field):
            return channel
    names = listed((printable(each.name) for each in offered), limit=MOST_NAMED)
    raise InputError(
        f"The points have no {quoted(name)} to be coloured by.",
        next_step=f"They have {names}, besides class, instance, track and camera.",
    )


def check_size(size: Size) -> None:
    """Raise InputError unless a picture of (width, height) pixels can be drawn."""
    if not all(1 <= side <= LARGEST for side in size):
        raise InputError(
            f"A picture of {size[0]} by {size[1]} pixels cannot be drawn.",
            next_step=f"Choose sides between 1 and {LARGEST} pixels.",
        )


def write_picture(png: bytes, path: Path) -> None:
    """Write the bytes of a picture; raises InputError where the path cannot be written."""
    try:
        path.write_bytes(png)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"The picture {path} cannot be written: {reason}.", next_step="Choose another path."
        ) from error


def _color_table(subject: Subject, view: RecordedView, canvas: Canvas) -> Bytes:
    look = dressed_for(view.look.background, theme=canvas.look)
    table = key_colors(
        subject.prepared.label_keys,
        subject.frame.legend,
        view.visibility,
        view.coloring,
        order=subject.order,
        muted=look.no_color,
    )
    return table if subject.stack is None else standing_back(table, look.background_bottom)


def _paint(scene: "Scene", subject: Subject, view: RecordedView, *, on_dark: bool) -> RecordedView:
    """Colours that do not come from the label alone; the view with the range of their numbers."""
    coloring = view.coloring
    if coloring.by is ColorBy.CAMERA and subject.point_colors is not None:
        scene.color_by_points(subject.point_colors)
    if not coloring.by.is_scalar:
        return view
    cloud, spread = subject.cloud, subject.prepared.spread
    channel = channel_of(cloud, coloring) or number_of(cloud, coloring.field or coloring.by.value)
    values = channel_values(cloud, channel, ground=spread.ground, ego=spread.ego)
    value_range = coloring.value_range or view.value_range or automatic_range(values)
    scene.color_by_values(values, shown_color_map(coloring.color_map, on_dark=on_dark), value_range)
    return replace(view, value_range=value_range)
