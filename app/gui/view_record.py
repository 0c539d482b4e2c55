"""How a job was looked at last, as the workspace keeps it: JSON whose parts are read one by one, so that a part that
this version cannot read costs only itself."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TypeVar

import msgspec

from app.domain.box_look import BoxLook
from app.domain.coloring import Coloring
from app.domain.cuts import Cuts
from app.domain.point_look import ImagePoints, PointLook
from app.gui.saved_views import SLOTS, SavedView
from app.scene.views import VIEW_ANGLE, CameraPlacement, Vector

NOTHING = msgspec.Raw(b"null")
NARROWEST, WIDEST = 1.0, 170.0  # degrees
LONGEST_NAME = 200  # characters

Value = TypeVar("Value")


class CameraView(msgspec.Struct, frozen=True):
    """Where the camera of the 3D view stands, in metres and degrees; see CameraPlacement."""

    position: Vector
    focal_point: Vector
    up: Vector
    half_height: float = 0.0
    view_angle: float = VIEW_ANGLE


class SavedRecord(msgspec.Struct, frozen=True):
    """One saved view of the job; see SavedView."""

    slot: int
    name: str
    camera: CameraView
    view: str = ""


class LastView(msgspec.Struct, frozen=True):
    """What is kept of a job; fields that a newer version adds are left out when read. ``view`` names the view of the
    3D scene, and is empty where the user had moved the camera elsewhere."""

    frame: int = 0
    hidden_classes: tuple[str, ...] = ()
    hidden_keys: tuple[int, ...] = ()
    dimmed_classes: tuple[str, ...] = ()
    view: str = ""
    camera: CameraView | None = None
    coloring: msgspec.Raw = NOTHING
    cuts: msgspec.Raw = NOTHING
    look: msgspec.Raw = NOTHING
    saved: msgspec.Raw = NOTHING
    image_points: msgspec.Raw = NOTHING
    boxes: msgspec.Raw = NOTHING


def encoded(view: LastView) -> bytes:
    """As the workspace keeps it."""
    return msgspec.json.encode(view)


def decoded(raw: bytes | None) -> LastView:
    """What was kept; the usual start where that is nothing or unreadable."""
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(raw or b"{}", type=LastView)
    return LastView()


def part(value: Coloring | Cuts | PointLook | ImagePoints | BoxLook | tuple[SavedRecord, ...]) -> msgspec.Raw:
    """A value of the domain as a part of the record."""
    return msgspec.Raw(msgspec.json.encode(value))


def coloring_of(view: LastView) -> Coloring | None:
    """How points were coloured; None where that is not known or not offered here."""
    return _read(view.coloring, Coloring)


def cuts_of(view: LastView) -> Cuts | None:
    """What was cut away."""
    return _read(view.cuts, Cuts)


def look_of(view: LastView) -> PointLook | None:
    """How points were drawn."""
    return _read(view.look, PointLook)


def image_points_of(view: LastView) -> ImagePoints | None:
    """How points lay over camera images."""
    return _read(view.image_points, ImagePoints)


def boxes_of(view: LastView) -> BoxLook | None:
    """How boxes were drawn over images."""
    return _read(view.boxes, BoxLook)


def saved_part(slots: Mapping[int, SavedView]) -> msgspec.Raw:
    """Saved views as a part of the record."""
    records = ((slot, each.name, camera_view(each.placement), each.view) for slot, each in slots.items())
    return part(tuple(SavedRecord(slot, name, camera, view) for slot, name, camera, view in records if camera))


def saved_of(view: LastView) -> dict[int, SavedView]:
    """The saved views by slot; those that no camera can take are left out."""
    placed = ((each, placement_of(each.camera)) for each in _read(view.saved, tuple[SavedRecord, ...]) or ())
    return {
        each.slot: SavedView(each.name[:LONGEST_NAME], placement, each.view)
        for each, placement in placed
        if placement is not None and each.slot in SLOTS
    }


def camera_view(placement: CameraPlacement | None) -> CameraView | None:
    """A placement as it is kept."""
    if placement is None:
        return None
    return CameraView(
        placement.position, placement.focal_point, placement.up, placement.half_height, placement.view_angle
    )


def placement_of(camera: CameraView | None) -> CameraPlacement | None:
    """The placement that was kept; None where it is none that a camera can take."""
    if camera is None or camera.position == camera.focal_point or not any(camera.up):
        return None
    if not NARROWEST <= camera.view_angle <= WIDEST or camera.half_height < 0:
        return None
    return CameraPlacement(
        camera.position, camera.focal_point, camera.up, half_height=camera.half_height, view_angle=camera.view_angle
    )


def _read(raw: msgspec.Raw, kind: type[Value]) -> Value | None:
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(raw, type=kind | None)
    return None
