"""Where the frames of a video lie in time, from its packets alone: nothing is decoded for it."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ImageFormatError

if TYPE_CHECKING:
    import av
    from av.video.stream import VideoStream

_NEXT_STEP = "Fetch the video again."


@dataclass(frozen=True)
class KeyFrame:
    """A frame that can be decoded by itself; times in units of the stream."""

    pts: int
    dts: int


@dataclass(frozen=True)
class Timeline:
    """Presentation times of all frames in presentation order, and the key frames among them."""

    pts: tuple[int, ...]
    keys: tuple[KeyFrame, ...]

    def key_before(self, pts: int) -> KeyFrame:
        """The last key frame that is shown no later than ``pts``, else the first there is."""
        place = bisect_right(self.keys, pts, key=lambda key: key.pts)
        return self.keys[max(0, place - 1)]


def read_timeline(container: "av.container.InputContainer", stream: "VideoStream", *, max_frames: int) -> Timeline:
    """Read every packet of the stream; raises ImageFormatError without any frame, above ``max_frames`` (before
    reading, where the header tells) and where packets are missing at the end."""
    _check_count(max(stream.frames, len(stream.index_entries)), max_frames)
    times: set[int] = set()
    keys: dict[int, KeyFrame] = {}
    for packet in container.demux(stream):
        shown = packet.pts if packet.pts is not None else packet.dts
        if not packet.size or packet.is_discard or packet.is_corrupt or shown is None:
            continue
        times.add(shown)
        if packet.is_keyframe:
            keys[shown] = KeyFrame(shown, shown if packet.dts is None else packet.dts)
        _check_count(len(times), max_frames)
    expected = sum(not entry.is_discard for entry in stream.index_entries)
    if len(times) < expected:
        message = f"The video is cut short: {len(times):,} of {expected:,} frames are there."
        raise ImageFormatError(message, next_step=_NEXT_STEP)
    if not times:
        raise ImageFormatError("The video has no frames.", next_step=_NEXT_STEP)
    ordered = tuple(sorted(times))
    first = KeyFrame(ordered[0], ordered[0])
    return Timeline(ordered, tuple(keys[pts] for pts in sorted(keys)) or (first,))


def _check_count(frames: int, max_frames: int) -> None:
    if frames > max_frames:
        raise ImageFormatError(
            f"The video has {frames:,} frames, {max_frames:,} are allowed.",
            next_step="Ask for a shorter version of the video.",
        )
