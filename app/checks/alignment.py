"""Whether points and pictures agree, so that the calibration of a camera can be right.

==========================  ========  ===================================================================
rule                        severity  meaning
==========================  ========  ===================================================================
``calibration.misaligned``  warning   turned a little, a camera's pictures would agree better with the points
``calibration.drift``       warning   the turn that would do so is another at the end than at the beginning
==========================  ========  ===================================================================
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.edge_alignment import FULL_AGREEMENT, EdgeAlignment, Turn, combined
from app.domain.finding import Finding, Severity, counted, quoted

LOW_SCORE = 0.7  # below which a calibration is doubtful: right ones score 0.75 and more, a degree aside less
DRIFT_ASIDE, DRIFT_UP = 0.5, 0.75  # degrees between beginning and end that are more than error: heights are told worse
FEWEST_FOR_DRIFT = 9  # frames
NEXT_STEP = "Look at the points over the picture, then check pose and convention, or ask the vendor for them."
SAMPLE_STEP = "The pictures are those of the linked sample: check first that its frame offset is right."
DRIFT_STEP = "Look at the points over the pictures at both ends, and ask the vendor for poses of every frame."


@dataclass(frozen=True)
class FrameAlignment:
    """How a camera agrees with the points at one frame; ``of_sample`` where its picture is that of a linked sample,
    which may be of another moment."""

    frame_id: str
    alignment: EdgeAlignment
    of_sample: bool = False


def check_alignment(camera: str, frames: Sequence[FrameAlignment]) -> tuple[Finding, ...]:
    """What the frames of a camera that are known, in play order, say about its calibration.

    A camera that is off in all frames together is one finding; otherwise each frame that is off is one.
    """
    together = combined(frame.alignment for frame in frames)
    told = [frame for frame in frames if frame.alignment.score is not None]
    drift = tuple(_drift(camera, told))
    if is_low(together):
        return (_misaligned(camera, together, told), *drift)
    return drift or tuple(_misaligned(camera, one.alignment, [one]) for one in told if is_low(one.alignment))


def is_low(alignment: EdgeAlignment) -> bool:
    """Whether a score is so low that the calibration is doubtful; not where there is none."""
    return alignment.score is not None and alignment.score < LOW_SCORE


def moved_words(turn: Turn, *, focal: float) -> str:
    """``21 px to the right and 9 px down (1.1°)``; empty where no turn of note does better."""
    steps = [
        *_pixels(turn.right, "to the right", "to the left", focal=focal),
        *_pixels(turn.down, "down", "up", focal=focal),
    ]
    shift = f"{' and '.join(steps)} ({math.hypot(turn.right, turn.down):.1f}°)" if steps else ""
    way = "clockwise" if turn.clockwise > 0 else "anticlockwise"
    roll = f"turned by {abs(turn.clockwise):.0f}° {way}" if turn.clockwise else ""
    return ", ".join(filter(None, (shift, roll)))


def _pixels(degrees: float, ahead: str, back: str, *, focal: float) -> Iterator[str]:
    pixels = round(focal * math.tan(math.radians(abs(degrees))))
    if pixels:
        yield f"{pixels:,} px {ahead if degrees > 0 else back}"


def _misaligned(camera: str, found: EdgeAlignment, frames: Sequence[FrameAlignment]) -> Finding:
    over = f" in {counted(len(frames), 'frame')}" if len(frames) > 1 else ""
    moved = moved_words(found.best, focal=found.focal)
    better = f"The points would fit better moved {moved}." if moved else "No small turn of the camera makes it better."
    next_step = SAMPLE_STEP if any(frame.of_sample for frame in frames) else NEXT_STEP
    message = (
        f"Points and pictures of camera {quoted(camera)} do not meet{over}: their agreement is {found.score:.2f}, and "
        f"right calibrations reach {LOW_SCORE:g} of 1 or more. {better} {next_step}"
    )
    frame_id = "" if len(frames) > 1 else frames[0].frame_id
    return Finding("calibration.misaligned", Severity.WARNING, message, frame_id)


def _drift(camera: str, told: Sequence[FrameAlignment]) -> Iterator[Finding]:
    """Between the first third and the last, where both are sure of their turn."""
    if len(told) < FEWEST_FOR_DRIFT:
        return
    third = len(told) // 3
    start, end = (combined(frame.alignment for frame in part) for part in (told[:third], told[-third:]))
    change = Turn(end.best.right - start.best.right, end.best.down - start.best.down, 0.0)
    small = abs(change.right) < DRIFT_ASIDE and abs(change.down) < DRIFT_UP
    if small or min(start.highest, end.highest) < FULL_AGREEMENT:
        return
    moved = moved_words(change, focal=start.focal)
    message = (
        f"The calibration of camera {quoted(camera)} drifts: from frame {quoted(told[0].frame_id)} to frame "
        f"{quoted(told[-1].frame_id)} the place where points fit best moves {moved}. {DRIFT_STEP}"
    )
    yield Finding("calibration.drift", Severity.WARNING, message)
