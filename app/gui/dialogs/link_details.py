"""What a link overrides of how boxes and pictures are placed, beside what was detected and why."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.box_placement import BoxPlacement, Guess
from app.domain.tracking import CoordinateSpace, ResizeMode
from app.gui.eliding_combo import ElidingComboBox
from app.gui.note_label import NoteLabel
from app.gui.text import visible
from app.gui.theme import STEP
from app.jobs import CameraTracking
from app.workspace import CameraLink, PictureSource

AUTOMATIC = "Automatic"
NOT_YET = "What is detected is shown here as soon as there are results."
PICTURES = {
    PictureSource.AUTO: AUTOMATIC,
    PictureSource.SAMPLE: "The sample's",
    PictureSource.JOB: "The job's",
}
LONGEST = 600  # characters of a reason


class LinkDetails(QWidget):
    """Three choices and the reasons; folded away until asked for."""

    def __init__(self, camera: str, known: CameraTracking) -> None:
        super().__init__()
        self.space = _combo("Coordinates", camera, "What the numbers of the boxes count")
        self.resize_mode = _combo("Resizing", camera, "How pictures were brought to the size of the model's input")
        self.pictures = _combo("Pictures", camera, "Whose pictures are shown behind the boxes")
        placement = known.placement
        self.space.addItem(_automatic(placement.space if placement else None), None)
        for space in CoordinateSpace:
            self.space.addItem(space.value, space)
        self.resize_mode.addItem(_automatic(placement.resize_mode if placement else None), None)
        for each in ResizeMode:
            self.resize_mode.addItem(each.value, each)
        for source, text in PICTURES.items():
            self.pictures.addItem(text, source)
        self.reason = NoteLabel(_reason(placement, known.stale), role="caption")
        self._lay_out()

    def show_link(self, link: CameraLink | None) -> None:
        """What a link has chosen; all is automatic without one."""
        self.space.choose(link.space if link else None)
        self.resize_mode.choose(link.resize_mode if link else None)
        self.pictures.choose(link.pictures if link else PictureSource.AUTO)

    def applied_to(self, link: CameraLink) -> CameraLink:
        """The link with what is chosen here."""
        space, mode = self.space.currentData(), self.resize_mode.currentData()
        return replace(
            link,
            space=None if space is None else CoordinateSpace(space),  # Qt gives back the bare text
            resize_mode=None if mode is None else ResizeMode(mode),
            pictures=PictureSource(self.pictures.currentData()),
        )

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 2 * STEP)
        grid.setHorizontalSpacing(3 * STEP)
        grid.setVerticalSpacing(STEP)
        for column, (name, field) in enumerate(
            (("Coordinates", self.space), ("Resizing", self.resize_mode), ("Pictures", self.pictures))
        ):
            label = QLabel(name)
            label.setProperty("role", "caption")
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.reason, 2, 0, 1, 3)


def _combo(name: str, camera: str, tip: str) -> ElidingComboBox:
    combo = ElidingComboBox(f"{name} of {camera}", characters=16, tip=tip)
    combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return combo


def _automatic(detected: Guess[CoordinateSpace] | Guess[ResizeMode] | None) -> str:
    return f"{AUTOMATIC}: {detected.value.value}" if detected and not detected.chosen else AUTOMATIC


def _reason(placement: BoxPlacement | None, stale: str) -> str:
    told = placement.reason if placement else NOT_YET
    return visible(f"{told} {stale}".strip(), limit=LONGEST)
