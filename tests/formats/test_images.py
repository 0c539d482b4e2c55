"""Camera images: what is decoded, what is refused, and that nothing but a clear error comes out."""

import io
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from app.errors import ImageFormatError
from app.formats.images import decode_image, image_orientation, image_size
from tests.turns import turns_beside

PICTURE = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


PNG = encoded(Image.fromarray(PICTURE), "PNG")
JPEG = encoded(Image.fromarray(PICTURE), "JPEG", quality=90)


def error_of(raw: bytes, **options: Any) -> str:
    with pytest.raises(ImageFormatError) as caught:
        decode_image(raw, **options)
    assert caught.value.next_step
    return caught.value.message


@pytest.mark.parametrize("raw", [PNG, JPEG])
def test_the_size_is_read_from_the_header_alone(raw: bytes) -> None:
    assert image_size(io.BytesIO(raw)) == (64, 48)
    assert image_size(io.BytesIO(raw[: len(raw) // 2])) == (64, 48)


def test_a_png_comes_back_pixel_by_pixel() -> None:
    pixels = decode_image(PNG)
    np.testing.assert_array_equal(pixels, PICTURE)
    assert not pixels.flags.writeable


def test_a_jpeg_reads_as_in_opencv() -> None:
    smooth = np.asarray(Image.fromarray(PICTURE).resize((320, 200), Image.Resampling.BICUBIC))
    raw = encoded(Image.fromarray(smooth), "JPEG", quality=92)
    peer = cv2.cvtColor(cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert np.abs(decode_image(raw).astype(int) - peer.astype(int)).max() <= 4


def test_real_camera_images_are_read(shared_data: Path) -> None:
    paths = sorted((shared_data / "deliveries" / "street").rglob("*.jpg"))
    assert paths
    with paths[0].open("rb") as stream:
        width, height = image_size(stream)
    assert decode_image(paths[0].read_bytes()).shape == (height, width, 3)


def test_pixels_stay_as_stored_whatever_the_orientation_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    raw = encoded(Image.fromarray(PICTURE), "JPEG", quality=90, exif=exif)
    assert image_size(io.BytesIO(raw)) == (64, 48)
    np.testing.assert_array_equal(decode_image(raw), decode_image(JPEG))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "RGB", "I;16"])
def test_every_png_mode_becomes_rgb(mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(PICTURE[:, :, 0].astype(np.uint16) * 257)
    else:
        image = Image.fromarray(PICTURE).convert(mode)
    pixels = decode_image(encoded(image, "PNG"))
    assert (pixels.shape, pixels.dtype) == ((48, 64, 3), np.uint8)
    if mode == "I;16":
        np.testing.assert_array_equal(pixels, np.repeat(PICTURE[:, :, :1], 3, axis=2))
    elif mode == "RGBA":
        np.testing.assert_array_equal(pixels, PICTURE)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_jpeg_mode_becomes_rgb(mode: str) -> None:
    flat = Image.new("RGB", (32, 16), (200, 60, 90)).convert(mode)
    pixels = decode_image(encoded(flat, "JPEG", quality=95))
    assert pixels.shape == (16, 32, 3)
    assert np.abs(pixels.astype(int) - np.asarray(flat.convert("RGB")).astype(int)).max() <= 4


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def test_a_picture_beyond_the_limit_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(_image: PngImageFile) -> None:
        raise AssertionError("its pixels were asked for")

    monkeypatch.setattr(PngImageFile, "load", decoded)  # what it takes is memory that Python does not know of
    tracemalloc.start()
    message = error_of(huge_png(50_000, 50_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "50000 x 50000" in message
    assert peak < 4 << 20


def test_the_limit_counts_pixels() -> None:
    assert decode_image(PNG, max_pixels=64 * 48).shape == (48, 64, 3)
    assert "too large" in error_of(PNG, max_pixels=64 * 48 - 1)


@pytest.mark.parametrize("raw", [PNG, JPEG])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_cut_short_is_an_error(raw: bytes, share: float) -> None:
    error_of(raw[: int(len(raw) * share)])


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!doctype html>", "HTML"),
        (encoded(Image.fromarray(PICTURE), "GIF"), "GIF"),
        (encoded(Image.fromarray(PICTURE), "BMP"), "bitmap"),
        (encoded(Image.fromarray(PICTURE), "TIFF"), "unknown kind"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_another_kind_of_file_is_named(raw: bytes, what: str) -> None:
    assert what in error_of(raw)


def test_a_picture_without_pixels_is_an_error() -> None:
    error_of(huge_png(0, 10))


@given(st.sampled_from((PNG, JPEG)), st.data())
@settings(max_examples=400)
def test_damage_gives_a_picture_or_a_clear_error_and_nothing_else(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw) - 1))
    damaged = raw[:at] + data.draw(st.binary(max_size=6)) + raw[at + data.draw(st.integers(0, 6)) :]
    try:
        pixels = decode_image(damaged, max_pixels=1 << 20)
    except ImageFormatError:
        return
    assert pixels.shape[2] == 3


def turned(orientation: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(Image.fromarray(PICTURE), "JPEG", exif=exif)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_how_a_picture_wants_to_be_turned_is_told_and_its_pixels_stay_as_stored(orientation):
    raw = turned(orientation)
    assert image_orientation(io.BytesIO(raw)) == orientation
    assert decode_image(raw).shape == PICTURE.shape


def test_a_picture_that_does_not_say_or_says_nonsense_is_not_turned():
    damaged = turned(6).replace(b"Exif\0\0MM", b"Exif\0\0XX").replace(b"Exif\0\0II", b"Exif\0\0XX")
    for raw in (JPEG, PNG, turned(9), turned(0), damaged):
        assert image_orientation(io.BytesIO(raw)) == 1


@given(st.binary(max_size=200))
def test_no_exif_however_damaged_gives_anything_but_a_number_or_a_clear_error(exif):
    raw = encoded(Image.fromarray(PICTURE), "JPEG", exif=b"Exif\0\0" + exif)
    assert image_orientation(io.BytesIO(raw)) in range(1, 9)


def test_other_threads_go_on_while_a_picture_is_decoded():
    large = cv2.resize(PICTURE, (3840, 2160))
    for kind in ("JPEG", "PNG"):
        raw = encoded(Image.fromarray(large), kind)
        assert turns_beside(lambda raw=raw: decode_image(raw)) > 0
