"""What the header of any point cloud file declares about its points."""

from dataclasses import dataclass

from app.domain.point_cloud import CloudSource, FieldSpec
from app.errors import CloudFormatError

PADDING = "_"
AXES = ("x", "y", "z")


@dataclass(frozen=True)
class CloudHeader:
    """Checked for consistency but not against the size of the file.

    ``byte_order`` is ``<`` or ``>``; ``note`` says what was assumed where the file leaves something open.
    """

    format: str
    version: str
    fields: tuple[FieldSpec, ...]
    width: int
    height: int
    points: int
    encoding: str
    data_offset: int  # of the first byte of the points, in the stream
    viewpoint: tuple[float, ...] | None = None
    byte_order: str = "<"
    note: str = ""

    @property
    def record_size(self) -> int:
        """Bytes of one point in the binary encodings, padding included."""
        return sum(field.size * field.count for field in self.fields)

    @property
    def values_per_point(self) -> int:
        """Numbers of one point in the ascii encoding, padding included."""
        return sum(field.count for field in self.fields)

    def source(self, *, trailing_bytes: int) -> CloudSource:
        """The same as a report of a cloud's origin."""
        return CloudSource(
            format=self.format,
            version=self.version,
            encoding=self.encoding,
            width=self.width,
            height=self.height,
            viewpoint=self.viewpoint,
            fields=self.fields,
            trailing_bytes=trailing_bytes,
            note=self.note,
        )


def require_xyz(fields: tuple[FieldSpec, ...]) -> None:
    """Raise CloudFormatError unless there is exactly one value of x, y and z per point."""
    next_step = "Check how the file was written, or fetch it again."
    for axis in AXES:
        found = [field for field in fields if field.name == axis]
        if not found:
            names = ", ".join(field.name for field in fields) or "none"
            message = f"The point cloud has no coordinate {axis}; its fields are {names:.300}."
            raise CloudFormatError(message, next_step=next_step)
        if len(found) > 1 or found[0].count != 1:
            message = f"The point cloud has not exactly one value of {axis} per point."
            raise CloudFormatError(message, next_step=next_step)
