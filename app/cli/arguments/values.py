"""Values of arguments; each function raises ArgumentTypeError in words for the terminal."""

import argparse
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.windows import Size

if TYPE_CHECKING:
    from app.domain.pose_convention import PoseConvention

_LINK = re.compile(r"[^=]+=[^:]+(:[0-9]+(:[^:]+)?)?")
_POINT_SIZE = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(px|m)?")
_LARGEST_POINT = 1000  # pixels or metres
_SIDE = range(16, 8_193)  # pixels: more than any screen, less than what exhausts memory


def size(text: str) -> Size:
    """Parse ``1280x800``; raises ArgumentTypeError."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) in _SIDE and int(height) in _SIDE):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a size like 1280x800 (each {_SIDE[0]} to {_SIDE[-1]} pixels)"
        )
    return int(width), int(height)


def index(text: str) -> int:
    """Parse a position counted from 0; raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def port(text: str) -> int:
    """Parse a TCP port, 0 meaning any free one; raises ArgumentTypeError."""
    if not (text.isdecimal() and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def camera_link(text: str) -> str:
    """Check the form ``CAMERA=SAMPLE[:BLOCK[:VARIANT]]``; raises ArgumentTypeError."""
    if not _LINK.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not CAMERA=SAMPLE[:BLOCK[:VARIANT]], BLOCK being an id")
    return text


def files_at(text: str) -> tuple[str, Path]:
    """Parse ``https://bucket.example/scans/=FOLDER``; either side may hold an equals sign itself.

    Raises ArgumentTypeError unless one of them parts an address from a folder that exists.
    """
    for place, letter in enumerate(text):
        if letter == "=" and "://" in text[:place] and text[place + 1 :] and Path(text[place + 1 :]).is_dir():
            return text[:place], Path(text[place + 1 :])
    raise argparse.ArgumentTypeError(f"{text!r} is not URL_PREFIX=FOLDER with a folder that exists")


def gigabytes(text: str) -> float:
    """Parse an amount of data, 0 meaning no limit; raises ArgumentTypeError."""
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of gigabytes such as 20 or 0.5")
    return amount


def filled(text: str) -> str:
    """Check that there is a name; raises ArgumentTypeError."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def finite(text: str) -> float:
    """Parse a number; raises ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return number


def length(text: str) -> float:
    """Parse metres over 0; raises ArgumentTypeError."""
    number = finite(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not over 0")
    return number


def angle(text: str) -> float:
    """Parse degrees of a sector; raises ArgumentTypeError."""
    number = finite(text)
    if not 0 < number <= 360:
        raise argparse.ArgumentTypeError(f"{text!r} is not an angle over 0 and up to 360 degrees")
    return number


def point_size(text: str) -> tuple[float, str]:
    """Parse ``3``, ``3px`` or ``0.05m``: a number and px or m; raises ArgumentTypeError."""
    found = _POINT_SIZE.fullmatch(text)
    if not found or not 0 < float(found[1]) <= _LARGEST_POINT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a width such as 3, 2.5px or 0.05m")
    return float(found[1]), found[2] or "px"


def picture(text: str) -> Path:
    """Parse the path of a picture to write; raises ArgumentTypeError for a name that is not PNG."""
    if Path(text).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png")
    return Path(text)


def pose_convention(text: str) -> "PoseConvention":
    """Parse ``inverse,body``, words in any order, at most one of each kind; raises ArgumentTypeError."""
    from app.domain.pose_convention import CameraAxes, PoseConvention, PoseDirection, PoseSpace

    words = text.split(",")
    directions = [each for each in PoseDirection if each.value in words]
    axes = [each for each in CameraAxes if each.value in words]
    spaces = [each for each in PoseSpace if each.value in words]
    known = {each.value for each in (*PoseDirection, *CameraAxes, *PoseSpace)}
    if not known.issuperset(words) or max(len(directions), len(axes), len(spaces)) > 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not one word each of pose or inverse, optical or body, points, ego or world"
        )
    usual = PoseConvention()
    return PoseConvention(
        direction=next(iter(directions), usual.direction),
        axes=next(iter(axes), usual.axes),
        space=next(iter(spaces), usual.space),
    )
