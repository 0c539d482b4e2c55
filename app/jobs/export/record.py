"""What an export has to say about itself, gathered frame by frame."""

from collections.abc import Iterable

from app.domain.finding import counted, listed, quoted
from app.domain.legend import UNMAPPED_COLOR, LegendEntry
from app.domain.sequence import Frame
from app.formats.export_manifest import ExportManifest, ManifestFrame, ManifestProblem, Triple
from app.jobs.export.piece import Piece
from app.jobs.export.request import ExportRequest, ExportSummary


class ExportRecord:
    """Frames, legend, problems and notes of one export; lives on the thread that exports."""

    def __init__(self, job: str, request: ExportRequest) -> None:
        self._job = job
        self._request = request
        self._frames: list[ManifestFrame] = []
        self._problems: list[ManifestProblem] = []
        self._notes: dict[str, list[str]] = {}
        self._legend: dict[int, LegendEntry] = {}
        self._unmapped: set[int] = set()
        self._conflicts: set[int] = set()
        self.cameras: dict[str, str] = {}

    @property
    def next_number(self) -> int:
        """Of the next frame."""
        return len(self._frames)

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """Every label key of the exported frames; those without an entry of the job get a grey one."""
        unmapped = sorted(self._unmapped - set(self._legend))
        grey = (LegendEntry(key, f"Unmapped key {key}", "", UNMAPPED_COLOR, color_given=False) for key in unmapped)
        return (*self._legend.values(), *grey)

    @property
    def frame_ids(self) -> tuple[str, ...]:
        """Of the exported frames."""
        return tuple(frame.frame_id for frame in self._frames)

    def add(self, piece: Piece, files: Iterable[str], *, origin: Triple | None = None) -> None:
        """A frame is in these files, ``origin`` away from its source coordinates in metres."""
        record, labelled = piece.frame.record, piece.label_keys is not None
        self._frames.append(
            ManifestFrame(
                number=piece.number,
                position=piece.frame.index,
                frame_id=storable(record.frame_id),
                points=len(piece.cloud),
                labelled=labelled,
                files=tuple(files),
                origin=origin,
            )
        )
        if not labelled and (record.mask_expected or record.mask_url):
            self.problem(piece.frame, "mask.", "Exported without labels.")
        self._unmapped.update(key for key in piece.frame.label_counts if piece.frame.legend.get(key) is None)
        for entry in piece.frame.legend:
            if self._legend.setdefault(entry.label_key, entry) != entry:
                self._conflicts.add(entry.label_key)

    def problem(self, frame: Frame, rules: str, what: str) -> None:
        """Something of a frame is not in the export; the findings whose rule begins with ``rules`` say why."""
        reasons = [finding.message for finding in frame.findings if finding.rule.startswith(rules)]
        self._problems.append(ManifestProblem(storable(frame.record.frame_id), storable(" ".join([what, *reasons]))))

    def job_problem(self, message: str) -> None:
        """Something of the whole job is not in the export."""
        self._problems.append(ManifestProblem("", storable(message)))

    def note(self, message: str, frame: Frame | None = None) -> None:
        """Something to know, without a full stop; the same about several frames becomes one line."""
        frames = self._notes.setdefault(message, [])
        if frame is not None:
            frames.append(frame.record.frame_id)

    def summary(self) -> ExportSummary:
        """The end."""
        points = sum(frame.points for frame in self._frames)
        return ExportSummary(self._request.folder, len(self._frames), points, tuple(self._problems), self._told())

    def manifest(self) -> ExportManifest:
        """The end, for the folder."""
        return ExportManifest(
            job=storable(self._job),
            format=self._request.format.value,
            whole=self._request.whole,
            frames=tuple(self._frames),
            cameras={name: storable(camera) for name, camera in self.cameras.items()},
            problems=tuple(self._problems),
            notes=self._told(),
        )

    def _told(self) -> tuple[str, ...]:
        notes = [f"{message}{self._where(frames)}." for message, frames in self._notes.items()]
        if self._conflicts:
            keys = counted(len(self._conflicts), "label key")
            notes.append(f"The frames' legends differ in {keys}; legend.yaml has the first frame's entry.")
        return tuple(map(storable, notes))

    def _where(self, frames: list[str]) -> str:
        if not frames:
            return ""
        if len(frames) == len(self._frames) > 1:
            return " (all frames)"
        return f" ({'frame' if len(frames) == 1 else 'frames'} {listed(map(quoted, frames))})"


def storable(text: str) -> str:
    """Text that UTF-8 can hold: names of files may carry bytes that are none."""
    return text.encode("utf-8", "replace").decode("utf-8")
