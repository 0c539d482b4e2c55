"""The pictures of a job's cameras: the job's own, or those of the samples that cameras are linked to."""

from collections.abc import Mapping

from app.domain.arrays import Bytes
from app.domain.sequence import Sequence
from app.domain.tracking import Size
from app.errors import InputError
from app.formats.images import decode_image, image_orientation, image_size
from app.jobs.files import JobFiles, attempt, read_bytes, require
from app.jobs.sample_pictures import SamplePictures
from app.workspace import PictureSource
from app.workspace.local_files import LocalFile


class Pictures:
    """Pictures by frame and camera; safe to use from any thread. ``samples`` are those of the linked samples."""

    def __init__(self, sequence: Sequence, files: JobFiles) -> None:
        self._sequence = sequence
        self._files = files
        self._own_sizes: dict[str, Size] = {}
        self.samples = SamplePictures(files)

    def close(self) -> None:
        """Release the videos that are open."""
        self.samples.close()

    def shows_sample(self, index: int, camera: str) -> bool:
        """Whether the picture of a camera at a frame is its sample's: by the link's choice, or as the job's own is not
        here but the sample's is."""
        link = self._files.link(camera)
        if link is None or link.pictures is PictureSource.JOB:
            return False
        if link.pictures is PictureSource.SAMPLE:
            return True
        image = self._sequence.frames[index].image(camera)
        own = self._files.find(image.url) if image and image.url else None
        return own is None and any(self.samples.stored(camera))

    def fills_gaps(self, camera: str) -> bool:
        """Whether frames in which the job has no picture of the camera are shown from its sample."""
        link = self._files.link(camera)
        return link is not None and link.pictures is not PictureSource.JOB and any(self.samples.stored(camera))

    def load(self, index: int, camera: str) -> Bytes:
        """The picture, (H, W, 3) uint8 RGB; raises InputError where there is none, ImageFormatError where it cannot be
        decoded."""
        if self.shows_sample(index, camera):
            return self.samples.picture(camera, index)
        return decode_image(read_bytes(self._image_file(index, camera), "a picture"))

    def size(self, index: int, camera: str) -> Size:
        """(width, height) in pixels, from the header; raises as ``load``."""
        if self.shows_sample(index, camera):
            self.samples.check(camera, index)
            return self.samples.size(camera)
        return self._own_size(index, camera)

    def orientation(self, index: int, camera: str) -> int:
        """How the job's own picture wants to be turned, as EXIF counts; 1 for a sample's. Raises as ``load``."""
        if self.shows_sample(index, camera):
            return 1
        with self._image_file(index, camera).open("a picture") as stream:
            return image_orientation(stream)

    def known_size(self, index: int, camera: str) -> Size | None:
        """The size of a picture, None where there is none that can be read."""
        return attempt(lambda: self.size(index, camera))[0]

    def first_size(self, camera: str) -> Size | None:
        """The size of the first picture that is here."""
        sizes = (self.known_size(index, camera) for index in range(len(self._sequence)))
        return next((size for size in sizes if size is not None), None)

    def sample_size(self, camera: str) -> Size | None:
        """The size of the sample's own pictures, None where none can be read."""
        return attempt(lambda: self.samples.size(camera))[0] if any(self.samples.stored(camera)) else None

    def own_size(self, index: int, camera: str) -> Size | None:
        """The size of the job's own pictures of a camera, as one tells that can be read: that of the frame, or of the
        first, the middle or the last; None where none of them can. Read once."""
        frames = range(len(self._sequence))
        tried = (index, frames[0], frames[len(frames) // 2], frames[-1]) if camera not in self._own_sizes else ()
        for each in tried:
            size, _ = attempt(lambda each=each: self._own_size(each, camera))  # type: ignore[misc]
            if size is not None:
                self._own_sizes[camera] = size
                break
        return self._own_sizes.get(camera)

    def problems(self, index: int) -> Mapping[str, str]:
        """Why pictures of a frame cannot be shown, as far as their headers tell, by camera."""
        named = [image.camera for image in self._sequence.frames[index].images if image.url]
        linked = [camera.name for camera in self._sequence.cameras if self.shows_sample(index, camera.name)]
        problems = {camera: self._problem(index, camera) for camera in dict.fromkeys((*named, *linked))}
        return {camera: problem for camera, problem in problems.items() if problem}

    def _problem(self, index: int, camera: str) -> str:
        return attempt(lambda: self.size(index, camera))[1]

    def _own_size(self, index: int, camera: str) -> Size:
        with self._image_file(index, camera).open("a picture") as stream:
            return image_size(stream)

    def _image_file(self, index: int, camera: str) -> LocalFile:
        image = self._sequence.frames[index].image(camera)
        if image is None or not image.url:
            raise InputError(f"The result has no picture of camera {camera} for this frame.")
        return require(self._files, image.url)
