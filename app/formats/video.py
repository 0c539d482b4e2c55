"""Camera pictures out of a video: MP4, decoded by FFmpeg (through PyAV), one frame at a time by its place.

Only FFmpeg's MP4 reader is used, and it may open nothing but the stream it is given: others of FFmpeg's many formats
name further files and addresses, which a file's contents must not reach.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, Self

import numpy as np

from app.domain.arrays import Bytes, frozen
from app.domain.tracking import Size
from app.errors import ImageFormatError
from app.formats.images import MAX_PIXELS
from app.formats.video_index import Timeline, read_timeline

if TYPE_CHECKING:
    import av
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MAX_FRAMES = 500_000  # over four hours at 30 Hz; the service takes videos of up to 100 MB
_BUFFER = 1 << 18  # bytes read from the stream at a time
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")  # ISO/IEC 14496-12 and QuickTime
_NEXT_STEP = "Fetch the video again; other formats than MP4 are not supported."


class Video:
    """An open video; safe to use from any thread, one frame at a time. Close it to release what it holds.

    ``size`` is (width, height) in pixels of what ``frame`` gives, ``rate`` the average in Hz or None where unknown.
    """

    def __init__(self, container: "av.container.InputContainer", *, max_pixels: int, max_frames: int) -> None:
        self._container = container
        self._stream = _video_stream(container)
        self._max_pixels = max_pixels
        self._lock = threading.Lock()
        _check_size(self._stream.width, self._stream.height, max_pixels)
        self._stream.codec_context.options = {"max_pixels": str(max_pixels)}
        self._timeline: Timeline = read_timeline(container, self._stream, max_frames=max_frames)
        self._frames: Iterator[VideoFrame] = iter(())
        self._next: int | None = None  # the frame that ``_frames`` gives next, None where that is not known
        self._last: tuple[int, Bytes] | None = None
        height, width = self.frame(0).shape[:2]
        self.size: Size = (width, height)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._timeline.pts)

    @property
    def rate(self) -> float | None:
        """Frames per second as the file declares them."""
        rate = self._stream.average_rate
        return float(rate) if rate else None

    def close(self) -> None:
        """Release decoder and reader; the stream stays open. May be called twice."""
        with self._lock:
            self._frames, self._next, self._last = iter(()), None, None
            self._container.close()

    def frame(self, index: int) -> Bytes:
        """Frame ``index`` in presentation order, (H, W, 3) uint8 RGB, read-only, turned as the file asks.

        Forward from the last one only what lies between is decoded, elsewhere from the key frame before. Raises
        ImageFormatError where there is no such frame or it is damaged.
        """
        if not 0 <= index < len(self):
            raise ImageFormatError(f"The video has {len(self):,} frames, so there is none at {index:,}.")
        with self._lock:
            if self._last is None or self._last[0] != index:
                self._last = (index, self._decoded(index))
            return self._last[1]

    def _decoded(self, index: int) -> Bytes:
        with _decoding(f"Frame {index:,} of the video"):
            try:
                return frozen(_rgb(self._found(index), self._max_pixels))
            except BaseException:
                self._next = None  # whatever comes next is decoded from a key frame
                raise

    def _found(self, index: int) -> "VideoFrame":
        wanted = self._timeline.pts[index]
        key = self._timeline.key_before(wanted)
        if self._next is None or not self._timeline.pts[self._next : self._next + 1] or self._behind(index, key.pts):
            self._container.seek(key.dts, stream=self._stream)
            self._frames = self._container.decode(self._stream)
        for frame in self._frames:
            if frame.pts is not None and frame.pts >= wanted:
                self._next = index + 1
                if frame.pts != wanted or frame.is_corrupt:
                    break
                return frame
        raise ImageFormatError(f"Frame {index:,} of the video is damaged.", next_step=_NEXT_STEP)

    def _behind(self, index: int, key_pts: int) -> bool:
        """Whether the wanted frame was passed already, or a key frame is nearer to it than what comes next."""
        following = self._next if self._next is not None else 0
        return index < following or key_pts > self._timeline.pts[following]


def open_video(stream: BinaryIO, *, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES) -> Video:
    """Open an MP4 from a seekable stream, which must stay open as long as the video is used.

    Raises ImageFormatError, before anything large is decoded, for what is no MP4, has no pictures, is damaged or cut
    short, or has more pixels or frames than allowed.
    """
    check_video_kind(stream)
    import av  # FFmpeg is loaded once there is a video

    with _decoding("The video"):
        container = av.open(
            stream,
            mode="r",
            format="mp4",
            options={"max_pixels": str(max_pixels)},
            buffer_size=_BUFFER,
            io_open=_refuse_files,
            metadata_errors="ignore",
        )
    try:
        with _decoding("The video"):
            return Video(container, max_pixels=max_pixels, max_frames=max_frames)
    except BaseException:
        container.close()
        raise


@contextmanager
def _decoding(what: str) -> Iterator[None]:
    """Turn FFmpeg's errors into ours."""
    import av

    try:
        yield
    except av.FFmpegError as error:
        reason = error.strerror or type(error).__name__
        raise ImageFormatError(f"{what} is damaged or cut short ({reason}).", next_step=_NEXT_STEP) from error
    except EOFError as error:
        raise ImageFormatError(f"{what} is cut short.", next_step=_NEXT_STEP) from error


