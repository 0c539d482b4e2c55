"""Documents with one part replaced by something else, for tests that anything may be odd anywhere."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

REMOVED = object()

ODD_VALUES = st.sampled_from(
    [
        REMOVED,
        None,
        "",
        "x",
        0,
        -1,
        1.5,
        10**30,
        1e300,
        True,
        False,
        [],
        {},
        [None],
        [[]],
        [{}],
        {"x": 1},
        "0",
        "rgb(1,2,3)",
    ]
)


def with_one_change(document: Any) -> st.SearchStrategy[Any]:
    """The document with any one value, at any depth, removed or replaced."""
    return st.builds(_changed, st.just(document), st.sampled_from(list(_paths(document))), ODD_VALUES)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _changed(document: Any, path: tuple[Any, ...], odd: Any) -> Any:
    changed = copy.deepcopy(document)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    if odd is REMOVED:
        del parent[path[-1]]
    else:
        parent[path[-1]] = odd
    return changed
