"""Frames out of MP4 videos: the very one that was asked for, or a sentence."""

import io
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import ImageFormatError
from app.formats.video import open_video

FRAMES = 60
SIZE = (160, 96)  # width, height
BITS = 8


def picture(index: int) -> np.ndarray:
    """A picture that tells its number: a white block for each set bit, and a corner that is red."""
    pixels = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    for bit in range(BITS):
        if index >> bit & 1:
            pixels[8:24, 16 * bit : 16 * bit + 16] = 255
    pixels[64:, :40] = (220, 30, 30)
    return pixels


def number_in(pixels: np.ndarray) -> int:
    return sum(1 << bit for bit in range(BITS) if pixels[16, 16 * bit + 8].mean() > 128)


def encoded(
    pictures: Sequence[np.ndarray],
    *,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    rotation: float | None = None,
    mirrored: bool = False,
    target: str | io.BytesIO | None = None,
    muxer: dict[str, str] | None = None,
) -> bytes:
    """An MP4, written here and not by the program."""
    if codec not in av.codecs_available:
        pytest.skip(f"this build of FFmpeg has no {codec}")
    sink = target or io.BytesIO()
    with av.open(sink, "w", format="mp4", options=muxer or {}) as container:
        stream = container.add_stream(codec, rate=10, options=options or {})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = 12
        if codec == "mpeg4":
            stream.bit_rate = 4_000_000
        if rotation is not None:
            stream.set_display_rotation(rotation, hflip=mirrored)
        for pixels in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return Path(sink).read_bytes() if isinstance(sink, str) else sink.getvalue()


@pytest.fixture(scope="module")
def numbered() -> list[np.ndarray]:
    return [picture(index) for index in range(FRAMES)]


@pytest.fixture(scope="module")
def whole(numbered: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """With its index at the front, so that one may cut it anywhere behind."""
    path = tmp_path_factory.mktemp("video") / "whole.mp4"
    return encoded(numbered, options={"bf": "3"}, target=str(path), muxer={"movflags": "faststart"})


CODECS = [
    ("libx264", {"bf": "3"}),
    ("libx264", {"x264-params": "open-gop=1:bframes=3:log-level=-1"}),
    ("mpeg4", {}),
    ("mpeg4", {"bf": "2"}),
    ("mjpeg", {}),
]


@pytest.mark.parametrize(("codec", "options"), CODECS, ids=["h264", "h264 open gop", "mpeg4", "mpeg4 b", "mjpeg"])
def test_every_frame_is_what_was_encoded_in_any_order(
    numbered: list[np.ndarray], codec: str, options: dict[str, str]
) -> None:
    with open_video(io.BytesIO(encoded(numbered, codec=codec, options=options))) as video:
        assert (len(video), video.size, video.rate) == (FRAMES, SIZE, 10.0)
        order = [*range(FRAMES), *np.random.default_rng(7).permutation(FRAMES).tolist(), *reversed(range(FRAMES))]
        for index in order:
            frame = video.frame(index)
            assert number_in(frame) == index
            assert np.abs(frame.astype(int) - numbered[index]).mean() < 6


def test_a_frame_is_rgb_and_cannot_be_written_to(whole: bytes) -> None:
    with open_video(io.BytesIO(whole)) as video:
        frame = video.frame(3)
    assert (frame.shape, frame.dtype, frame.flags.writeable) == ((96, 160, 3), np.uint8, False)
    red, green, blue = frame[80, 20].astype(int)
    assert red > 150 > max(green, blue)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, FRAMES - 1), min_size=1, max_size=12))
def test_any_order_of_questions_gives_the_frames_asked_for(whole: bytes, order: list[int]) -> None:
    with open_video(io.BytesIO(whole)) as video:
        assert [number_in(video.frame(index)) for index in order] == order


