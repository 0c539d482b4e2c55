"""The view written into a picture: what goes in comes out, and nothing else is believed."""

import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.visibility import Visibility
from app.errors import FormatError, ImageFormatError, ViewFormatError
from app.formats.png_text import insert_text
from app.formats.view_record import KEYWORD, VERSION, ViewRecord, read_view, with_view
from tests.formats.test_png_text import picture

RECORD = ViewRecord(
    job_id="j-1",
    job_name="Straße 7 · Nacht",
    project_id="p-1",
    frame_id="000012",
    frame=12,
    cloud="000012.pcd",
    theme="light",
    size=(1440, 900),
    pixel_ratio=1.5,
)


@dataclass(frozen=True)
class Place:
    """Stands for any frozen value of the program."""

    position: tuple[float, float, float]
    half_height: float = 0.0


def read(png: bytes) -> ViewRecord:
    return read_view(io.BytesIO(png))


def saying(text: str) -> bytes:
    return insert_text(picture(), KEYWORD, text)


def test_a_record_comes_back_as_it_was_written() -> None:
    place = Place((5e5 + 0.125, 5e6, -3.5), 12.0)
    hidden = Visibility(frozenset({"Car", "Tree"}), frozenset({7}))
    written = RECORD.with_setting("camera", place).with_setting("visibility", hidden)
    found = read(with_view(picture(), written))
    assert found.setting("camera", Place) == place
    assert found.setting("visibility", Visibility) == hidden
    assert (found.job_id, found.job_name, found.frame, found.size) == ("j-1", "Straße 7 · Nacht", 12, (1440, 900))


def test_settings_that_this_version_does_not_know_are_left_alone() -> None:
    found = read(saying('{"version": 1, "settings": {"smoke": {"colour": 3}}, "later": [1, 2]}'))
    assert found.setting("camera", Place) is None
    assert found.frame == 0


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "7", "null", '{"version": 0}', '{"version": 2}', '{"version": "1"}', '{"frame": -1}',
        '{"frame": 1e99}', '{"frame": 1.5}', '{"size": [0, 5]}', '{"size": [5]}', '{"size": [70000, 1]}',
        '{"pixel_ratio": 0}', '{"pixel_ratio": 1e400}', '{"pixel_ratio": NaN}', '{"job_id": null}',
        '{"job_name": "' + "x" * 1001 + '"}', '{"settings": []}', '{"settings": {' + ", ".join(
            f'"{number}": 1' for number in range(33)) + "}}", "[" * 100_000, '{"settings": {"a": ' + "[" * 100_000,
    ],
)  # fmt: skip
def test_a_record_that_is_not_as_it_should_be_is_refused(text: str) -> None:
    with pytest.raises(ViewFormatError, match="cannot be read") as refused:
        read(saying(text))
    assert refused.value.next_step


@pytest.mark.parametrize("value", ['"x"', "{}", '{"position": [1, 2]}', '{"position": [1, 2, null]}', "[[[[]]]]"])
def test_a_setting_of_another_kind_is_refused_by_name(value: str) -> None:
    found = read(saying(f'{{"settings": {{"camera": {value}}}}}'))
    with pytest.raises(ViewFormatError, match="unreadable camera"):
        found.setting("camera", Place)


def test_a_picture_of_anything_else_says_what_is_missing() -> None:
    with pytest.raises(ViewFormatError, match="no view written into it"):
        read(picture())
    with pytest.raises(ImageFormatError, match="no PNG"):
        read(b"GIF89a")


def test_the_version_that_is_written_is_the_one_that_is_read() -> None:
    assert read(with_view(picture(), ViewRecord())).version == VERSION


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=200))
def test_any_text_ends_in_a_record_or_a_sentence(text: str) -> None:
    try:
        answer = read(saying(text)).version == VERSION
    except FormatError as error:
        answer = error.message.endswith(".")
    assert answer


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "position"]), inner),
        max_leaves=6,
    )
)
def test_any_setting_ends_in_a_value_or_a_sentence(value: object) -> None:
    record = RECORD.with_setting("camera", value)
    try:
        answer = isinstance(read(with_view(picture(), record)).setting("camera", Place), Place)
    except ViewFormatError as error:
        answer = "camera" in error.message
    assert answer
