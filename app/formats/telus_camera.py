"""Poses and intrinsics of a result document as domain values."""

from collections.abc import Sequence

from app.domain.camera import CameraModel, Intrinsics
from app.domain.finding import quoted
from app.domain.geometry import Pose
from app.formats.documents import Maybe, number, part, text
from app.formats.telus_notes import Notes
from app.formats.telus_records import IntrinsicsRecord, PoseRecord, Quaternion, SensorMeta, Vector


def read_pose(value: Maybe[PoseRecord], *, owner: str, frame_id: str, notes: Notes) -> Pose | None:
    """A pose with its quaternion normalised; None where absent or empty, None with a note where unusable.

    ``owner`` names whose pose it is in the note ("camera front", "the vehicle").
    """
    record = part(value, PoseRecord) or PoseRecord()
    heading, position = part(record.heading, Quaternion), part(record.position, Vector)
    if heading in (None, Quaternion()) and position in (None, Vector()):
        return None
    turn, place = _numbers(heading, ("w", "x", "y", "z")), _numbers(position, ("x", "y", "z"))
    if turn is not None and place is not None:
        try:
            return Pose.from_quaternion((place[0], place[1], place[2]), w=turn[0], x=turn[1], y=turn[2], z=turn[3])
        except ValueError:
            pass  # a heading without a length, noted below with the other unusable ones
    message = f"The pose of {owner} is unusable: its position or its heading is incomplete or zero."
    notes.warning("pose.invalid", message, frame_id=frame_id)
    return None


def read_intrinsics(meta: SensorMeta, *, camera: str, notes: Notes) -> Intrinsics | None:
    """Intrinsics as given, missing distortion as 0; None with a note where nothing sensible can be projected with them.

    What a ``scale_factor`` other than 1 applies to is not documented: the numbers stay as they are here, a note tells,
    and ``app.domain.lens_scale`` decides for each picture.
    """
    record = part(meta.intrinsics, IntrinsicsRecord)
    if record is None:
        return None
    model = _model(text(meta.camera_model))
    if model is None:
        message = f"Camera {quoted(camera)} uses an unknown lens model {quoted(text(meta.camera_model))}."
        notes.warning("camera.unknown-model", f"{message} Points are not projected into its pictures.")
        return None
    pinhole = _numbers(record, ("fx", "fy", "cx", "cy"))
    if pinhole is None or min(pinhole[:2]) <= 0:
        message = f"The intrinsics of camera {quoted(camera)} lack a positive focal length or a principal point."
        notes.warning("camera.invalid-intrinsics", f"{message} Points are not projected into its pictures.")
        return None
    _note_scale(read_scale_factor(meta), camera, notes)
    fx, fy, cx, cy = pinhole
    distortion = tuple(number(getattr(record, name)) or 0.0 for name in model.coefficients)
    return Intrinsics(model, fx=fx, fy=fy, cx=cx, cy=cy, skew=number(record.skew) or 0.0, distortion=distortion)


def read_scale_factor(meta: SensorMeta) -> float:
    """By how much the pictures were made smaller; the service's own sample says 0, which cannot be meant and counts,
    like anything at or below it, as 1."""
    record = part(meta.intrinsics, IntrinsicsRecord)
    factor = None if record is None else number(record.scale_factor)
    return factor if factor is not None and factor > 0 else 1.0


def _model(name: str) -> CameraModel | None:
    plain = name.strip().lower() or CameraModel.BROWN_CONRADY.value  # the service's documented default
    return CameraModel(plain) if plain in set(CameraModel) else None


def _numbers(record: object, names: Sequence[str]) -> list[float] | None:
    """The named fields of a record; None where any is no finite number."""
    values = [number(getattr(record, name, None)) for name in names]
    known = [value for value in values if value is not None]
    return known if len(known) == len(names) else None


def _note_scale(factor: float, camera: str, notes: Notes) -> None:
    if factor == 1.0:
        return
    message = f"The pictures of camera {quoted(camera)} are said to be made smaller by {factor:g}."
    advice = "Whether its intrinsics are for the original is told by the size of each picture; inspect says how."
    notes.info("camera.scale-factor", f"{message} {advice}")
