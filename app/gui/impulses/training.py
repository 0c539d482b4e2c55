"""What training recorded, as plots; pyqtgraph is loaded with the first of them."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.impulse.curves import CurveSheet, training_curves
from app.gui.eliding_combo import ElidingComboBox
from app.gui.impulses.section import NO_MODEL, Section, Subject, scrolled
from app.gui.theme import STEP

if TYPE_CHECKING:
    from app.gui.impulses.plots import CurvePlot

NO_GRAPHS = "The service has no graphs of this model's training."
AT_ONCE = 6  # plots on one page


class TrainingSection(Section):
    """Plots one under the other, a page of them at a time where there are many."""

    def __init__(self) -> None:
        super().__init__()
        self._sheets: tuple[CurveSheet, ...] = ()
        self._plots: list[CurvePlot] = []
        self.logarithmic = QCheckBox("Logarithmic")
        self.logarithmic.toggled.connect(self._on_logarithmic)
        self.hidden = QCheckBox()
        self.hidden.toggled.connect(self._list_pages)
        self.pages = ElidingComboBox("Page of graphs", characters=14)
        self.pages.setMaximumWidth(220)
        self.pages.currentIndexChanged.connect(self._show_page)
        top = QHBoxLayout()
        top.addWidget(self.logarithmic)
        top.addWidget(self.hidden)
        top.addStretch(1)
        top.addWidget(self.pages)
        body = QWidget()
        self._lines = QVBoxLayout(body)
        self._lines.setContentsMargins(0, 0, STEP, 0)
        self._lines.addStretch(1)
        self.page.addLayout(top)
        self.page.addWidget(scrolled(body), 1)

    @property
    def plots(self) -> tuple["CurvePlot", ...]:
        """Those that are shown."""
        return tuple(plot for plot in self._plots if not plot.isHidden())

    def fill(self, subject: Subject) -> str:
        """Of the model."""
        if subject.learn is None:
            return NO_MODEL
        self._sheets = training_curves(subject.config)
        hidden = sum(sheet.hidden for sheet in self._sheets)
        self.hidden.setText(f"Show hidden ({hidden:,})")
        self.hidden.setVisible(0 < hidden < len(self._sheets))
        self._list_pages()
        return "" if self._sheets else NO_GRAPHS

    def _shown(self) -> tuple[CurveSheet, ...]:
        """All of them where all are hidden: an empty page would say that there are none."""
        everything = self.hidden.isChecked() or all(sheet.hidden for sheet in self._sheets)
        return tuple(sheet for sheet in self._sheets if everything or not sheet.hidden)

    def _list_pages(self) -> None:
        count = len(self._shown())
        self.pages.offer(
            (f"Graphs {start + 1:,}\N{EN DASH}{min(start + AT_ONCE, count):,} of {count:,}", start)
            for start in range(0, count, AT_ONCE)
        )
        self.pages.setVisible(count > AT_ONCE)
        self._show_page()

    def _show_page(self, _place: int = 0) -> None:
        start = self.pages.currentData() or 0
        sheets = self._shown()[start : start + AT_ONCE]
        self._make_plots(len(sheets))
        for number, plot in enumerate(self._plots):
            plot.setVisible(number < len(sheets))
            if number < len(sheets):
                plot.show_sheet(sheets[number], logarithmic=self.logarithmic.isChecked())

    def _make_plots(self, count: int) -> None:
        if len(self._plots) < count:
            from app.gui.impulses.plots import CurvePlot

            while len(self._plots) < count:
                self._plots.append(CurvePlot())
                self._lines.insertWidget(len(self._plots) - 1, self._plots[-1])

    def _on_logarithmic(self, logarithmic: bool) -> None:  # noqa: FBT001  # connected to a signal
        for plot in self.plots:
            plot.set_logarithmic(logarithmic)
