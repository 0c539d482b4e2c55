"""What the samples of the object-tracking service show: a delivery's camera pictures, as a video or one by one."""

import io
import threading
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from app.domain.arrays import Bytes
from app.formats.images import decode_image
from app.sandbox.deliveries import Delivery

FRAME_RATE = 10  # Hz
KEY_FRAME_EVERY = 12  # frames
_ENCODERS = ("libx264", "mpeg4")  # the first is left out of some builds of FFmpeg
_SETTINGS = {"libx264": {"preset": "veryfast", "crf": "20"}, "mpeg4": {}}


class SampleMedia:
    """Videos of cameras, each encoded when it is first asked for and kept; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._videos: dict[tuple[Path, str], bytes] = {}

    def video(self, delivery: Delivery, camera: str) -> bytes:
        """An MP4 of a camera's pictures, one frame for each frame of the job."""
        with self._lock:
            key = (delivery.folder, camera)
            if key not in self._videos:
                self._videos[key] = encode_video([_decoded(path) for path in _paths(delivery, camera)])
            return self._videos[key]


def first_picture(delivery: Delivery, camera: str) -> Path | None:
    """The file of the camera's first picture; None without any."""
    return next((path for path in _paths(delivery, camera) if path), None)


def encode_video(pictures: Iterable[Bytes | None], *, codec: str = "", rate: int = FRAME_RATE) -> bytes:
    """An MP4 of (H, W, 3) uint8 RGB pictures, all in the first one's size; black where there is none."""
    given = list(pictures)
    shape = next((picture.shape for picture in given if picture is not None), (48, 64, 3))
    codec = codec or next(name for name in _ENCODERS if name in av.codecs_available)
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = _stream(container, codec, (shape[1], shape[0]), rate)
        for picture in given:
            shown = np.zeros(shape, np.uint8) if picture is None else picture
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown), format="rgb24")
            container.mux(stream.encode(frame.reformat(stream.width, stream.height, stream.pix_fmt)))
        container.mux(stream.encode(None))
    return target.getvalue()


def _stream(container: "av.container.OutputContainer", codec: str, size: tuple[int, int], rate: int) -> VideoStream:
    stream = container.add_stream(codec, rate=Fraction(rate), options=dict(_SETTINGS.get(codec, {})))
    assert isinstance(stream, VideoStream)
    # chroma is stored once for two pixels each way, so both sides are even
    stream.width, stream.height = size[0] - size[0] % 2, size[1] - size[1] % 2
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    stream.codec_context.gop_size = KEY_FRAME_EVERY
    if codec == "mpeg4":
        stream.bit_rate = 8 * size[0] * size[1]
    return stream


def _paths(delivery: Delivery, camera: str) -> list[Path | None]:
    return [delivery.picture(camera, index) for index in range(len(delivery.sequence))]


def _decoded(path: Path | None) -> Bytes | None:
    return decode_image(path.read_bytes()) if path else None
