"""What a model takes for what: the heat map, and precision, recall and F1 of each class."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QWidget

from app.domain.impulse.confusion import Background, ClassFigures, Confusion, confusion_of
from app.domain.impulse.training import LearnBlockConfig
from app.domain.impulse.variants import VariantResult, variant_results
from app.gui.eliding_combo import ElidingComboBox
from app.gui.impulses.figures import Figure, FigureRow, FigureTable, number_figure, share_figure
from app.gui.impulses.matrix import TWO_LINES, WIDEST, MatrixView, count_text, share_text
from app.gui.impulses.section import NO_MODEL, Section, Subject, scrolled
from app.gui.note_label import NoteLabel
from app.gui.text import ElidingLabel, visible
from app.gui.theme import STEP

NO_MATRIX = "The service has no confusion matrix of this model."
AXES = "Rows: the truth. Columns: what the model said."
HEADER = ("Class", "Precision", "Recall", "F1", "Support", "Most often taken for")
LEAST_HEIGHT = 360  # pixels of either of the two, if it is that high; where there is less, all of the page scrolls
WIDEST_CLASSES = 640  # pixels of the figures of the classes beside the matrix
PLACES = {Background.LAST: "Background: last row", Background.FIRST: "Background: first row"}


class ConfusionSection(Section):
    """The matrix of the chosen variant, and the figures of its classes, which point at it.

    The two stand side by side where there is width for it, else one below the other. They are shown whole, and the
    page around them scrolls; only more classes than that has room for scroll by themselves, below their names.
    """

    def __init__(self) -> None:
        super().__init__()
        self._config: LearnBlockConfig | None = None
        self.variant = ElidingComboBox("Variant", characters=10)
        self.variant.currentIndexChanged.connect(self._show_matrix)
        self.background = ElidingComboBox("Where the background is", characters=16)
        self.background.offer((text, place) for place, text in PLACES.items())
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
        self._pair = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self.classes.row_chosen.connect(self._on_class)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.variant, self.background):
            part.setMaximumWidth(220)
            top.addWidget(part)
        top.addWidget(self.by_share)
        top.addWidget(self.axes, 1)
        pair = QWidget()
        pair.setLayout(self._pair)
        self._pair.setContentsMargins(0, 0, 0, 0)
        self._pair.setSpacing(4 * STEP)
        self._pair.addWidget(self.matrix, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._pair.addWidget(self.classes, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._pair.addStretch(1)
        self.area = scrolled(pair)
        self.area.viewport().installEventFilter(self)
        self.page.addLayout(top)
        self.page.addWidget(self.note)
        self.page.addWidget(self.area, 1)
        self.page.addWidget(self.summary)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay both out anew when their room changes."""
        if watched is self.area.viewport() and event.type() is QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        """Both as large as they need to be; what is too large for the room scrolls by itself, with its names."""
        room, gap = self.area.viewport().size(), self._pair.spacing()
        classes = min(WIDEST_CLASSES, self.classes.wanted_width)
        for_matrix = room.width() - gap - classes
        beside = for_matrix >= self.matrix.width_of(TWO_LINES)
        self._pair.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        width = min(for_matrix if beside else room.width(), self.matrix.width_of(WIDEST))
        self.matrix.setFixedWidth(width)  # its height follows from its cells
        rows, least = self.classes.wanted_height, min(self.matrix.wanted_height, LEAST_HEIGHT)
        below = 0 if beside else min(rows, LEAST_HEIGHT)
        height = room.height() - (0 if beside else gap + below)
        self.matrix.setFixedHeight(min(self.matrix.wanted_height, max(LEAST_HEIGHT, height)))
        self.classes.setFixedSize(
            classes if beside else room.width(), min(rows, max(LEAST_HEIGHT, height)) if beside else below
        )
        self.area.setMinimumHeight(max(least, min(rows, LEAST_HEIGHT)) if beside else least + gap + below)
        self.height_changed.emit()

    def fill(self, subject: Subject) -> str:
        """Of the model: the variant that was looked at before, where there is one, else the recommended one."""
        if subject.learn is None:
            return NO_MODEL
        self._config = subject.config
        measured = [each for each in variant_results(subject.config) if self._matrix_of(each) is not None]
        before = self.variant.currentText()
        best = next((each for each in measured if each.recommended), None)
        again = next((each for each in measured if visible(each.variant) == before), best)
        self.variant.offer(((each.variant, each) for each in measured), chosen=again)
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
        self._arrange()

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
