"""Boxes over camera images: tracked objects and detections, kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CoordinateSpace(StrEnum):
    """What the numbers of a box count: shares of the picture, pixels of the model's input, or of the image."""

    RATIO = "ratio"
    MODEL_INPUT = "model input"
    IMAGE = "image"


@dataclass(frozen=True)
class Box:
    """An axis-aligned rectangle from its top-left corner; a track id makes it a tracked box, a score a detection.

    Track id 0 is valid. Width and height may be zero, negative or reach outside the image: services send such.
    """

    x: float
    y: float
    width: float
    height: float
    label: str
    track_id: int | None = None
    score: float | None = None


BoxesByFrame = Mapping[int, tuple[Box, ...]]


@dataclass(frozen=True)
class Tracking:
    """Post-processing results of one sample, keyed by the service's frameIndex (0-based), never by list position.

    ``parameters`` is the snapshot of tracker settings that made the results.
    """

    tracked: BoxesByFrame = field(default_factory=dict)
    detected: BoxesByFrame = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


def detect_space(
    tracking: Tracking, *, model_size: tuple[int, int] | None, image_size: tuple[int, int] | None
) -> CoordinateSpace:
    """Guess the space from all boxes of both lists: all within 1 is ratio, within the model's input is that,
    anything else is image pixels. Sizes are (width, height)."""
    raise NotImplementedError


def box_in_image(
    box: Box, *, space: CoordinateSpace, image_size: tuple[int, int], model_size: tuple[int, int] | None
) -> Box:
    """The box in pixels of the camera image; frames are squashed to the model's input, so axes scale apart."""
    raise NotImplementedError
