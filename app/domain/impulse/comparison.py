"""Two impulses side by side, with what differs."""

from dataclasses import dataclass

from app.domain.impulse.facts import facts_of
from app.domain.impulse.impulse_list import Impulse


@dataclass(frozen=True)
class ComparedRow:
    """One thing of both impulses; empty on the side where the service does not say it."""

    section: str
    name: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.left != self.right


def compare_impulses(left: Impulse, right: Impulse) -> tuple[ComparedRow, ...]:
    """Every fact of either, sections in the order of the left impulse; ids are no difference.

    Blocks are compared by their kind and place: the first learning block with the first, and so on.
    """
    one, other = _texts(left), _texts(right)
    known = dict.fromkeys((*one, *other))
    order = {section: place for place, section in enumerate(dict.fromkeys(section for section, _ in known))}
    keys = sorted(known, key=lambda key: order[key[0]])
    return tuple(ComparedRow(*key, one.get(key, ""), other.get(key, "")) for key in keys)


def differing(rows: tuple[ComparedRow, ...]) -> tuple[ComparedRow, ...]:
    """Only the rows that are not the same."""
    return tuple(row for row in rows if row.differs)


def _texts(impulse: Impulse) -> dict[tuple[str, str], str]:
    """Facts by section and name; of several with one name all texts."""
    texts: dict[tuple[str, str], str] = {}
    for fact in facts_of(impulse):
        key = fact.section, fact.name
        texts[key] = f"{texts[key]} · {fact.text}" if key in texts else fact.text
    return texts