def test_playing_forward_decodes_each_frame_once(whole: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_video(io.BytesIO(whole)) as video:
        seeks: list[int] = []
        real = video._container
        monkeypatch.setattr(video, "_container", _Counting(real, seeks))
        for index in range(FRAMES):
            video.frame(index)
        assert seeks == []
        video.frame(2)
        assert len(seeks) == 1


class _Counting:
    def __init__(self, container: "av.container.InputContainer", seeks: list[int]) -> None:
        self._container = container
        self._seeks = seeks

    def seek(self, offset: int, **options: object) -> None:
        self._seeks.append(offset)
        self._container.seek(offset, **options)  # type: ignore[arg-type]

    def decode(self, stream: object) -> object:
        return self._container.decode(stream)  # type: ignore[call-overload]

    def close(self) -> None:
        self._container.close()


def test_several_threads_may_ask_at_once(whole: bytes) -> None:
    start = threading.Barrier(4)
    with open_video(io.BytesIO(whole)) as video, ThreadPoolExecutor(4) as pool:

        def look(seed: int) -> bool:
            start.wait(10)
            order = np.random.default_rng(seed).permutation(FRAMES)[:25].tolist()
            return [number_in(video.frame(index)) for index in order] == order

        assert all(pool.map(look, range(4)))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_video_is_shown_as_it_asks(turn: int) -> None:
    with open_video(io.BytesIO(encoded([picture(5)] * 3, rotation=turn))) as video:
        expected = np.rot90(picture(5), turn // 90)
        assert video.size == (expected.shape[1], expected.shape[0])
        assert np.abs(video.frame(1).astype(int) - expected).mean() < 6


@pytest.mark.parametrize(("turn", "mirrored", "said"), [(30, False, r"turned by \d\d degrees"), (0, True, "mirrored")])
def test_what_cannot_be_turned_is_told(turn: int, mirrored: bool, said: str) -> None:
    raw = encoded([picture(5)] * 3, rotation=turn, mirrored=mirrored)
    with pytest.raises(ImageFormatError, match=said):
        open_video(io.BytesIO(raw))


@pytest.mark.parametrize("index", [-1, FRAMES, 10**9])
def test_a_frame_that_is_not_there_is_told_with_the_count(whole: bytes, index: int) -> None:
    with open_video(io.BytesIO(whole)) as video, pytest.raises(ImageFormatError, match="60 frames"):
        video.frame(index)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b'{"success": false}', "a JSON document"),
        (b"<!doctype html><title>Log in</title>", "a text such as SVG or HTML"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "a JPEG picture"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "an AVI or WebP file"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "of an unknown kind"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "damaged or cut short"),
        (b"\x00\x00\x00\x18ftypmp42", "damaged or cut short"),
    ],
)
def test_what_is_no_video_is_named(raw: bytes, said: str) -> None:
    with pytest.raises(ImageFormatError, match=said):
        open_video(io.BytesIO(raw))


def test_a_file_with_sound_alone_has_no_video() -> None:
    sink = io.BytesIO()
    with av.open(sink, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(ImageFormatError, match="no video in it"):
        open_video(io.BytesIO(sink.getvalue()))


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_a_cut_video_is_told_with_what_is_there(whole: bytes, share: float) -> None:
    cut = whole[: int(len(whole) * share)]
    with pytest.raises(ImageFormatError, match=r"cut short: \d+ of 60 frames|damaged or cut short"):
        open_video(io.BytesIO(cut))


def test_no_byte_may_be_missing_at_the_end(whole: bytes) -> None:
    with pytest.raises(ImageFormatError, match="59 of 60 frames"):
        open_video(io.BytesIO(whole[:-1]))


@settings(max_examples=60)
@given(data=st.data())
def test_damage_gives_frames_or_a_sentence_and_nothing_else(whole: bytes, data: st.DataObject) -> None:
    raw = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ImageFormatError), open_video(io.BytesIO(bytes(raw))) as video:
        for index in range(min(len(video), FRAMES)):
            with suppress(ImageFormatError):
                assert video.frame(index).ndim == 3


def test_a_damaged_frame_is_told_and_later_ones_still_come(numbered: list[np.ndarray]) -> None:
    raw = bytearray(encoded(numbered, codec="mjpeg"))
    start, end = _place_of_packet(bytes(raw), 20), _place_of_packet(bytes(raw), 21)
    raw[start:end] = bytes(end - start)
    with open_video(io.BytesIO(bytes(raw))) as video:
        with pytest.raises(ImageFormatError, match="Frame 20"):
            video.frame(20)
        assert [number_in(video.frame(index)) for index in (19, 21, 40)] == [19, 21, 40]


def _place_of_packet(raw: bytes, number: int) -> int:
    with av.open(io.BytesIO(raw)) as container:
        packets = [packet.pos for packet in container.demux(container.streams.video[0]) if packet.size]
    place = packets[number]
    assert place is not None
    return place


def test_too_many_pixels_or_frames_are_refused_before_decoding(whole: bytes) -> None:
    with pytest.raises(ImageFormatError, match=r"160 x 96 pixels, 1,000 are allowed"):
        open_video(io.BytesIO(whole), max_pixels=1000)
    with pytest.raises(ImageFormatError, match=r"60 frames, 59 are allowed"):
        open_video(io.BytesIO(whole), max_frames=59)


def test_a_size_that_only_the_header_claims_fills_no_memory(numbered: list[np.ndarray]) -> None:
    raw = encoded(numbered[:2], codec="mpeg4")
    width_and_height = (160).to_bytes(2, "big") + (96).to_bytes(2, "big")
    assert raw.count(width_and_height) == 1
    huge = raw.replace(width_and_height, b"\xff\xff\xff\xff")
    with open_video(io.BytesIO(huge)) as video:  # what its frames say of themselves counts
        assert (video.size, number_in(video.frame(1))) == (SIZE, 1)


def test_an_unknown_encoding_is_told(whole: bytes) -> None:
    with pytest.raises(ImageFormatError, match="cannot be read here"):
        open_video(io.BytesIO(whole.replace(b"avc1\x00", b"zzz1\x00")))


def test_a_closed_video_leaves_the_stream_to_its_owner(whole: bytes) -> None:
    stream = io.BytesIO(whole)
    video = open_video(stream)
    video.close()
    video.close()
    stream.seek(0)
    with open_video(stream) as again:
        assert number_in(again.frame(9)) == 9
