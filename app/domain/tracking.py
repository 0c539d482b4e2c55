"""Boxes over camera images: tracked objects and detections, kept apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

Size = tuple[int, int]  # (width, height) in pixels


class CoordinateSpace(StrEnum):
    """What the numbers of a box count: shares of the picture, pixels of the model's input, or of the image."""

    RATIO = "ratio"
    MODEL_INPUT = "model input"
    IMAGE = "image"


class ResizeMode(StrEnum):
    """How a picture was brought to the model's input: stretched, its centre cut out, or bars added."""

    SQUASH = "squash"
    FIT_SHORT = "fit-short"
    FIT_LONG = "fit-long"


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

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, also where width or height is negative."""
        left, right = sorted((self.x, self.x + self.width))
        top, bottom = sorted((self.y, self.y + self.height))
        return left, top, right, bottom

    def scaled(self, across: float, down: float) -> "Box":
        """The box with its axes stretched."""
        return replace(self, x=self.x * across, y=self.y * down, width=self.width * across, height=self.height * down)


BoxesByFrame = Mapping[int, tuple[Box, ...]]


@dataclass(frozen=True)
class Tracking:
    """Post-processing results of one sample, keyed by the service's frameIndex (0-based), never by list position.

    ``parameters`` is the snapshot of tracker settings that made the results.
    """

    tracked: BoxesByFrame = field(default_factory=dict)
    detected: BoxesByFrame = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def boxes(self) -> Iterator[Box]:
        """Every box of every frame, tracked ones first."""
        for by_frame in (self.tracked, self.detected):
            for boxes in by_frame.values():
                yield from boxes


def box_in_image(
    box: Box,
    *,
    space: CoordinateSpace,
    image_size: Size,
    model_size: Size | None,
    resize_mode: ResizeMode = ResizeMode.SQUASH,
) -> Box:
    """The box in pixels of the camera image, not clamped to it.

    The service squashes frames to the model's input before it tracks, so by default both axes scale on their own;
    the other modes undo a centre cut or added bars. Raises ValueError where the model's size is needed and missing.
    """
    if space is CoordinateSpace.IMAGE:
        return box
    across, down = (1.0, 1.0) if space is CoordinateSpace.RATIO else _known(model_size)
    if resize_mode is ResizeMode.SQUASH:
        return box.scaled(image_size[0] / across, image_size[1] / down)
    width, height = _known(model_size)
    in_model = box.scaled(width / across, height / down)
    return _unfitted(in_model, image_size, (width, height), resize_mode)


def _known(model_size: Size | None) -> tuple[float, float]:
    if model_size is None or min(model_size) <= 0:
        raise ValueError("boxes in this space need the size of the model's input")
    return float(model_size[0]), float(model_size[1])


def _unfitted(box: Box, image_size: Size, model_size: tuple[float, float], resize_mode: ResizeMode) -> Box:
    """From pixels of the model's input to the image: one scale for both axes, the rest centred."""
    scales = (image_size[0] / model_size[0], image_size[1] / model_size[1])
    scale = min(scales) if resize_mode is ResizeMode.FIT_SHORT else max(scales)
    moved = box.scaled(scale, scale)
    left = (image_size[0] - model_size[0] * scale) / 2
    top = (image_size[1] - model_size[1] * scale) / 2
    return replace(moved, x=moved.x + left, y=moved.y + top)
