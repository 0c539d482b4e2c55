"""What all parts of an impulses document have in common: nothing that the service sent is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Never, TypeAlias

Json: TypeAlias = object  # a value as the document has it: of free form, or enormous and read by nobody here
Scalar: TypeAlias = str | bool | float  # the service sends any of them in the same place

_NOTHING: Mapping[str, Never] = MappingProxyType({})
OURS = MappingProxyType({"ours": True})  # marks fields that are no part of the document


def nothing() -> Mapping[str, Never]:
    """The default of fields that are mappings."""
    return _NOTHING


@dataclass(frozen=True)
class Record:
    """A part of the document, its fields named as the service names them, in snake case.

    A number, a yes/no or a part that the service did not send is None, text is empty, a list has no entries. ``stated``
    names what it did send, in its order and spelling, so that absent, null and empty stay apart. ``kept`` holds under
    these names what the fields cannot tell: what is unknown here, values of another type (also those that could be
    read, such as a number written as text), and null in place of text or a list.
    """

    stated: tuple[str, ...] = field(default=(), kw_only=True, compare=False, repr=False, metadata=OURS)
    kept: Mapping[str, Json] = field(default_factory=nothing, kw_only=True, compare=False, repr=False, metadata=OURS)
