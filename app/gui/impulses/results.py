"""The variants of a model with their figures, its thresholds now and at training, and the way to its tracks."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.finding import counted
from app.domain.impulse import Impulse
from app.domain.impulse.metrics import Metric
from app.domain.impulse.performance import AdditionalMetric
from app.domain.impulse.record import Scalar
from app.domain.impulse.secrets import masked_metrics
from app.domain.impulse.training import LearnBlockConfig, ModelMetadata
from app.domain.impulse.values import NOT_SET, value_text
from app.domain.impulse.variants import (
    ThresholdPair,
    VariantResult,
    needs_training,
    threshold_pairs,
    variant_results,
)
from app.domain.moments import moment_text
from app.gui.eliding_combo import ElidingComboBox
from app.gui.fields import make_label
from app.gui.impulses.figures import Figure, FigureRow, FigureTable, number_figure
from app.gui.impulses.section import NO_MODEL, Section, Subject, scrolled
from app.gui.note_label import NoteLabel
from app.gui.text import ElidingLabel, action_text
from app.gui.theme import STEP

NO_TRACKER = "The impulse has no tracking block, so tracks cannot be asked of it."
NO_VARIANT = "The service offers no variant of this model."
FIGURES = ("Figure", "Value", "", "Category")
THRESHOLDS = ("Threshold", "Now", "At training", "Suggested", "")
MOST_ROWS = 8
LEAST_FIGURES = 180  # pixels of height


class ResultsSection(Section):
    """Tables of variants and of thresholds; ``track_requested`` tells a tracking block's id and a variant."""

    track_requested = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._impulse: Impulse | None = None
        self._variant: VariantResult | None = None
        self.facts = ElidingLabel()
        self.facts.setProperty("role", "caption")
        self.state = NoteLabel(role="attention")
        self.variants = FigureTable("Variants of the model", most_rows=MOST_ROWS)
        self.variants.row_chosen.connect(self._on_variant)
        self.tracker = ElidingComboBox("Tracking block", characters=12)
        self.track = QPushButton()
        self.track.clicked.connect(self._on_track)
        self.no_track = make_label("secondary")
        acts = QHBoxLayout()
        acts.addWidget(self.track)
        acts.addWidget(self.tracker)
        acts.addWidget(self.no_track, 1)
        self.thresholds_title = make_label("section", "THRESHOLDS")
        self.thresholds = FigureTable("Thresholds of the model", most_rows=MOST_ROWS)
        self.figures_title = make_label("section", "FIGURES OF THE IMPULSE")
        self.figures = FigureTable("Figures of the impulse")
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2 * STEP)
        for part in (self.facts, self.state, self.variants):
            lines.addWidget(part)
        lines.addLayout(acts)
        lines.addWidget(self.thresholds_title)
        lines.addWidget(self.thresholds)
        lines.addWidget(self.figures_title)
        lines.addWidget(self.figures, 1)
        self.figures.setMinimumHeight(LEAST_FIGURES)
        lines.addStretch(0)
        self.page.addWidget(scrolled(body), 1)

    def fill(self, subject: Subject) -> str:
        """Of the model."""
        if subject.learn is None:
            return NO_MODEL
        self._impulse, config = subject.impulse, subject.config
        facts = _facts(config)
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self._show_state(config)
        self._show_trackers(subject.impulse)
        self._show_variants(variant_results(config))
        self._show_thresholds(threshold_pairs(config))
        self._show_figures(masked_metrics(subject.impulse))
        return ""

    def _show_state(self, config: LearnBlockConfig | None) -> None:
        sentences = []
        if config is None or config.metadata is None:
            sentences.append("This model was never trained: there are no figures yet.")
        if config is not None and needs_training(config):
            sentences.append("The service says that it must be trained anew before it can be used.")
        self.state.say(" ".join(sentences))
        self.state.setVisible(bool(sentences))

    # -- variants -----------------------------------------------------------------------------------------------

    def _show_variants(self, results: tuple[VariantResult, ...]) -> None:
        more = dict.fromkeys(each.name for result in results if result.metrics for each in
                             result.metrics.additional_metrics)  # fmt: skip
        report = dict.fromkeys(name for result in results for name in result.report)
        header = ("Variant", "", "Accuracy", "Loss", *more, *(f"{name} (report)" for name in report))
        self._variant = None
        self.variants.show_rows(header, [_variant_row(each, tuple(more), tuple(report)) for each in results])
        self.variants.setVisible(bool(results))
        best = next((place for place, result in enumerate(results) if result.recommended or result.selected), 0)
        if results:
            self.variants.setCurrentIndex(self.variants.figures.index(best, 0))
        self._show_acts()

    def _on_variant(self, about: object) -> None:
        self._variant = about if isinstance(about, VariantResult) else None
        self._show_acts()

    # -- tracking -----------------------------------------------------------------------------------------------

    def _show_trackers(self, impulse: Impulse) -> None:
        self.tracker.offer(
            (f"{block.label} (id {block.block_id})", block.block_id) for block in impulse.tracking_blocks
        )
        self.tracker.setVisible(len(impulse.tracking_blocks) > 1)

    def _show_acts(self) -> None:
        variant, can_track = self._variant, self.tracker.count() > 0
        named = action_text(variant.variant, limit=40) if variant else ""
        self.track.setText(f"Use {named} for tracking")
        self.track.setVisible(can_track and variant is not None)
        self.track.setEnabled(variant is not None and variant.available)
        self.no_track.setText("" if can_track and variant else NO_VARIANT if can_track else NO_TRACKER)

    def _on_track(self) -> None:
        block_id = self.tracker.currentData()
        if self._variant is not None and isinstance(block_id, int):
            self.track_requested.emit(block_id, self._variant.variant)

    # -- thresholds ---------------------------------------------------------------------------------------------

    def _show_thresholds(self, pairs: tuple[ThresholdPair, ...]) -> None:
        self.thresholds.show_rows(THRESHOLDS, [_threshold_row(pair) for pair in pairs])
        for part in (self.thresholds, self.thresholds_title):
            part.setVisible(bool(pairs))

    # -- figures of the impulse ---------------------------------------------------------------------------------

    def _show_figures(self, metrics: tuple[Metric, ...]) -> None:
        self.figures.show_rows(FIGURES, [_metric_row(metric) for metric in metrics])
        for part in (self.figures, self.figures_title):
            part.setVisible(bool(metrics))


