"""The cameras of a job as they are placed: what the user chose for its poses, and what its data speaks for."""

import threading
from collections.abc import Mapping

import numpy as np

from app.domain.calibration import Calibration, ShownPicture
from app.domain.cloud_space import CloudSpace, space_of_cameras
from app.domain.convention_guess import Evidence, Suggestion, suggest_convention
from app.domain.finding import Finding, Severity
from app.domain.lens_scale import LensScale, lens_scale
from app.domain.placed_camera import PlacedCamera
from app.domain.pose_convention import DOCUMENTED, PoseConvention
from app.domain.sequence import Frame, Sequence
from app.domain.tracking import Size
from app.jobs.pictures import Pictures

FRAMES = 3  # that are looked at for a suggestion: the first ones that are decoded
POINTS = 2000  # of each of them


class JobRig:
    """Safe to use from any thread. ``chosen`` is the user's convention, None while nobody chose one."""

    def __init__(self, sequence: Sequence, pictures: Pictures, *, chosen: PoseConvention | None = None) -> None:
        self._sequence = sequence
        self._pictures = pictures
        self._chosen = chosen
        self._evidence: dict[int, Evidence] = {}
        self._suggested: tuple[int, Suggestion | None] | None = None
        self._space: tuple[PoseConvention, CloudSpace | None] | None = None
        self._lock = threading.Lock()

    @property
    def chosen(self) -> PoseConvention | None:
        """What the user decided."""
        return self._chosen

    def choose(self, convention: PoseConvention | None) -> None:
        """Read poses like this from now on; None as documented."""
        self._chosen = convention

    @property
    def convention(self) -> PoseConvention:
        """The one in force."""
        return self._chosen or DOCUMENTED

    @property
    def calibration(self) -> Calibration:
        """The cameras under the convention in force."""
        return Calibration(self._sequence, self.convention)

    @property
    def space(self) -> CloudSpace | None:
        """The space of the clouds as the cameras tell it, worked out once for a convention; None where they do not."""
        calibration = self.calibration
        if self._space is None or self._space[0] != calibration.convention:
            self._space = calibration.convention, space_of_cameras(calibration)
        return self._space[1]

    def placed(self, index: int, camera: str, *, size: Size) -> PlacedCamera | None:
        """A camera as it took its picture of a frame, of ``size`` (width, height); None without a pose or a lens, or
        where a linked sample's picture has another shape."""
        return self.calibration.placed(index, camera, self._shown(index, camera, size))

    def at(self, index: int, sizes: Mapping[str, Size]) -> tuple[PlacedCamera, ...]:
        """Every camera of a frame with a pose and a lens, see ``Calibration.rig``; ``sizes`` of pictures by camera."""
        shown = {camera: self._shown(index, camera, size) for camera, size in sizes.items()}
        return self.calibration.rig(index, shown)

    def scale(self, index: int, camera: str, size: Size) -> LensScale | None:
        """What the intrinsics of a camera are for, decided for its picture of a frame; None without a lens."""
        lens, shown = self._sequence.camera(camera), self._shown(index, camera, size)
        if lens is None:
            return None
        return lens_scale(lens, shown.size, elsewhere=shown.elsewhere, own_size=shown.own_size)

    def look_at(self, frame: Frame) -> None:
        """Take points of a decoded frame as evidence, while there is too little of it."""
        cloud = frame.cloud
        if cloud is None or len(self._evidence) >= FRAMES or not len(cloud):
            return
        rows = cloud.xyz[:: max(1, len(cloud) // POINTS)]
        points = rows[np.isfinite(rows).all(axis=1)].astype(np.float64) + cloud.origin
        with self._lock:
            if len(self._evidence) < FRAMES:
                self._evidence[frame.index] = Evidence(frame.index, points)

    @property
    def is_judged(self) -> bool:
        """Whether the last suggestion is from all the evidence that there is."""
        return self._suggested is not None and self._suggested[0] == len(self._evidence)

    def suggestion(self) -> Suggestion | None:
        """What the frames decoded so far speak for; kept until there are more. None where no camera has a pose."""
        with self._lock:
            evidence = [self._evidence[index] for index in sorted(self._evidence)]
            if self._suggested is None or self._suggested[0] != len(evidence):
                pictures = self._sizes([frame.index for frame in evidence] or [0]) if self._sequence.frames else {}
                self._suggested = len(evidence), suggest_convention(self._sequence, evidence, pictures)
            return self._suggested[1]

    def findings(self) -> tuple[Finding, ...]:
        """``calibration.convention`` where the data clearly speaks for another reading than the one in force: a warning
        for the documented one, an info for one that a person chose."""
        suggestion = self.suggestion()
        if suggestion is None or not suggestion.sure or suggestion.convention == self.convention:
            return ()
        chosen = self._chosen is not None
        message = (
            f"Camera poses are read as {self.convention.words}{', as chosen' if chosen else ''}, but they look like "
            f"{suggestion.convention.words}. {suggestion.reason} Choose it in the window under View, Calibration, or "
            "with --camera-poses."
        )
        return (Finding("calibration.convention", Severity.INFO if chosen else Severity.WARNING, message),)

    def sizes(self, index: int) -> dict[str, Size]:
        """(width, height) of the pictures of a frame that can be read, by camera."""
        sizes = {camera.name: self._pictures.known_size(index, camera.name) for camera in self._sequence.cameras}
        return {camera: size for camera, size in sizes.items() if size is not None}

    def _shown(self, index: int, camera: str, size: Size) -> ShownPicture:
        if not self._pictures.shows_sample(index, camera):
            return ShownPicture(size)
        return ShownPicture(size, elsewhere=True, own_size=self._pictures.own_size(index, camera))

    def _sizes(self, indexes: list[int]) -> dict[str, ShownPicture]:
        """Of each camera the first picture that can be read at these frames."""
        found: dict[str, ShownPicture] = {}
        for camera in (camera.name for camera in self._sequence.cameras):
            for index in indexes:
                size = self._pictures.known_size(index, camera)
                if size is not None:
                    found[camera] = self._shown(index, camera, size)
                    break
        return found
