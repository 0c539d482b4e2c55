"""Texts in PNG files, with Pillow as the other side."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.errors import ImageFormatError
from app.formats.png_text import LONGEST_TEXT, SIGNATURE, insert_text, read_text

WORD = "pointproof:view"


def picture(**texts: str) -> bytes:
    """A small PNG by Pillow; texts are folded in its way."""
    info = PngImagePlugin.PngInfo()
    for keyword, text in texts.items():
        info.add_itxt(keyword, text, zip=True)
    buffer = io.BytesIO()
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)).save(buffer, "png", pnginfo=info)
    return buffer.getvalue()


def text_of(png: bytes, keyword: str = WORD) -> str | None:
    return read_text(io.BytesIO(png), keyword)


def chunk(kind: bytes, data: bytes, *, crc: int | None = None) -> bytes:
    return (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)
    )


def around(*chunks: bytes) -> bytes:
    """A PNG with these chunks after its header."""
    raw = picture()
    return raw[:33] + b"".join(chunks) + raw[33:]


def folded(text: bytes) -> bytes:
    return chunk(b"iTXt", WORD.encode() + b"\0\1\0\0\0" + text)


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_pillow_reads_what_was_written_and_sees_the_same_pixels(text: str) -> None:
    written = insert_text(picture(), WORD, text)
    image = Image.open(io.BytesIO(written))
    image.load()
    assert image.text[WORD] == text
    assert np.array_equal(np.asarray(image), np.asarray(Image.open(io.BytesIO(picture()))))
    assert text_of(written) == text


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=300))
def test_a_text_that_pillow_folded_is_read(text: str) -> None:
    assert text_of(picture(**{WORD: text, "Comment": "another"})) == text


def test_a_second_text_replaces_the_first_and_leaves_others_alone() -> None:
    once = insert_text(picture(Comment="mine"), WORD, "first")
    twice = insert_text(once, WORD, "second")
    assert text_of(twice) == "second"
    assert text_of(twice, "Comment") == "mine"
    assert text_of(insert_text(twice, WORD, "first")) == text_of(once)


def test_a_picture_without_the_text_has_none() -> None:
    assert text_of(picture(Comment="other")) is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no PNG"),
        (b"\xff\xd8\xff\xe0 a jpeg", "no PNG"),
        (SIGNATURE, "cut short"),
        (picture()[:40], "cut short"),
        (picture()[:-12], "cut short"),
        (around(struct.pack(">I", 0xFFFFFFFF) + b"iTXt"), "cut short"),
        (around(struct.pack(">I", 0x7FFFFFFF) + b"iTXt"), "cut short"),
        (around(chunk(b"iTXt", WORD.encode() + b"\0\0\0\0\0{}", crc=7)), "damaged"),
        (around(chunk(b"iTXt", WORD.encode() + b"\0\0\0no end")), "damaged"),
        (around(chunk(b"iTXt", WORD.encode() + b"\0\7\0\0\0{}")), "damaged"),
        (around(chunk(b"iTXt", WORD.encode() + b"\0\0\0\0\0\xff\xfe")), "damaged"),
        (around(folded(b"not zlib")), "damaged"),
        (around(folded(zlib.compress(b"x" * 100)[:-5])), "damaged"),
        (around(folded(zlib.compress(b"{}" * LONGEST_TEXT))), "absurdly long"),
        (around(chunk(b"iTXt", WORD.encode() + b"\0\0\0\0\0" + b" " * (LONGEST_TEXT + 1))), "absurdly long"),
        (SIGNATURE + chunk(b"tEXt", b"") * 100_001, "absurdly many"),
    ],
)  # fmt: skip
def test_what_is_damaged_or_hostile_is_refused_in_a_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(ImageFormatError, match=words) as refused:
        text_of(raw)
    assert refused.value.next_step


def test_a_few_bytes_that_promise_gigabytes_take_a_mebibyte_at_most() -> None:
    packing = zlib.compressobj(9)
    bomb = b"".join(packing.compress(bytes(1 << 20)) for _ in range(512)) + packing.flush()
    hostile = around(folded(bomb))
    tracemalloc.start()
    with pytest.raises(ImageFormatError, match="absurdly long"):
        text_of(hostile)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < 1 << 20
    assert peak < 6 << 20


@given(st.binary(max_size=200))
def test_any_bytes_after_the_signature_end_in_an_answer_or_a_sentence(raw: bytes) -> None:
    for start in (b"", SIGNATURE, picture()[:33]):
        try:
            answer = text_of(start + raw) is None
        except ImageFormatError as error:
            answer = error.message.endswith(".")
        assert answer


@given(st.data())
def test_any_change_of_a_byte_ends_in_an_answer_or_a_sentence(data: st.DataObject) -> None:
    whole = insert_text(picture(), WORD, '{"version": 1}')
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    try:
        answer = text_of(changed) in ('{"version": 1}', None)
    except ImageFormatError as error:
        answer = error.message.endswith(".")
    assert answer
