"""Whether a camera's intrinsics are for the picture that is here, or for one of another size."""

from dataclasses import dataclass, replace

from app.domain.camera import Camera, Intrinsics
from app.domain.tracking import Size

OFF_CENTRE = 0.25  # of its side that a principal point may lie beside the middle of the picture it is for
SAME_SHAPE = 0.03  # by which the two sides of a picture may be scaled differently
NEARLY = 0.05  # by which the picture from elsewhere may seem scaled while it is not: no lens sits in the middle


@dataclass(frozen=True)
class LensScale:
    """The intrinsics for a picture, or None where it has another shape than the lens; ``factor`` is by how much they
    were made larger for it, and ``reason`` says why in a sentence."""

    intrinsics: Intrinsics | None
    factor: float
    reason: str

    @property
    def as_given(self) -> bool:
        """Whether the document's numbers are used as they are."""
        return self.factor == 1.0


def lens_scale(
    camera: Camera, size: Size, *, elsewhere: bool = False, own_size: Size | None = None
) -> LensScale | None:
    """What a camera's intrinsics are for, decided for a picture of ``size`` (width, height); None without a lens.

    A picture from ``elsewhere`` may show the same in another size than the job's own picture, of ``own_size`` where
    one is here. Documents do not say whether intrinsics are for the picture before or after it was made smaller by the
    camera's ``scale_factor``: the principal point, which lies near the middle, tells.
    """
    lens = camera.intrinsics
    if lens is None:
        return None
    if not elsewhere:
        return _of_own_picture(lens, size, camera.scale_factor)
    if own_size is None:
        return _by_the_middle(lens, size, NEARLY) or LensScale(
            None, 1.0, f"{_text(size)} is another shape than the lens is for, as its principal point tells."
        )
    own = _of_own_picture(lens, own_size, camera.scale_factor)
    across, down = size[0] / own_size[0], size[1] / own_size[1]
    if own.intrinsics is None or not _alike(across, down):
        return LensScale(None, 1.0, f"{_text(size)} is another shape than the job's {_text(own_size)}.")
    if size == own_size:
        return own
    reason = f"{own.reason} The picture from elsewhere, {_text(size)}, shows the same {across:.4g} times as large."
    return LensScale(scaled(own.intrinsics, across, down), own.factor * across, reason)


def scaled(lens: Intrinsics, across: float, down: float) -> Intrinsics:
    """The lens for a picture that was resized; whole numbers are the middles of pixels, as in OpenCV."""
    return replace(
        lens,
        fx=lens.fx * across,
        fy=lens.fy * down,
        cx=(lens.cx + 0.5) * across - 0.5,
        cy=(lens.cy + 0.5) * down - 0.5,
        skew=lens.skew * across,
    )


def nominal_size(lens: Intrinsics) -> Size:
    """(width, height) of the picture that has the principal point in its middle."""
    return max(1, round(2 * lens.cx)), max(1, round(2 * lens.cy))


def _of_own_picture(lens: Intrinsics, size: Size, scale_factor: float) -> LensScale:
    smaller = scaled(lens, 1 / scale_factor, 1 / scale_factor)
    said = "" if scale_factor == 1.0 else f"The scale_factor is {scale_factor:g}. "
    given = _off_centre(lens, size)
    if scale_factor != 1.0 and _off_centre(smaller, size) < min(given, OFF_CENTRE):
        reason = f"{_point(lens)} divided by it is near the middle of the {_text(size)} picture, so the intrinsics are"
        return LensScale(smaller, 1 / scale_factor, f"{said}{reason} for the original and are divided.")
    if given <= OFF_CENTRE:
        return LensScale(lens, 1.0, f"{said}{_point(lens)} is near the middle of the {_text(size)} picture as given.")
    by_middle = _by_the_middle(lens, size, 0.0)
    if by_middle is not None:
        return replace(by_middle, reason=said + by_middle.reason)
    reason = f"{_point(lens)} is far from the middle of the {_text(size)} picture; the intrinsics are used as given."
    return LensScale(lens, 1.0, said + reason)


def _by_the_middle(lens: Intrinsics, size: Size, nearly: float) -> LensScale | None:
    """Scaled so that the principal point comes to the middle; None where that would take another shape."""
    if min(lens.cx, lens.cy) <= 0:
        return None
    across, down = size[0] / (2 * lens.cx + 1), size[1] / (2 * lens.cy + 1)
    factor = (across + down) / 2
    if not _alike(across, down):
        return None
    if abs(factor - 1) <= nearly:
        return LensScale(lens, 1.0, f"{_point(lens)} is near the middle of the {_text(size)} picture as given.")
    reason = f"{_point(lens)} would be the middle of a picture {1 / factor:.3g} times as large as {_text(size)}"
    return LensScale(scaled(lens, factor, factor), factor, f"{reason}, so the intrinsics are scaled to fit.")


def _off_centre(lens: Intrinsics, size: Size) -> float:
    """How far the principal point lies beside the middle of a picture, in shares of its sides."""
    width, height = size
    return max(abs((lens.cx + 0.5) / width - 0.5), abs((lens.cy + 0.5) / height - 0.5))


def _alike(across: float, down: float) -> bool:
    return abs(across / down - 1) <= SAME_SHAPE


def _text(size: Size) -> str:
    return f"{size[0]} x {size[1]}"


def _point(lens: Intrinsics) -> str:
    return f"The principal point ({lens.cx:g}, {lens.cy:g})"
