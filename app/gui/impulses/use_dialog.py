"""With which block and variant tracks are asked for, and for which cameras of the open job."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from app.domain.impulse import Impulse
from app.gui.eliding_combo import ElidingComboBox
from app.gui.fields import add_row, make_form, make_label
from app.gui.note_label import NoteLabel
from app.gui.text import action_text, plain, visible
from app.gui.theme import STEP
from app.sync.links import offer_of
from app.workspace import CameraLink

WIDTH = 460
NO_LINKS = "No camera of the open job is linked to a sample of this project."
LINK = "Link cameras…"
HOW = "Tracks of the checked cameras are fetched with this block and variant. Nothing is computed."


class UseDialog(QDialog):
    """Emits the choice; cameras of other projects are listed and say why they cannot be chosen."""

    chosen = Signal(object, int, str)  # names of cameras, id of the block, variant
    link_requested = Signal()

    def __init__(
        self, impulse: Impulse, links: tuple[CameraLink, ...], *, project_id: int, parent: QWidget, block_id: int = 0
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Use {visible(impulse.name, limit=40)} for cameras")
        self._links = links
        self._offer = offer_of(impulse)
        self.block = ElidingComboBox("Tracking block", characters=16)
        self.variant = ElidingComboBox("Variant", characters=10)
        self.cameras = {link.camera: self._box(link, project_id) for link in links}
        self.note = NoteLabel(HOW)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton("Use", QDialogButtonBox.ButtonRole.AcceptRole)
        self.link = QPushButton(LINK)
        blocks = ((f"{block.label} · {block.type}", block.block_id) for block in impulse.tracking_blocks)
        self.block.offer(blocks, chosen=block_id)
        variants = dict.fromkeys((self._offer.recommended, *self._offer.variants))
        self.variant.offer((variant, variant) for variant in variants if variant)
        self._lay_out()
        self._refresh()

    def prefer(self, variant: str) -> None:
        """Choose a variant, where it is offered."""
        self.variant.choose(variant)

    @property
    def checked(self) -> tuple[str, ...]:
        """The cameras that are chosen."""
        return tuple(camera for camera, box in self.cameras.items() if box.isChecked() and box.isEnabled())

    def accept(self) -> None:
        """Say what was chosen."""
        if self.checked and self.variant.count():
            self.chosen.emit(self.checked, self.block.currentData(), self.variant.currentData())
            super().accept()

    def _box(self, link: CameraLink, project_id: int) -> QCheckBox:
        same = link.ei_project_id == project_id
        now = f"now block {link.block_id}, {link.variant or 'no variant'}" if same else f"project {link.ei_project_id}"
        box = QCheckBox(action_text(f"{link.camera} · {now}"))
        box.setChecked(same)
        box.setEnabled(same)
        box.setToolTip(plain(link.sample_name if same else "It is linked to a sample of another project."))
        box.toggled.connect(self._refresh)
        return box

    def _lay_out(self) -> None:
        form = make_form()
        add_row(form, "&Block", self.block)
        add_row(form, "&Variant", self.variant)
        self.buttons.rejected.connect(self.reject)
        self.buttons.accepted.connect(self.accept)
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.link.setAutoDefault(False)
        self.link.clicked.connect(self._on_link)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addLayout(form)
        if self.cameras:
            column.addWidget(make_label("section", "CAMERAS"))
        for box in self.cameras.values():
            column.addWidget(box)
        for widget in (self.note, self.link, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(WIDTH)

    def _on_link(self) -> None:
        self.link_requested.emit()
        self.reject()

    def _refresh(self) -> None:
        usable = any(box.isEnabled() for box in self.cameras.values())
        problem = self._offer.problem or ("" if usable else NO_LINKS)
        self.note.say(problem or HOW, wrong=bool(problem))
        self.link.setVisible(not usable)
        self.go.setEnabled(bool(self.checked) and not self._offer.problem)
