"""Everything that the document says about an impulse, as it says it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from app.domain.impulse.record import Json
from app.domain.impulse.secrets import MASK, SECRET, secret_names
from app.formats.edge_impulse_impulses import IMPULSES_FORMAT
from app.gui.fields import make_label
from app.gui.impulses.section import Section, Subject
from app.gui.impulses.tree import NodeTree, TreeNode

HEADER = ("Field", "Value")
WIDTHS = (320,)
STRIDE = 500  # entries of a list that are shown together
NOTE = "The document's own fields and values, also those that this program knows nothing about."
VALUES = ("value", "defaultValue")  # of what is named beside them
NAMES = ("param", "name", "key")
Secrets = frozenset[str]


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
        self.tree.nodes.show_nodes(list(_fields(document, secret_names(subject.impulse))))
        self.tree.expand(self.tree.nodes.index(0, 0))
        return ""


def _fields(value: Mapping[str, Json], secrets: Secrets) -> Iterator[TreeNode]:
    named = any(isinstance(value.get(name), str) and value[name] in secrets for name in NAMES)
    secret = named or value.get("type") == SECRET
    for name, each in value.items():
        hidden = each and ((secret and name in VALUES) or (name in secrets and not isinstance(each, Mapping | list)))
        yield json_node(name, MASK if hidden else each, secrets)


def json_node(name: str, value: Json, secrets: Secrets = frozenset()) -> TreeNode:
    """A field and what is in it; ``secrets`` are names whose values are masked wherever they are."""
    if isinstance(value, Mapping):
        return _branch(name, f"{{{len(value):,}}}", value, lambda: _fields(value, secrets))
    if isinstance(value, list | tuple):
        return _branch(name, f"[{len(value):,}]", value, lambda: _entries(value, secrets))
    return TreeNode((name, _leaf(value)))


def _branch(
    name: str, size: str, value: Mapping[str, Json] | Sequence[Json], below: Callable[[], Iterable[TreeNode]]
) -> TreeNode:
    return TreeNode((name, f"{size}  {_gist(value)}".rstrip()), below=below if value else None)


def _entries(values: Sequence[Json], secrets: Secrets) -> Iterable[TreeNode]:
    if len(values) <= STRIDE:
        return [json_node(f"[{place}]", value, secrets) for place, value in enumerate(values)]
    return [_part(values, start, secrets) for start in range(0, len(values), STRIDE)]


def _part(values: Sequence[Json], start: int, secrets: Secrets) -> TreeNode:
    end = min(start + STRIDE, len(values))
    name = f"[{start:,} \N{EN DASH} {end - 1:,}]"
    return TreeNode((name, ""), below=lambda: (json_node(f"[{at}]", values[at], secrets) for at in range(start, end)))


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
