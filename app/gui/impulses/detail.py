"""One impulse in full: its state, its blocks as a graph, and a section for each thing to know about them."""

from typing import TypeAlias

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from app.domain.impulse import Impulse
from app.domain.impulse.block_graph import block_graph
from app.domain.impulse.blocks import Block, LearnBlock
from app.gui.eliding_combo import ElidingComboBox
from app.gui.fields import make_label
from app.gui.impulses.confusion import ConfusionSection
from app.gui.impulses.devices import DevicesSection
from app.gui.impulses.document import DocumentSection
from app.gui.impulses.graph import GraphArea, GraphView
from app.gui.impulses.head import ImpulseHead
from app.gui.impulses.results import ResultsSection
from app.gui.impulses.section import Section, Subject, scrolled
from app.gui.impulses.settings import SettingsSection
from app.gui.impulses.training import TrainingSection
from app.gui.theme import STEP

LEAST_SECTION = 240  # pixels of height; where there is less, all of the page scrolls
NOTHING = "Choose an impulse to see its blocks, settings and figures."
AnySection: TypeAlias = (
    SettingsSection | ResultsSection | ConfusionSection | DevicesSection | TrainingSection | DocumentSection
)


class ImpulseDetail(QWidget):
    """Everything about the shown impulse; a section is filled when it is first looked at.

    ``track_requested`` tells the id of a post-processing block and the variant that tracks are to be asked for with.
    """

    track_requested = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self._stale: set[AnySection] = set()
        self.head = ImpulseHead()
        self.graph = GraphView()
        self.graph.block_chosen.connect(self._on_block)
        self.settings, self.results, self.confusion = SettingsSection(), ResultsSection(), ConfusionSection()
        self.devices, self.training, self.document = DevicesSection(), TrainingSection(), DocumentSection()
        self.results.track_requested.connect(self.track_requested)
        self.model = ElidingComboBox("Model that the sections tell of", characters=16)
        self.model.currentIndexChanged.connect(self._on_model)
        self.sections = _Sections()
        self.sections.tabBar().setAccessibleName("Sections of the impulse")
        self._lay_out()
        self.sections.currentChanged.connect(self._fill_shown)

    def _lay_out(self) -> None:
        titles = {
            "Settings": self.settings,
            "Model": self.results,
            "Confusion": self.confusion,
            "Devices": self.devices,
            "Training": self.training,
            "Everything": self.document,
        }
        for title, section in titles.items():
            self.sections.addTab(section, title)
            # queued: a layout that is asked for its height while it places its parts does not place them again
            section.height_changed.connect(self.sections.fit, Qt.ConnectionType.QueuedConnection)
        corner = QWidget()
        beside = QHBoxLayout(corner)
        beside.setContentsMargins(0, 0, 3 * STEP, 0)
        beside.addWidget(self.model)
        self.sections.setCornerWidget(corner)
        self._graph_area = GraphArea(self.graph)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.head)
        lines.addWidget(self._graph_area)
        lines.addWidget(self.sections, 1)
        nothing = make_label("secondary", NOTHING)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(nothing)
        self._stack.addWidget(scrolled(page))

    @property
    def impulse(self) -> Impulse | None:
        """The one that is shown."""
        return self._subject.impulse if self._subject else None

    def show_impulse(self, impulse: Impulse | None) -> None:
        """Show another one; None says that there is nothing to show."""
        if impulse is None:
            self._subject = None
        elif impulse is not self.impulse:
            self._show(impulse)
        self._stack.setCurrentIndex(0 if impulse is None else 1)

    def _show(self, impulse: Impulse) -> None:
        graph = block_graph(impulse)
        first = next((node.block for node in graph.nodes if node.block is not None), None)
        learn = next(iter(impulse.learn_blocks), None)
        self.head.show_impulse(impulse)
        self.graph.show_graph(graph)
        self._graph_area.fit()
        self._list_models(impulse)
        self._turn_to(Subject(impulse, learn or first, learn))

    def _list_models(self, impulse: Impulse) -> None:
        named = (f"{block.label} (id {block.block_id})" for block in impulse.learn_blocks)
        self.model.offer((text, place) for place, text in enumerate(named))
        self.model.setVisible(len(impulse.learn_blocks) > 1)

    def _turn_to(self, subject: Subject) -> None:
        """Every section is about something else now; the one in sight says so at once."""
        before = self._subject
        self._subject = subject
        self.graph.choose(subject.block)
        self._stale |= {self.settings}
        if before is None or before.impulse is not subject.impulse:
            self._stale |= {self.document}
        if before is None or before.impulse is not subject.impulse or before.learn is not subject.learn:
            self._stale |= {self.results, self.confusion, self.devices, self.training}
        self._fill_shown()

    def _fill_shown(self) -> None:
        section = self.sections.currentWidget()
        if self._subject is not None and isinstance(section, AnySection) and section in self._stale:
            self._stale.discard(section)
            section.say(section.fill(self._subject))
        self.sections.fit()

    def _on_block(self, block: Block) -> None:
        """A model turns the sections about models to itself; any other block has only settings to show."""
        if self._subject is None:
            return
        impulse = self._subject.impulse
        if isinstance(block, LearnBlock):
            place = next(place for place, each in enumerate(impulse.learn_blocks) if each is block)
            with QSignalBlocker(self.model):
                self.model.setCurrentIndex(place)
            self._turn_to(Subject(impulse, block, block))
        else:
            self._turn_to(Subject(impulse, block, self._subject.learn))
            self.sections.setCurrentWidget(self.settings)

    def _on_model(self, place: int) -> None:
        if self._subject is not None and 0 <= place < len(self._subject.impulse.learn_blocks):
            block = self._subject.impulse.learn_blocks[place]
            self._turn_to(Subject(self._subject.impulse, block, block))


class _Sections(QTabWidget):
    """Takes the height that is left over, and never less than the page in sight needs: then all of it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(LEAST_SECTION)

    def fit(self) -> None:
        """Follow what the page in sight needs."""
        section = self.currentWidget()
        least = section.least_height if isinstance(section, Section) else 0
        self.setMinimumHeight(max(LEAST_SECTION, self.tabBar().sizeHint().height() + least))

    def hasHeightForWidth(self) -> bool:
        """No: sentences that break their lines would ask for the height that all of a page likes to have."""
        return False
