"""The rows of ``bench impulses`` in a process of their own; how fast they are is not judged."""

from tests.measured import measured

MEASURE = """
import json
from app.gui.impulses.times import measure
rows = measure(impulses=6, metrics=7, repeats=1)
print(json.dumps([(row.name, row.ours, row.peer, row.theirs) for row in rows]))
"""


def test_reading_opening_and_typing_are_measured():
    rows = measured(MEASURE)
    assert [(name, peer) for name, _, peer, _ in rows] == [
        ("read 6 impulses with 7 metrics into a table", "msgspec, to plain dicts"),
        ("open 6 impulses with 7 metrics: until on screen", "the limit"),
        ("type into the search of 6 impulses with 7 metrics", "the limit"),
    ]
    assert all(ours > 0 and theirs > 0 for _, ours, _, theirs in rows)
    assert [theirs for *_, theirs in rows[1:]] == [1000.0, 50.0]
