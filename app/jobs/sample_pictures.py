"""Pictures of the samples that cameras are linked to, out of their stored videos and images."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal, TypeVar

from app.domain.arrays import Bytes
from app.domain.tracking import Size
from app.errors import InputError
from app.formats.images import decode_image, image_size
from app.formats.video import Video, open_video
from app.jobs.files import JobFiles, read_bytes
from app.workspace import CameraLink
from app.workspace.addresses import sample_media_address
from app.workspace.local_files import LocalFile

_Result = TypeVar("_Result")
MediaKind = Literal["video", "image"]


class SamplePictures:
    """One video per camera stays open until ``close``; safe to use from any thread."""

    def __init__(self, files: JobFiles) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._open: dict[str, _OpenVideo] = {}
        self._closed = False

    def close(self) -> None:
        """Release every video. What is asked for later is opened for that one question."""
        with self._lock:
            self._closed = True
            held = tuple(self._open.values())
        for video in held:
            video.release()

    def stored(self, camera: str) -> tuple[LocalFile | None, LocalFile | None]:
        """The video and the picture of the camera's sample, as far as they were fetched."""
        link = self._files.link(camera)
        if link is None:
            return None, None
        return self._files.find(media_address(link, "video")), self._files.find(media_address(link, "image"))

    def picture(self, camera: str, index: int) -> Bytes:
        """The sample's picture for a frame of the job, (H, W, 3) uint8 RGB, read-only.

        Raises InputError where the sample has no such picture or none was fetched, ImageFormatError and
        WorkspaceError where it cannot be read.
        """
        number = index + self._link(camera).frame_offset
        image = self._only_image(camera)
        if image is not None:
            if number != 0:
                raise _single(camera)
            return decode_image(read_bytes(image, "the picture of the sample"))
        return self._of_video(camera, lambda video: video.frame(_within(number, video, camera)))

    def size(self, camera: str) -> Size:
        """(width, height) in pixels of the sample's pictures; raises as ``picture``."""
        image = self._only_image(camera)
        if image is not None:
            with image.open("the picture of the sample") as stream:
                return image_size(stream)
        return self._of_video(camera, lambda video: video.size)

    def check(self, camera: str, index: int) -> None:
        """Raise as ``picture`` would where a frame of the job lies outside of the sample; decodes nothing of it."""
        number = index + self._link(camera).frame_offset
        if self._only_image(camera) is None:
            self._of_video(camera, lambda video: _within(number, video, camera))
        elif number != 0:
            raise _single(camera)

    def frame_count(self, camera: str) -> int:
        """Frames of the sample's video; raises as ``picture``."""
        return self._of_video(camera, len)

    def _link(self, camera: str) -> CameraLink:
        link = self._files.link(camera)
        if link is None:
            raise InputError(f"The camera {camera} is not linked to a sample.")
        return link

    def _only_image(self, camera: str) -> LocalFile | None:
        video, image = self.stored(camera)
        return image if video is None else None

    def _of_video(self, camera: str, ask: Callable[[Video], _Result]) -> _Result:
        file, _ = self.stored(camera)
        if file is None:
            name = self._link(camera).sample_name or f"sample {self._link(camera).sample_id}"
            raise InputError(f"The pictures of {name} are not here.", next_step="Fetch the tracking of this camera.")
        with self._lock:
            held = self._open.setdefault(camera, _OpenVideo())
        with held.opened(file) as video:
            answer = ask(video)
        if self._closed:
            held.release()
        return answer


def media_address(link: CameraLink, kind: MediaKind) -> str:
    """Under which address the pictures of a link's sample are kept."""
    return sample_media_address(ei_project_id=link.ei_project_id, sample_id=link.sample_id, kind=kind)


class _OpenVideo:
    """A video with the file behind it, opened anew when the file is another one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: LocalFile | None = None
        self._video: Video | None = None
        self._stack = ExitStack()

    @contextmanager
    def opened(self, file: LocalFile) -> Iterator[Video]:
        with self._lock:
            if self._video is None or self._file != file:
                self._release()
                stream = self._stack.enter_context(file.open("the video of the sample"))
                try:
                    self._video = self._stack.enter_context(open_video(stream))
                except BaseException:
                    self._release()
                    raise
                self._file = file
            yield self._video

    def release(self) -> None:
        with self._lock:
            self._release()

    def _release(self) -> None:
        self._stack.close()
        self._file, self._video = None, None


def _single(camera: str) -> InputError:
    return InputError(f"The sample of camera {camera} is a single picture, with none for this frame.")


def _within(number: int, video: Video, camera: str) -> int:
    if not 0 <= number < len(video):
        raise InputError(
            f"The sample of camera {camera} has {len(video):,} frames, so none with the number {number:,}.",
            next_step="Check the frame offset of the link.",
        )
    return number
