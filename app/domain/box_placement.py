"""How the boxes of a sample come to lie in a camera's pictures: what was detected, why, and what the user chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.finding import counted
from app.domain.tracking import Box, CoordinateSpace, ResizeMode, Size, Tracking, box_in_image

# Tracked boxes are predictions and may overrun the picture's edge a little, so the spaces get some air.
RATIO_AIR = 1.25  # no pixel box fits into one and a quarter pixels
PIXEL_AIR = 1.02

Value = TypeVar("Value")


@dataclass(frozen=True)
class Guess(Generic[Value]):
    """A value with the sentence that says why it was taken; ``chosen`` where the user decided."""

    value: Value
    reason: str
    chosen: bool = False


@dataclass(frozen=True)
class BoxPlacement:
    """Everything that places boxes. Sizes are (width, height) in pixels, ``sample_size`` of the sample's own picture.

    ``suggested_offset`` is set where the frame numbers speak for another offset than the one in force.
    """

    space: Guess[CoordinateSpace]
    resize_mode: Guess[ResizeMode]
    frame_offset: int = 0
    suggested_offset: Guess[int] | None = None
    model_size: Size | None = None
    sample_size: Size | None = None

    @property
    def reason(self) -> str:
        """All of it in sentences."""
        offset = f"The first frame of the job is number {self.frame_offset} of the sample."
        suggested = (self.suggested_offset.reason,) if self.suggested_offset else ()
        return " ".join((self.space.reason, self.resize_mode.reason, offset, *suggested))

    def in_picture(self, box: Box, picture_size: Size) -> Box:
        """The box in pixels of a picture that shows the same as the sample, not clamped to it."""
        size = self.sample_size or picture_size
        placed = box_in_image(
            box,
            space=self.space.value,
            image_size=size,
            model_size=self.model_size,
            resize_mode=self.resize_mode.value,
        )
        return placed if size == picture_size else placed.scaled(picture_size[0] / size[0], picture_size[1] / size[1])


def place(
    tracking: Tracking,
    *,
    image_size: Size | None,
    sample_size: Size | None = None,
    model_size: Size | None = None,
    frames: int = 0,
    frame_offset: int = 0,
    space: CoordinateSpace | None = None,
    resize_mode: ResizeMode | None = None,
    impulse_mode: str = "",
) -> BoxPlacement:
    """Detect what was not chosen (None). ``image_size`` is the shown picture's, ``frames`` the job's count of frames,
    ``impulse_mode`` how the impulse itself brings pictures to its size."""
    return BoxPlacement(
        space=_space(tracking, space, model_size=model_size, image_size=sample_size or image_size),
        resize_mode=_resize_mode(resize_mode, impulse_mode, model_size),
        frame_offset=frame_offset,
        suggested_offset=_other_offset(tracking, frames=frames, frame_offset=frame_offset),
        model_size=model_size,
        sample_size=sample_size,
    )


def guess_space(tracking: Tracking, *, model_size: Size | None, image_size: Size | None) -> Guess[CoordinateSpace]:
    """Guess the space from all boxes of both lists: the smallest one that holds them all.

    Boxes within 1 are ratios; within the model's input they count its pixels, unless the image is smaller still and
    holds them too; anything else is image pixels. Without any box the answer is RATIO. Sizes are (width, height).
    """
    boxes = list(tracking.boxes)
    right = max((max(box.x, box.x + box.width) for box in boxes), default=0.0)
    bottom = max((max(box.y, box.y + box.height) for box in boxes), default=0.0)
    reach = f"{_all_of(len(boxes))} within {right:.5g} x {bottom:.5g}"
    if right <= RATIO_AIR and bottom <= RATIO_AIR:
        return Guess(CoordinateSpace.RATIO, _ratio_reason(boxes, reach))
    if not _holds(model_size, right, bottom):
        why = "no size of the model's input is known" if model_size is None else "which the model's input cannot hold"
        return Guess(CoordinateSpace.IMAGE, f"{reach}, {why}, so they count pixels of the picture.")
    if _holds(image_size, right, bottom) and _area(image_size) < _area(model_size):
        return Guess(CoordinateSpace.IMAGE, f"{reach}, and the picture is smaller than the model's input.")
    held = f"the model's input of {_written(model_size)} holds that"
    return Guess(CoordinateSpace.MODEL_INPUT, f"{reach}, and {held}, so they count its pixels.")


def guess_offset(tracking: Tracking, *, frames: int) -> Guess[int]:
    """What to add to a frame's index in a job of ``frames`` frames to get the sample's frame number.

    The service does not say where it starts to count. 0 is assumed, unless the numbers start at 1 and are as many as
    the job has frames.
    """
    numbers = tracking.tracked.keys() | tracking.detected.keys()
    if numbers and frames and min(numbers) == 1 and len(numbers) == frames:
        return Guess(1, f"The sample's frame numbers run from 1 to {max(numbers)}, as many as the job has frames.")
    return Guess(0, "Frame numbers count from 0.")


def _space(
    tracking: Tracking, chosen: CoordinateSpace | None, *, model_size: Size | None, image_size: Size | None
) -> Guess[CoordinateSpace]:
    guessed = guess_space(tracking, model_size=model_size, image_size=image_size)
    if chosen is None:
        return guessed
    if chosen is CoordinateSpace.MODEL_INPUT and model_size is None:
        missing = "Pixels of the model's input were chosen, but its size is not here: fetch the impulses."
        return Guess(guessed.value, f"{missing} {guessed.reason}")
    return Guess(chosen, f"The user chose boxes in the space {chosen.value}.", chosen=True)


def _resize_mode(chosen: ResizeMode | None, impulse_mode: str, model_size: Size | None) -> Guess[ResizeMode]:
    own = f" although the impulse says {impulse_mode}" if impulse_mode not in ("", ResizeMode.SQUASH) else ""
    squashed = f"The service squashes the frames of videos before it tracks{own}."
    if chosen is None:
        return Guess(ResizeMode.SQUASH, squashed)
    if chosen is not ResizeMode.SQUASH and model_size is None:
        missing = f"The mode {chosen.value} was chosen, but the size of the model's input is not here."
        return Guess(ResizeMode.SQUASH, f"{missing} {squashed}")
    return Guess(chosen, f"The user chose the mode {chosen.value}.", chosen=True)


def _other_offset(tracking: Tracking, *, frames: int, frame_offset: int) -> Guess[int] | None:
    guessed = guess_offset(tracking, frames=frames)
    return guessed if guessed.value and not frame_offset else None


def _ratio_reason(boxes: Iterable[Box], reach: str) -> str:
    sides = {side for box in boxes for side in (box.x, box.y, box.width, box.height)}
    if not sides:
        return "There are no boxes to tell their space from; shares of the picture are assumed."
    if sides <= {0.0, 1.0}:
        return f"{reach}: shares of the picture or single pixels, which only 0 and 1 cannot tell apart."
    return f"{reach}, so they are shares of the picture."


def _all_of(number: int) -> str:
    return "The only box lies" if number == 1 else f"All {counted(number, 'box', 'boxes')} lie"


def _written(size: Size | None) -> str:
    return f"{size[0]} x {size[1]}" if size else ""


def _holds(size: Size | None, right: float, bottom: float) -> bool:
    return size is not None and right <= size[0] * PIXEL_AIR and bottom <= size[1] * PIXEL_AIR


def _area(size: Size | None) -> int:
    return size[0] * size[1] if size else 0
