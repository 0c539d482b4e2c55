"""Places of the camera that the user saved for a job, in numbered slots."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from app.scene.views import CameraPlacement

SLOTS = range(1, 10)  # the digits that a key can name


@dataclass(frozen=True)
class SavedView:
    """A named place; ``placement`` is in source coordinates, so that it holds for frames with other origins.

    ``view`` names the camera of the rig or the view that this was, empty where the user had moved the camera.
    """

    name: str
    placement: CameraPlacement
    view: str = ""


class SavedViews(QObject):
    """The slots of the open job."""

    edited = Signal()  # by the user

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._slots: dict[int, SavedView] = {}
        self.kept = False  # with the job in the workspace, else only while it is open

    @property
    def slots(self) -> Mapping[int, SavedView]:
        """Saved views by slot, ascending."""
        return MappingProxyType(dict(sorted(self._slots.items())))

    @property
    def free_slot(self) -> int | None:
        """The first slot without a view; None where all have one."""
        return next((slot for slot in SLOTS if slot not in self._slots), None)

    def take(self, slots: Mapping[int, SavedView], *, kept: bool) -> None:
        """Those of another job; slots that no key can name are left out."""
        self.kept = kept
        self._slots = {slot: view for slot, view in slots.items() if slot in SLOTS}

    def save(self, slot: int, view: SavedView) -> None:
        """Put a view into a slot, over what is there. Raises ValueError for a slot that is none of SLOTS."""
        if slot not in SLOTS:
            raise ValueError(f"{slot} is no slot for a view")
        self._slots[slot] = view
        self.edited.emit()

    def remove(self, slot: int) -> None:
        """Empty a slot."""
        if self._slots.pop(slot, None) is not None:
            self.edited.emit()
