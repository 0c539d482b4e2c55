"""Camera images: JPEG and PNG, decoded by Pillow under a limit of pixels.

The two decoders are used directly rather than through ``Image.open``, so that no other of Pillow's many formats can be
reached by a file's contents and its process-wide limit is not involved.
"""

import io
import struct
import zlib
from typing import BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from app.domain.arrays import Bytes, frozen
from app.errors import ImageFormatError

MAX_PIXELS = 80_000_000  # 240 MB of RGB; a survey camera of 2026 has up to 60 million
_DECODERS: tuple[tuple[bytes, type[ImageFile]], ...] = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", PngImageFile),
)
_ORIENTATION = 0x0112
_NEXT_STEP = "Fetch the image again; other formats than JPEG and PNG are not supported."
# What Pillow's decoders raise on damaged input, found by feeding them damaged files.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, struct.error, zlib.error)


def image_size(stream: BinaryIO) -> tuple[int, int]:
    """Width and height in pixels as stored, from the header alone; raises ImageFormatError."""
    return _opened(stream).size


def image_orientation(stream: BinaryIO) -> int:
    """How a picture wants to be turned to be seen upright: 1 not at all to 8, as EXIF (CIPA DC-008, tag 0x0112)
    counts; 1 where it does not say. Raises ImageFormatError."""
    image = _opened(stream)
    try:
        stored = image.getexif().get(_ORIENTATION, 1)
    except _DAMAGE:
        return 1  # the pixels may be fine all the same
    return stored if stored in range(1, 9) else 1


def decode_image(raw: bytes, *, max_pixels: int = MAX_PIXELS) -> Bytes:
    """Decode a JPEG or PNG to (height, width, 3) uint8 RGB, read-only.

    The pixels stay as stored: an EXIF orientation does **not** rotate them, because calibration and boxes refer to
    stored pixels. Grey, palette and CMYK images become RGB, transparency is dropped, 16 bits are reduced to 8. Raises
    ImageFormatError for more than ``max_pixels`` (before decoding), truncated, damaged or unknown files.
    """
    image = _opened(io.BytesIO(raw))
    width, height = image.size
    if width * height > max_pixels:
        raise ImageFormatError(
            f"The image is too large: {width} x {height} pixels, {max_pixels:,} are allowed.",
            next_step="Ask for a smaller version of the picture.",
        )
    try:
        return frozen(_rgb(image))
    except _DAMAGE as error:
        _fail_damaged(error)


def check_image_kind(stream: BinaryIO) -> None:
    """Raise ImageFormatError where the first bytes are not those of a JPEG or PNG; the stream goes back."""
    _decoder(stream)


def _decoder(stream: BinaryIO) -> type[ImageFile]:
    start = stream.tell()
    head = stream.read(16)
    stream.seek(start)
    if not head:
        raise ImageFormatError("The image file is empty.", position=0, next_step=_NEXT_STEP)
    decoder = next((decoder for magic, decoder in _DECODERS if head.startswith(magic)), None)
    if decoder is None:
        raise ImageFormatError(f"The file is {_kind(head)}, not a JPEG or PNG image.", position=0, next_step=_NEXT_STEP)
    return decoder


def _opened(stream: BinaryIO) -> ImageFile:
    """The image with only its header read."""
    decoder = _decoder(stream)
    try:
        image = decoder(stream)
    except _DAMAGE as error:
        _fail_damaged(error)
    if not image.width or not image.height:
        raise ImageFormatError("The image has no pixels.", next_step=_NEXT_STEP)
    return image


def _rgb(image: Image.Image) -> Bytes:
    if image.mode.startswith("I"):  # 16 bits of grey
        wide = np.asarray(image).astype(np.uint32)
        grey: NDArray[np.uint8] = (wide >> 8).astype(np.uint8)
        return np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _kind(head: bytes) -> str:
    known = (
        (b"<", "a text such as SVG or HTML"),
        (b"GIF8", "a GIF"),
        (b"RIFF", "a WebP or video"),
        (b"BM", "a bitmap"),
    )
    return next((what for magic, what in known if head.lstrip().startswith(magic)), "of an unknown kind")


def _fail_damaged(error: Exception) -> NoReturn:
    raise ImageFormatError(f"The image is damaged or cut short ({error}).", next_step=_NEXT_STEP) from error
