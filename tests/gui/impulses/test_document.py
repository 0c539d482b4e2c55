"""The document as a tree: everything is in it, and nothing is made before it is opened."""

import pytest

from app.gui.impulses.document import STRIDE, DocumentSection, json_node
from app.gui.impulses.section import Subject
from tests.gui.impulses.impulse_documents import street


def names(node):
    return [child.texts[0] for child in node.children]


def test_fields_that_the_program_does_not_know_are_there(qtbot):
    section = DocumentSection()
    qtbot.addWidget(section)
    section.fill(Subject(street(lambda impulse: impulse.update(brandNew={"deep": [1, None, True]})), None, None))
    model = section.tree.nodes
    rows = {model.index(row, 0).data(): model.index(row, 0) for row in range(model.rowCount())}
    assert model.index(0, 0, rows["brandNew"]).data() == "deep"
    deep = model.index(0, 0, rows["brandNew"])
    assert [model.index(row, 1, deep).data() for row in range(3)] == ["1", "null", "true"]


def test_a_long_list_comes_in_parts():
    node = json_node("predictions", list(range(STRIDE * 2 + 1)))
    assert node.texts[1].startswith("[1,001]  0, 1, 2")
    assert names(node) == ["[0 – 499]", "[500 – 999]", "[1,000 – 1,000]"]
    assert names(node.children[2]) == ["[1000]"]


def test_branches_are_made_when_they_are_opened():
    opened = []

    class Watched(dict):
        def items(self):
            opened.append(True)
            return super().items()

    node = json_node("a", {"b": Watched(c=1)})
    (below,) = node.children
    assert (below.has_children, opened) == (True, [])
    assert names(below) == ["c"]
    assert opened == [True]


def test_secret_values_are_masked():
    node = json_node("p", {"type": "secret", "value": "abc", "defaultValue": "", "param": "token"})
    texts = dict(child.texts for child in node.children)
    assert texts["param"] == "token"
    assert texts["defaultValue"] == ""
    assert "abc" not in texts["value"]


@pytest.mark.parametrize("value", [{}, []])
def test_what_is_empty_cannot_be_opened(value):
    assert not json_node("a", value).has_children


def test_values_under_the_name_of_a_secret_are_masked_wherever_they_are():
    value = {"dspConfig": {"token": "abc", "rate": "3"}, "metrics": [{"name": "token", "value": "abc"}]}
    node = json_node("a", value, frozenset({"token"}))

    def texts(node):
        return [*node.texts, *(text for child in node.children for text in texts(child))]

    told = texts(node)
    assert "3" in told
    assert not [text for text in told if "abc" in text]
