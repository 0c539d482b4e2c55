import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QTextDocument

from app.gui.text import LIMIT, ElidingLabel, action_text, plain, visible, with_minus

NASTY = '<b>car</b><img src="file:///etc/hostname">'


def test_markup_in_a_tooltip_is_shown_as_written():
    document = QTextDocument()
    document.setHtml(plain(NASTY))
    assert document.toPlainText() == NASTY


def test_lines_stay_apart_and_cannot_be_forged():
    document = QTextDocument()
    document.setHtml(plain("one", "two\nthree"))
    assert document.toPlainText() == "one\ntwo\\nthree"


def test_bidi_controls_and_control_characters_become_visible():
    assert visible("a\u202eb\x00c\u2066d\x85") == r"a\u202eb\x00c\u2066d\x85"
    assert visible("\ud800") == r"\ud800"


def test_ordinary_writing_of_any_language_stays_as_it_is():
    for text in ("Fußgänger # 4", "自転車", "משאית", "👩‍🚒 R&D"):
        assert visible(text) == text


@given(st.text(max_size=700), st.integers(3, 300))
def test_nothing_invisible_or_too_long_is_left(text, limit):
    shown = visible(text, limit=limit)
    assert len(shown) <= limit
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069 for c in shown)


def test_a_long_name_keeps_its_beginning_and_its_end():
    shown = visible("start" + "x" * 10_000 + "end")
    assert len(shown) == LIMIT
    assert shown.startswith("start")
    assert shown.endswith("end")
    assert "…" in shown


@pytest.mark.parametrize("name", ["R&D", "&Quit", "a && b"])
def test_an_ampersand_never_becomes_a_mnemonic(qapp, name):
    assert QAction(action_text(name)).text().replace("&&", "&") == name


def test_a_label_elides_its_middle_and_tells_the_rest(qtbot):
    label = ElidingLabel("camera/front/000965/with/a/very/long/tail.jpg")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    label.show()
    assert label.elided_text() == label.text()
    assert label.toolTip() == ""
    label.resize(80, 20)
    assert "…" in label.elided_text()
    assert label.elided_text()[-1] == "g"
    assert "very/long" in label.toolTip()


def test_a_label_never_reads_markup(qtbot):
    label = ElidingLabel(NASTY)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == NASTY
    assert label.sizeHint().height() < 3 * label.fontMetrics().height()


@pytest.mark.parametrize(
    ("text", "shown"), [("-2.5 m", "−2.5 m"), ("-.5", "−.5"), ("12", "12"), ("-", "-"), ("a-1", "a-1"), ("", "")]
)
def test_numbers_below_nothing_have_a_minus_sign(text, shown):
    assert with_minus(text) == shown
