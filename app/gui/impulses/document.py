"""Everything that the document says about an impulse, as it says it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from app.domain.impulse.entries import MASK, SECRET
from app.domain.impulse.record import Json
from app.formats.edge_impulse_impulses import IMPULSES_FORMAT
from app.gui.fields import make_label
from app.gui.impulses.section import Section, Subject
from app.gui.impulses.tree import NodeTree, TreeNode

HEADER = ("Field", "Value")
WIDTHS = (320,)
STRIDE = 500  # entries of a list that are shown together
NOTE = "The document's own fields and values, also those that this program knows nothing about."
SECRETS = ("value", "defaultValue")


class DocumentSection(Section):
    """A tree of fields; long lists come in parts, and nothing is made before it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = NodeTree("Fields of the document", HEADER, WIDTHS)
        self.page.addWidget(make_label("caption", NOTE))
        self.page.addWidget(self.tree, 1)

    def fill(self, subject: Subject) -> str:
        """Of the whole impulse, whichever block is chosen."""
        document = IMPULSES_FORMAT.write(subject.impulse)
        self.tree.nodes.show_nodes(list(_fields(document)))
        self.tree.expand(self.tree.nodes.index(0, 0))
        return ""


def _fields(value: Mapping[str, Json]) -> Iterator[TreeNode]:
    secret = value.get("type") == SECRET
    for name, each in value.items():
        yield json_node(name, MASK if secret and name in SECRETS and each else each)


def json_node(name: str, value: Json) -> TreeNode:
    """A field and what is in it."""
    if isinstance(value, Mapping):
        return _branch(name, f"{{{len(value):,}}}", value, lambda: _fields(value))
    if isinstance(value, list | tuple):
        return _branch(name, f"[{len(value):,}]", value, lambda: _entries(value))
    return TreeNode((name, _leaf(value)))


def _branch(
    name: str, size: str, value: Mapping[str, Json] | Sequence[Json], below: Callable[[], Iterable[TreeNode]]
) -> TreeNode:
    return TreeNode((name, f"{size}  {_gist(value)}".rstrip()), below=below if value else None)


def _entries(values: Sequence[Json]) -> Iterable[TreeNode]:
    if len(values) <= STRIDE:
        return [json_node(f"[{place}]", value) for place, value in enumerate(values)]
    return [_part(values, start) for start in range(0, len(values), STRIDE)]


def _part(values: Sequence[Json], start: int) -> TreeNode:
    end = min(start + STRIDE, len(values))
    name = f"[{start:,} \N{EN DASH} {end - 1:,}]"
    return TreeNode((name, ""), below=lambda: (json_node(f"[{place}]", values[place]) for place in range(start, end)))


def _gist(value: Mapping[str, Json] | Sequence[Json]) -> str:
    """What tells one entry of a list from the next: its first few plain values."""
    if isinstance(value, Mapping):
        named = (value[name] for name in ("name", "title", "key", "type", "blockId") if name in value)
        return ", ".join(str(each) for each in islice(named, 2) if isinstance(each, str | int))
    plain = [each for each in value[:8] if not isinstance(each, Mapping | list | tuple)]
    return ", ".join(map(_leaf, plain)) + (", …" if len(plain) < len(value) and plain else "")


def _leaf(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
