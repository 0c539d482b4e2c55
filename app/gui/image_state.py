"""How camera images are looked at, the same for all cameras: arrangement, tones, linked zoom, straightened or not."""

from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.domain.tones import Tones


class Arrangement(StrEnum):
    """How the images of the cameras lie beside each other."""

    ROW = "row"
    GRID = "grid"
    LARGE = "large"  # one of them, with a strip of the others


class ImageState(QObject):
    """Tones and straightening are the job's and end with it; the arrangement and linked zoom stay."""

    arrangement_changed = Signal()  # or which image is the large one
    forward_changed = Signal()
    tones_changed = Signal()
    straight_changed = Signal()
    linked_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._arrangement = Arrangement.ROW
        self._beside = Arrangement.ROW  # to go back to from a large image
        self._large = self._forward = ""
        self._tones = Tones()
        self._straight = False
        self._linked = False

    def restore(self, arrangement: str, *, linked: bool) -> None:
        """Lay images out as they were at the last start; a name that is none leaves them side by side."""
        if arrangement in list(Arrangement):
            self.arrange(Arrangement(arrangement))
        self.set_linked(linked=linked)

    def open(self) -> None:
        """Another job: its images are shown as they are."""
        self._large = ""
        self.set_forward("")
        self.set_tones(Tones())
        self.set_straight(straight=False)

    # -- arrangement ----------------------------------------------------------------------------------------------

    @property
    def arrangement(self) -> Arrangement:
        """How the images lie."""
        return self._arrangement

    @property
    def large(self) -> str:
        """The camera whose image is the large one, empty for the first."""
        return self._large

    @property
    def forward(self) -> str:
        """The camera whose image is in front of the others in a row or a grid, empty for none."""
        return self._forward

    def set_forward(self, camera: str) -> None:
        """Bring an image to the front without another arrangement, or with an empty name none; where there is a large
        image it becomes that one."""
        if camera and self._arrangement is Arrangement.LARGE:
            self.enlarge(camera)
        if camera != self._forward:
            self._forward = camera
            self.forward_changed.emit()

    def arrange(self, arrangement: Arrangement) -> None:
        """Lay the images out in another way."""
        if arrangement is not Arrangement.LARGE:
            self._beside = arrangement
        if arrangement is not self._arrangement:
            self._arrangement = arrangement
            self.arrangement_changed.emit()

    def enlarge(self, camera: str) -> None:
        """Make the image of a camera the large one."""
        if (self._arrangement, self._large) != (Arrangement.LARGE, camera):
            self._arrangement, self._large = Arrangement.LARGE, camera
            self.arrangement_changed.emit()

    def swap(self, camera: str) -> None:
        """Make an image the large one, or where it is, lay all out again as before."""
        if self._arrangement is Arrangement.LARGE and self._large == camera:
            self.arrange(self._beside)
        else:
            self.enlarge(camera)

    # -- looks ----------------------------------------------------------------------------------------------------

    @property
    def tones(self) -> Tones:
        """Brightness, contrast and gamma."""
        return self._tones

    def set_tones(self, tones: Tones) -> None:
        """Draw images brighter or darker."""
        if tones != self._tones:
            self._tones = tones
            self.tones_changed.emit()

    @property
    def straight(self) -> bool:
        """Whether the bend of the lenses is undone."""
        return self._straight

    def set_straight(self, *, straight: bool) -> None:
        """Undo the bend of the lenses, or show images as delivered."""
        if straight != self._straight:
            self._straight = straight
            self.straight_changed.emit()

    @property
    def linked(self) -> bool:
        """Whether zooming and moving one image does the same to all."""
        return self._linked

    def set_linked(self, *, linked: bool) -> None:
        """Zoom and move all images together, or each for itself."""
        if linked != self._linked:
            self._linked = linked
            self.linked_changed.emit()
