"""What a model takes for what: the heat map, and precision, recall and F1 of each class."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSplitter

from app.domain.impulse.confusion import Background, ClassFigures, Confusion, confusion_of
from app.domain.impulse.training import LearnBlockConfig
from app.domain.impulse.variants import VariantResult, variant_results
from app.gui.eliding_combo import ElidingComboBox
from app.gui.impulses.figures import Figure, FigureRow, FigureTable, number_figure, share_figure
from app.gui.impulses.matrix import MatrixView, count_text, share_text
from app.gui.impulses.section import NO_MODEL, Section, Subject
from app.gui.note_label import NoteLabel
from app.gui.text import ElidingLabel, visible

NO_MATRIX = "The service has no confusion matrix of this model."
AXES = "Rows: the truth. Columns: what the model said."
HEADER = ("Class", "Precision", "Recall", "F1", "Support", "Most often taken for")
LEAST_MATRIX, LEAST_CLASSES, ROOM_FOR_CLASSES = 180, 88, 150  # pixels of height
PLACES = {Background.LAST: "Background: last row", Background.FIRST: "Background: first row"}


class ConfusionSection(Section):
    """The matrix of the chosen variant above, the figures of its classes below; they point at each other."""

    def __init__(self) -> None:
        super().__init__()
        self._config: LearnBlockConfig | None = None
        self.variant = ElidingComboBox("Variant", characters=10)
        self.variant.currentIndexChanged.connect(self._show_matrix)
        self.background = ElidingComboBox("Where the background is", characters=16)
        for place, text in PLACES.items():
            self.background.addItem(text, place)
        self.background.activated.connect(lambda _place: self._show_matrix())
        self.by_share = QCheckBox("Share of each row")
        self.by_share.setChecked(True)
        self.summary = ElidingLabel(mode=Qt.TextElideMode.ElideRight)
        self.axes = ElidingLabel(AXES, mode=Qt.TextElideMode.ElideRight)
        self.axes.setProperty("role", "caption")
        self.axes.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.note = NoteLabel()
        self.matrix = MatrixView()
        self.by_share.toggled.connect(self.matrix.matrix.set_by_share)
        self.classes = FigureTable("Figures of the classes")
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.splitterMoved.connect(self._on_divided)
        self._divided = False  # by hand
        self.classes.row_chosen.connect(self._on_class)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.variant, self.background):
            part.setMaximumWidth(220)
            top.addWidget(part)
        top.addWidget(self.by_share)
        top.addWidget(self.axes, 1)
        self.split.addWidget(self.matrix)
        self.split.addWidget(self.classes)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 1)
        self.matrix.setMinimumHeight(LEAST_MATRIX)
        self.classes.setMinimumHeight(LEAST_CLASSES)
        self.page.addLayout(top)
        self.page.addWidget(self.note)
        self.page.addWidget(self.split, 1)
        self.page.addWidget(self.summary)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new height."""
        super().resizeEvent(event)
        self._divide()

    def _divide(self) -> None:
        """The matrix has the room that it needs, as far as there is any, until somebody divides it otherwise."""
        height = self.split.height()
        if not self._divided:
            matrix = min(self.matrix.wanted_height, height - ROOM_FOR_CLASSES)
            self.split.setSizes([matrix, height - matrix])

    def _on_divided(self, _place: int, _handle: int) -> None:
        self._divided = True

    def fill(self, subject: Subject) -> str:
        """Of the model: the variant that was looked at before, where there is one, else the recommended one."""
        if subject.learn is None:
            return NO_MODEL
        self._config = subject.config
        measured = [each for each in variant_results(subject.config) if self._matrix_of(each) is not None]
        before = self.variant.currentText()
        self.variant.blockSignals(True)
        self.variant.clear()
        for each in measured:
            self.variant.addItem(visible(each.variant), each)
        best = next((place for place, each in enumerate(measured) if each.recommended), 0)
        again = self.variant.findText(before)
        self.variant.setCurrentIndex(again if again >= 0 else best)
        self.variant.blockSignals(False)
        self._show_matrix(fresh=True)
        return "" if measured else NO_MATRIX

    def _matrix_of(self, result: VariantResult, background: Background | None = None) -> Confusion | None:
        metadata = self._config.metadata if self._config else None
        return confusion_of(result.metrics, metadata, background=background) if result.metrics else None

    def _show_matrix(self, _place: int = 0, *, fresh: bool = False) -> None:
        result = self.variant.currentData()
        if not isinstance(result, VariantResult):
            self.matrix.show_confusion(None)
            return
        chosen = None if fresh else self.background.currentData()
        confusion = self._matrix_of(result, Background(chosen) if chosen else None)
        if confusion is None:
            return
        self.background.setVisible(confusion.background is not Background.NONE)
        self.background.choose(confusion.background)
        self.note.say(" ".join(confusion.remarks))
        self.note.setVisible(bool(confusion.remarks))
        self.matrix.show_confusion(confusion)
        self.classes.show_rows(HEADER, [_class_row(each, confusion) for each in confusion.classes])
        self.summary.setText(_summary(confusion))
        self._divide()

    def _on_class(self, about: object) -> None:
        if isinstance(about, int):
            self.matrix.point_at(about)


def _class_row(figures: ClassFigures, confusion: Confusion) -> FigureRow:
    support = figures.support
    cells = (
        Figure(figures.name, figures.name),
        share_figure(figures.precision),
        share_figure(figures.recall),
        share_figure(figures.f1),
        number_figure(support, "" if support is None else count_text(support)),
        _mistake(figures, confusion),
    )
    return FigureRow(cells, figures.row)


def _mistake(figures: ClassFigures, confusion: Confusion) -> Figure:
    """What the class is most often taken for."""
    row, other = figures.row, figures.mistaken_for
    if row is None or other is None:
        return Figure("")
    share = float(confusion.shares[row, other])
    return Figure(f"{confusion.names[other]} ({share_text(share)})", share, tone="secondary")


def _summary(confusion: Confusion) -> str:
    mean = confusion.mean
    told = {
        "Accuracy": confusion.accuracy,
        "Mean precision": mean.precision,
        "recall": mean.recall,
        "F1": mean.f1,
    }
    parts = [f"{name} {100 * value:.1f} %" for name, value in told.items() if value is not None]
    total = [f"{count_text(confusion.total)} counted"] if confusion.total is not None else []
    return " \N{MIDDLE DOT} ".join([*parts, *total])