def check_video_kind(stream: BinaryIO) -> None:
    """Raise ImageFormatError where the first bytes are those of something else than an MP4; the stream goes back."""
    start = stream.tell()
    head = stream.read(16)
    stream.seek(start)
    if not head:
        raise ImageFormatError("The video file is empty.", position=0, next_step=_NEXT_STEP)
    if head[4:8] not in _FIRST_BOXES:
        raise ImageFormatError(f"The file is {_kind(head)}, not an MP4 video.", position=0, next_step=_NEXT_STEP)


def _kind(head: bytes) -> str:
    known = (
        (b"<", "a text such as SVG or HTML"),
        (b"{", "a JSON document"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"\x89PNG", "a PNG picture"),
        (b"RIFF", "an AVI or WebP file"),
        (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
        (b"GIF8", "a GIF"),
    )
    return next((what for magic, what in known if head.lstrip().startswith(magic)), "of an unknown kind")


def _refuse_files(url: str, flags: int, options: Any) -> NoReturn:
    raise ImageFormatError("The video refers to another file, which is not followed.", next_step=_NEXT_STEP)


def _video_stream(container: "av.container.InputContainer") -> "VideoStream":
    streams: tuple[VideoStream, ...] = container.streams.video
    found = next((stream for stream in streams if not _is_cover(stream)), None)
    if found is None:
        raise ImageFormatError("The file has no video in it.", next_step=_NEXT_STEP)
    if found.codec_context is None:  # an encoding that FFmpeg has no decoder for
        raise ImageFormatError("The video is in an encoding that cannot be read here.", next_step=_NEXT_STEP)
    return found


def _is_cover(stream: "VideoStream") -> bool:
    """Whether it is a single picture for lists of videos."""
    import av

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise ImageFormatError(
            f"The video is too large: {width} x {height} pixels, {max_pixels:,} are allowed.",
            next_step="Ask for a smaller version of the video.",
        )
    if width <= 0 or height <= 0:
        raise ImageFormatError("The video has no pixels.", next_step=_NEXT_STEP)


def _rgb(frame: "VideoFrame", max_pixels: int) -> Bytes:
    _check_size(frame.width, frame.height, max_pixels)
    pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    quarter_turns, rest = divmod(frame.rotation, 90)
    if rest or _is_mirrored(frame):
        how = f"turned by {frame.rotation} degrees" if rest else "mirrored"
        raise ImageFormatError(f"The video asks to be shown {how}, which is not supported.")
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns)) if quarter_turns else pixels


def _is_mirrored(frame: "VideoFrame") -> bool:
    """Whether its display matrix (libavutil/display.h: nine int32, row by row) swaps left and right."""
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return False
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5].astype(np.float64)
    return bool(a * d - b * c < 0)
