"""What the variants of a model cost on devices."""

from app.domain.amounts import size_text
from app.domain.impulse.devices import DeviceFigures, device_figures, processing_sentences, support_sentences
from app.domain.impulse.performance import MemoryUse
from app.gui.fields import make_label
from app.gui.impulses.figures import Figure, FigureRow, FigureTable, number_figure
from app.gui.impulses.section import NO_MODEL, Section, Subject
from app.gui.note_label import NoteLabel

NO_FIGURES = "The service has no estimates for devices of this model."
HEADER = ("Device", "Variant", "Engine", "Latency", "RAM", "ROM", "Arena", "Model", "Note")
MOST_SENTENCES = 4


class DevicesSection(Section):
    """Estimates by device, variant and engine; what cannot be run or was not measured is said above."""

    def __init__(self) -> None:
        super().__init__()
        self.note = NoteLabel(role="attention")
        self.table = FigureTable("Estimates for devices")
        self.costs = make_label("secondary")
        self.page.addWidget(self.note)
        self.page.addWidget(self.costs)
        self.page.addWidget(self.table, 1)

    def fill(self, subject: Subject) -> str:
        """Of the model."""
        if subject.learn is None:
            return NO_MODEL
        figures, sentences = device_figures(subject.config), support_sentences(subject.config)
        self.note.say("\n".join(sentences[:MOST_SENTENCES]))
        self.note.setVisible(bool(sentences))
        costs = processing_sentences(subject.impulse)
        self.costs.setText(" ".join(costs[:MOST_SENTENCES]))
        self.costs.setVisible(bool(costs))
        self.table.show_rows(HEADER, [_row(each) for each in figures])
        self.table.setVisible(bool(figures))
        return "" if figures or sentences else " ".join((NO_FIGURES, *costs[:MOST_SENTENCES]))


def _row(figures: DeviceFigures) -> FigureRow:
    device, memory = figures.device, figures.memory or MemoryUse()
    default = " (default)" if device.is_default else ""
    cells = (
        Figure(figures.label + default, figures.label, "\n".join(filter(None, (figures.label, device.mcu)))),
        Figure(figures.variant, figures.variant),
        Figure(figures.engine, figures.engine),
        _latency(figures),
        _bytes(memory.ram_required),
        _bytes(memory.rom_required),
        _bytes(memory.arena_size),
        _bytes(memory.model_size),
        _note(figures),
    )
    return FigureRow(cells, figures)


def _latency(figures: DeviceFigures) -> Figure:
    """Or why there is none."""
    if figures.missing:
        return Figure(figures.missing, None, figures.problem, tone="attention", right=True)
    latency = figures.device.latency
    return number_figure(latency, "" if latency is None else f"{latency:,.4g} ms", tip="milliseconds for one inference")


def _bytes(count: int | None) -> Figure:
    return number_figure(
        count, "" if count is None else size_text(count), tip="" if count is None else f"{count:,} bytes"
    )


def _note(figures: DeviceFigures) -> Figure:
    """A problem first, then figures that only some devices have."""
    custom = [f"{each.name} {each.value}" for each in figures.device.custom_metrics]
    text = ", ".join(filter(None, (figures.problem, *custom)))
    return Figure(text, text or None, tone="attention" if figures.problem else "secondary")