def _metric_row(metric: Metric) -> FigureRow:
    text = value_text(metric.value, missing=NOT_SET)
    sorted_by = None if metric.value_for_sorting is None else float(metric.value_for_sorting)
    cells = (
        Figure(metric.label, metric.label, "\n".join(filter(None, (metric.label, metric.name, metric.description)))),
        Figure(text, text if sorted_by is None else sorted_by, right=True),
        Figure(metric.value_hint, metric.value_hint or None, tone="secondary"),
        Figure(metric.category, metric.category, tone="secondary"),
    )
    return FigureRow(cells, metric)


def _facts(config: LearnBlockConfig | None) -> str:
    """One line on how the model was made."""
    metadata = config.metadata if config else None
    if metadata is None:
        return ""
    parts = [f"Trained {moment_text(metadata.created)}" if metadata.created else ""]
    if isinstance(metadata, ModelMetadata):
        parts += [metadata.mode, metadata.object_detection_last_layer, metadata.image_input_scaling]
        parts += [counted(len(metadata.class_names), "class", "classes") if metadata.class_names else ""]
    return " \N{MIDDLE DOT} ".join(filter(None, parts))


def _variant_row(result: VariantResult, more: tuple[str, ...], report: tuple[str, ...]) -> FigureRow:
    metrics = result.metrics
    extra = {each.name: each for each in metrics.additional_metrics} if metrics else {}
    marked = result.recommended or result.selected
    marks = ", ".join(result.marks)
    cells = (
        Figure(result.variant, result.variant, strong=marked),
        Figure(marks, marks, tone="accent" if marked else "secondary"),
        number_figure(metrics.accuracy if metrics else None),
        number_figure(metrics.loss if metrics else None),
        *(_extra_figure(extra.get(name)) for name in more),
        *(number_figure(result.report.get(name)) for name in report),
    )
    return FigureRow(cells, result)


def _extra_figure(metric: AdditionalMetric | None) -> Figure:
    """As the service writes it, sorted by what it is exactly."""
    if metric is None:
        return number_figure(None)
    exact = metric.full_precision_value
    tip = (metric.name, metric.tooltip_text, metric.link, "" if exact is None else f"exactly {exact}")
    order = metric.value if exact is None else float(exact)
    return Figure(metric.value, order, "\n".join(filter(None, tip)), right=True)


def _threshold_row(pair: ThresholdPair) -> FigureRow:
    tone = "attention" if pair.differs else ""
    now, trained = (each.value if each else None for each in (pair.now, pair.trained))
    told = {True: "changed since training", False: "as at training", None: _one_sided(pair)}[pair.differs]
    options = (f"{each.value}: {each.description}" for each in pair.known.dropdown_options)
    tip = "\n".join(filter(None, (pair.label, pair.known.key, pair.known.help_text, *options)))
    cells = (
        Figure(pair.label, pair.label, tip),
        _value_figure(now, tone),
        _value_figure(trained, tone),
        _value_figure(pair.suggestion, ""),
        Figure(told, told, tone=tone or "secondary"),
    )
    return FigureRow(cells, pair)


def _one_sided(pair: ThresholdPair) -> str:
    if pair.now is None:
        return "no longer there"
    return "no value at training" if pair.trained is None else ""


def _value_figure(value: Scalar | None, tone: str) -> Figure:
    if value is None:
        return number_figure(None)
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value_text(value)
    return Figure(value_text(value), number, tone=tone, right=True)
