"""The fields of one camera in the link dialog."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSpinBox, QToolButton, QWidget

from app.domain.sample import Sample
from app.gui.dialogs.link_details import LinkDetails
from app.gui.eliding_combo import ElidingComboBox
from app.gui.icons import IconButton, icon
from app.gui.link_choices import BlockChoice, LinkChoices
from app.gui.text import ElidingLabel, plain, visible
from app.gui.theme import STEP
from app.jobs import CameraTracking
from app.sync import VariantOffer
from app.workspace import CameraLink

NOT_LINKED = "Not linked"
MAX_OFFSET = 100_000
HEADINGS = ("Camera", "Sample", "Block", "Variant", "First frame at", "")
NAME_WIDTH = 120  # pixels at most


class CameraRow(QObject):
    """A line of fields, and below it the details."""

    search_requested = Signal()

    def __init__(self, camera: str, choices: LinkChoices, known: CameraTracking, parent: QObject) -> None:
        super().__init__(parent)
        self.camera = camera
        self._project_id = choices.ei_project_id
        self._known = choices.link(camera)
        self.name = ElidingLabel(camera)
        self.name.setMaximumWidth(NAME_WIDTH)
        self.sample = ElidingComboBox(f"Sample of {camera}", characters=20)
        self.find = IconButton("search", f"Find another sample for {camera}", key="Space")
        self.block = ElidingComboBox(f"Block of {camera}", characters=16)
        self.variant = ElidingComboBox(
            f"Variant of {camera}", characters=8, tip="The form of the model; the recommended one is first"
        )
        self.offset = QSpinBox()
        self.suggestion = QPushButton()
        self.unfold = QToolButton()
        self.details = LinkDetails(camera, known)
        self._make_offset(known)
        self._make_unfold()
        self._fill(choices)
        self.details.show_link(self._known)
        self.sample.currentIndexChanged.connect(self._on_sample_changed)
        self.block.currentIndexChanged.connect(self._fill_variants)
        self.offset.valueChanged.connect(self._refresh_suggestion)
        self.find.clicked.connect(self.search_requested)
        self._enable()

    def add_to(self, grid: QGridLayout, line: int) -> None:
        """Put the fields into two lines of a grid, the second folded away."""
        fields: tuple[QWidget, ...] = (
            self.name,
            _beside(self.sample, self.find),
            self.block,
            self.variant,
            _beside(self.offset, self.suggestion),
            self.unfold,
        )
        for column, field in enumerate(fields):
            grid.addWidget(field, line, column)
        grid.addWidget(self.details, line + 1, 1, 1, len(fields) - 1)

    def link(self) -> CameraLink | None:
        """What is chosen; None for a camera that is not linked."""
        sample, block = self.sample.currentData(), self.block.currentData()
        if sample is None or not isinstance(block, BlockChoice):
            return None
        base = self._known if self._is_known(sample) else None
        if base is None:
            base = CameraLink(self.camera, self._project_id, sample.sample_id, sample.name, block.block_id, "")
        chosen = replace(
            base,
            block_id=block.block_id,
            variant=self.variant.currentData() or "",
            frame_offset=self.offset.value(),
        )
        return self.details.applied_to(chosen)

    def take(self, sample: Sample) -> None:
        """Choose a sample that was found, which may not have been among those offered."""
        place = self._place_of(sample.sample_id)
        if place < 0:
            self.sample.addItem(_sample_text(sample), sample)
            place = self.sample.count() - 1
        self.sample.setCurrentIndex(place)

    # -- building -----------------------------------------------------------------------------------------------

    def _make_offset(self, known: CameraTracking) -> None:
        self.offset.setRange(-MAX_OFFSET, MAX_OFFSET)
        self.offset.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.offset.setToolTip("Frame of the sample that belongs to the job's first frame")
        self.offset.setAccessibleName(f"First frame of {self.camera}")
        suggested = known.placement.suggested_offset if known.placement else None
        self._suggested = suggested.value if suggested else None
        self.suggestion.setAutoDefault(False)
        if suggested is not None:
            self.suggestion.setText(f"{suggested.value} suggested")
            self.suggestion.setToolTip(plain(f"{suggested.value} suggested: {suggested.reason}", "Take it (Space)"))
            self.suggestion.clicked.connect(lambda: self.offset.setValue(suggested.value))
        self._refresh_suggestion()

    def _make_unfold(self) -> None:
        self.unfold.setText("Details")
        self.unfold.setCheckable(True)
        self.unfold.setIcon(icon("chevron-right", token="secondary"))
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setProperty("role", "quiet")
        self.unfold.setToolTip("Coordinates, resizing and pictures of this camera (Space)")
        self.unfold.setAccessibleName(f"Details of {self.camera}")
        self.unfold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.unfold.toggled.connect(self._on_unfolded)
        self.details.hide()

    def _fill(self, choices: LinkChoices) -> None:
        link = self._known
        self.sample.addItem(NOT_LINKED, None)
        for sample in choices.samples:
            self.sample.addItem(_sample_text(sample), sample)
        for block in choices.blocks:
            self.block.addItem(visible(block.text), block)
        if link is not None:
            self._show(link)
        self._fill_variants()

    def _show(self, link: CameraLink) -> None:
        """The link as it is, also where the service lists its sample or its block no longer."""
        if self._place_of(link.sample_id) < 0 or link.ei_project_id != self._project_id:
            self.sample.addItem(self._foreign_text(link), Sample(link.sample_id, link.sample_name))
            self.sample.setCurrentIndex(self.sample.count() - 1)
        else:
            self.sample.setCurrentIndex(self._place_of(link.sample_id))
        place = next(
            (place for place in range(self.block.count()) if self.block.itemData(place).block_id == link.block_id), -1
        )
        if place < 0:
            offer = VariantOffer((link.variant,), link.variant)
            self.block.addItem(f"Block {link.block_id}", BlockChoice(link.block_id, "", offer))
            place = self.block.count() - 1
        self.block.setCurrentIndex(place)
        self.offset.setValue(link.frame_offset)

    def _foreign_text(self, link: CameraLink) -> str:
        name = visible(link.sample_name or f"sample {link.sample_id}")
        return name if link.ei_project_id == self._project_id else f"{name} · project {link.ei_project_id}"

    def _place_of(self, sample_id: int) -> int:
        samples = (self.sample.itemData(place) for place in range(self.sample.count()))
        return next((place for place, sample in enumerate(samples) if sample and sample.sample_id == sample_id), -1)

    def _is_known(self, sample: Sample) -> bool:
        return self._known is not None and self._known.sample_id == sample.sample_id

    # -- what changes -------------------------------------------------------------------------------------------

    def _fill_variants(self) -> None:
        block, link = self.block.currentData(), self._known
        self.variant.clear()
        if not isinstance(block, BlockChoice):
            return
        linked = (link.variant,) if link and link.block_id == block.block_id and link.variant else ()
        for variant in dict.fromkeys((block.offer.recommended, *block.offer.variants, *linked)):
            if variant:
                self.variant.addItem(visible(variant), variant)
        self.variant.choose(linked[0] if linked else block.offer.recommended)
        self.variant.setToolTip(plain(block.offer.problem) if block.offer.problem else "")
        self._enable()

    def _on_sample_changed(self) -> None:
        sample = self.sample.currentData()
        self.details.show_link(self._known if sample is not None and self._is_known(sample) else None)
        self._enable()

    def _on_unfolded(self, unfolded: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        self.unfold.setIcon(icon("chevron-down" if unfolded else "chevron-right", token="secondary"))
        self.details.setVisible(unfolded)

    def _refresh_suggestion(self) -> None:
        offered = self._suggested is not None and self.offset.value() != self._suggested
        self.suggestion.setVisible(offered and self.offset.isEnabled())

    def _enable(self) -> None:
        linked = self.sample.currentData() is not None
        for field in (self.block, self.variant, self.offset, self.details):
            field.setEnabled(linked)
        self.variant.setEnabled(linked and self.variant.count() > 0)
        self._refresh_suggestion()


def _sample_text(sample: Sample) -> str:
    name = sample.name or f"sample {sample.sample_id}"
    return visible(f"{name} · {sample.state}" if sample.state else name)


def _beside(first: QWidget, second: QWidget) -> QWidget:
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(STEP)
    row.addWidget(first, 1)
    row.addWidget(second)
    return pair
