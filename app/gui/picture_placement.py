"""Where a picture lies in its view: fitted, zoomed around a point, moved; plain geometry, never changed in place."""

from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF

CLOSEST = 40.0  # times the fitted size


@dataclass(frozen=True)
class Placement:
    """A picture of ``picture`` size shown in a ``view``; sizes in pixels.

    ``zoom`` is 1 where the whole picture just fits. ``center`` is the point of the picture, in 0..1 of its size, that
    lies in the middle of the view.
    """

    picture: QSizeF
    view: QSizeF
    zoom: float = 1.0
    center: tuple[float, float] = (0.5, 0.5)

    @cached_property
    def scale(self) -> float:
        """View pixels per picture pixel."""
        if self.picture.isEmpty() or self.view.isEmpty():
            return 1.0
        fitted = min(self.view.width() / self.picture.width(), self.view.height() / self.picture.height())
        return fitted * self.zoom

    @cached_property
    def rect(self) -> QRectF:
        """The whole picture in view coordinates; it may reach far outside the view."""
        width, height = self.picture.width() * self.scale, self.picture.height() * self.scale
        left = self.view.width() / 2 - self.center[0] * width
        top = self.view.height() / 2 - self.center[1] * height
        return QRectF(left, top, width, height)

    @property
    def visible(self) -> QRectF:
        """The part of the view that the picture covers."""
        return self.rect.intersected(QRectF(QPointF(0, 0), self.view))

    def to_picture(self, at: QPointF) -> QPointF:
        """From view to picture pixels."""
        return (at - self.rect.topLeft()) / self.scale

    def to_view(self, rect: QRectF) -> QRectF:
        """From picture to view pixels."""
        scale = self.scale
        return QRectF(rect.topLeft() * scale + self.rect.topLeft(), rect.size() * scale)

    def zoomed(self, factor: float, *, at: QPointF) -> "Placement":
        """Nearer or farther, the picture's point under ``at`` staying where it is; never smaller than fitted."""
        zoom = min(max(self.zoom * factor, 1.0), CLOSEST)
        fixed = self.to_picture(at)
        nearer = replace(self, zoom=zoom)
        middle = QPointF(self.view.width() / 2, self.view.height() / 2)
        center = fixed + (middle - at) / nearer.scale
        return nearer._centered(center)

    def moved(self, by: QPointF) -> "Placement":
        """Shifted by view pixels, no farther than the picture's edge."""
        center = QPointF(self.center[0] * self.picture.width(), self.center[1] * self.picture.height())
        return self._centered(center - by / self.scale)

    def resized(self, picture: QSizeF, view: QSizeF) -> "Placement":
        """The same part of another picture or view."""
        return replace(self, picture=picture, view=view)._centered(
            QPointF(self.center[0] * picture.width(), self.center[1] * picture.height())
        )

    def like(self, other: "Placement") -> "Placement":
        """As near as another one and around the same share of the picture, as far as this picture covers its view."""
        across, down = other.center
        nearer = replace(self, zoom=other.zoom)
        return nearer._centered(QPointF(across * self.picture.width(), down * self.picture.height()))

    def showing(self, rect: QRectF) -> "Placement":
        """As near as a part of the picture, in its pixels, just fits, around its middle."""
        part = rect.normalized().intersected(QRectF(QPointF(0, 0), self.picture))
        if part.isEmpty() or self.view.isEmpty():
            return self.reset()
        fitted = self.reset()
        wanted = min(self.view.width() / part.width(), self.view.height() / part.height()) / fitted.scale
        return replace(fitted, zoom=min(max(wanted, 1.0), CLOSEST))._centered(part.center())

    def reset(self) -> "Placement":
        """Fitted again."""
        return replace(self, zoom=1.0, center=(0.5, 0.5))

    def _centered(self, center: QPointF) -> "Placement":
        across = _within(center.x(), self.picture.width(), self.view.width() / self.scale)
        down = _within(center.y(), self.picture.height(), self.view.height() / self.scale)
        return replace(self, center=(across, down))


def _within(center: float, length: float, shown: float) -> float:
    """The centre as a share of ``length`` such that the picture covers the view, or is in its middle if it cannot."""
    if length <= 0 or shown >= length:
        return 0.5
    half = shown / 2
    return min(max(center, half), length - half) / length
