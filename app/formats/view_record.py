"""What a saved picture of the 3D view says about itself, so that opening it leads back to what it shows."""

from typing import Annotated, BinaryIO, TypeVar

import msgspec

from app.errors import ViewFormatError
from app.formats.png_text import insert_text, read_text

KEYWORD = "pointproof:view"
VERSION = 1

_NEXT_STEP = "Open a picture that was saved here with “Save picture…”."
_MOST_SETTINGS = 32

_Text = Annotated[str, msgspec.Meta(max_length=1000)]
_Setting = TypeVar("_Setting")
_Side = Annotated[int, msgspec.Meta(ge=1, le=1 << 16)]
_Sides = tuple[_Side, _Side]


class ViewRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Job, frame and view of a picture. It names no address, no folder and no key.

    ``settings`` holds frozen values of the program by name (where the camera stands, what is hidden, how points are
    coloured), read with :meth:`setting`; names that a newer version adds are left alone.
    ``size``: (width, height) of the view in device pixels, of which ``pixel_ratio`` make one pixel of the window.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=VERSION)] = VERSION
    job_id: _Text = ""
    job_name: _Text = ""
    project_id: _Text = ""
    frame_id: _Text = ""
    frame: Annotated[int, msgspec.Meta(ge=0, le=1 << 31)] = 0
    cloud: _Text = ""  # name of the point cloud's file
    theme: _Text = "dark"
    size: _Sides = (1280, 800)
    pixel_ratio: Annotated[float, msgspec.Meta(ge=0.1, le=64)] = 1.0
    settings: Annotated[dict[str, msgspec.Raw], msgspec.Meta(max_length=_MOST_SETTINGS)] = {}

    def with_setting(self, name: str, value: object) -> "ViewRecord":
        """The same with a value that msgspec can write: a dataclass of numbers, texts, tuples and sets."""
        return msgspec.structs.replace(self, settings={**self.settings, name: msgspec.Raw(msgspec.json.encode(value))})

    def setting(self, name: str, kind: type[_Setting]) -> _Setting | None:
        """A value by its name; None where the picture does not have it, raises ViewFormatError for another kind."""
        if name not in self.settings:
            return None
        try:
            return msgspec.json.decode(self.settings[name], type=kind)
        except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
            raise ViewFormatError(
                f"The view written into the picture has an unreadable {name}.", next_step=_NEXT_STEP
            ) from error


def with_view(png: bytes, record: ViewRecord) -> bytes:
    """A PNG picture with the view written into it; raises ImageFormatError where it is no PNG."""
    return insert_text(png, KEYWORD, msgspec.json.encode(record).decode("utf-8"))


def read_view(stream: BinaryIO) -> ViewRecord:
    """The view of a PNG picture at the position of a seekable stream.

    Raises ViewFormatError where the picture carries none that this version reads, ImageFormatError where the file is no
    PNG or damaged.
    """
    text = read_text(stream, KEYWORD)
    if text is None:
        raise ViewFormatError("The picture has no view written into it.", next_step=_NEXT_STEP)
    try:
        return msgspec.json.decode(text, type=ViewRecord)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ViewFormatError(
            "The view written into the picture cannot be read.",
            next_step="It may come from a newer version of Pointproof: update this one.",
        ) from error
