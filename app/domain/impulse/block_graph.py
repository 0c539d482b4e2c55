"""The blocks of an impulse as a graph: what feeds what, also where the feeding block does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from app.domain.finding import Severity
from app.domain.impulse.blocks import Block, DspBlock, InputBlock, LearnBlock, PostProcessingBlock
from app.domain.impulse.impulse_list import Impulse
from app.domain.impulse.state import StateNote, dsp_notes, features_made, learn_notes, post_processing_notes


class Stage(IntEnum):
    """The column that a block stands in, from left to right."""

    INPUT = 0
    PROCESSING = 1
    LEARNING = 2
    AFTER = 3


@dataclass(frozen=True)
class Node:
    """A block in its place, or the gap (``block`` None) where one is missing; ``state`` says how it is, in words."""

    stage: Stage
    row: int
    block_id: int
    block: Block | None = None
    state: str = ""
    severity: Severity = Severity.INFO

    @property
    def title(self) -> str:
        """What to call it."""
        return (self.block.label or f"block {self.block_id}") if self.block else f"block {self.block_id} is missing"


@dataclass(frozen=True)
class Edge:
    """From one node to another, by their positions; ``lost`` where the first does not exist."""

    start: int
    end: int
    lost: bool = False


@dataclass(frozen=True)
class BlockGraph:
    """Nodes column by column, and the edges between them."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @property
    def rows(self) -> int:
        """Length of the longest column."""
        return max((node.row + 1 for node in self.nodes), default=0)


def block_graph(impulse: Impulse) -> BlockGraph:
    """The graph of an impulse. A block that names no input takes all; every model feeds every block behind it."""
    nodes = [*_present(impulse), *_missing(impulse)]
    places: dict[tuple[Stage, int], list[int]] = {}
    for place, node in enumerate(nodes):
        places.setdefault((node.stage, node.block_id), []).append(place)
    edges = [
        Edge(start, end, lost=nodes[start].block is None)
        for end, node in enumerate(nodes)
        if node.block is not None and node.stage > Stage.INPUT
        for start in _feeding(impulse, node, places)
    ]
    return BlockGraph(tuple(nodes), tuple(dict.fromkeys(edges)))


def _present(impulse: Impulse) -> Iterator[Node]:
    for row, given in enumerate(impulse.input_blocks):
        yield Node(Stage.INPUT, row, given.block_id, given, _input_words(given))
    for row, dsp in enumerate(impulse.dsp_blocks):
        made = {True: "features made", False: "", None: ""}[features_made(impulse, dsp)]
        yield _node(Stage.PROCESSING, row, dsp, dsp_notes(impulse, dsp), made)
    for row, learn in enumerate(impulse.learn_blocks):
        found = impulse.learn_config(learn)
        words = "trained" if found and found.trained else ""
        yield _node(Stage.LEARNING, row, learn, learn_notes(impulse, learn), words)
    for row, after in enumerate(impulse.post_processing_blocks):
        yield _node(Stage.AFTER, row, after, post_processing_notes(impulse, after), "on")


def _node(stage: Stage, row: int, block: Block, notes: tuple[StateNote, ...], fine: str) -> Node:
    """With the state that matters most."""
    if not notes:
        return Node(stage, row, block.block_id, block, fine)
    worst = next((note for note in notes if note.severity is Severity.ERROR), notes[0])
    words = ", ".join(dict.fromkeys((worst.word, *(note.word for note in notes))))
    return Node(stage, row, block.block_id, block, words, worst.severity)


def _input_words(block: InputBlock) -> str:
    if block.type == "image" and block.image_size:
        return f"{block.image_size[0]} x {block.image_size[1]} px"
    if block.window_size_ms is not None:
        return f"windows of {block.window_size_ms:g} ms"
    return ""


def _missing(impulse: Impulse) -> Iterator[Node]:
    inputs = {block.block_id for block in impulse.input_blocks}
    wanted = {block.input: None for block in impulse.dsp_blocks if block.input is not None}
    lost = [block_id for block_id in wanted if block_id not in inputs]
    yield from _gaps(Stage.INPUT, len(impulse.input_blocks), lost)
    feeds = dict.fromkeys(block_id for block in impulse.learn_blocks for block_id in impulse.lost_feeds(block))
    yield from _gaps(Stage.PROCESSING, len(impulse.dsp_blocks), list(feeds))


def _gaps(stage: Stage, first_row: int, ids: list[int]) -> Iterator[Node]:
    for row, block_id in enumerate(ids, first_row):
        yield Node(stage, row, block_id, state="does not exist", severity=Severity.WARNING)


def _feeding(impulse: Impulse, node: Node, places: dict[tuple[Stage, int], list[int]]) -> Iterator[int]:
    before = Stage(node.stage - 1)
    for block_id in _wanted(impulse, node.block):
        yield from places.get((before, block_id), ())


def _wanted(impulse: Impulse, block: Block | None) -> tuple[int, ...]:
    """Ids in the column before."""
    if isinstance(block, DspBlock):
        return tuple(each.block_id for each in impulse.input_blocks) if block.input is None else (block.input,)
    if isinstance(block, LearnBlock):
        return block.dsp
    if isinstance(block, PostProcessingBlock):
        return tuple(each.block_id for each in impulse.learn_blocks)
    return ()
