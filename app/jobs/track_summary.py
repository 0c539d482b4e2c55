"""A track of a camera as lists and the timeline show it: its facts by frames of the job and in pixels of the image."""

from dataclasses import dataclass, replace

from app.domain.finding import counted
from app.domain.track_facts import BoxSize, Span, TrackFacts, frames_in, gaps_of, spans_of
from app.domain.track_switches import Switch, SwitchKind

LAST_TOLD = 3  # switches that are told one by one


@dataclass(frozen=True)
class TrackSummary:
    """One track in one camera: ``first`` and ``last`` are frame indices of the job, ``count`` is its boxes.

    ``gaps`` are runs of frames without a box, ``switches`` where its identity probably changed, ``kept`` runs of
    frames in which the tracker put out a box without a detection. ``mean_score`` is that of the detections behind its
    boxes, None without any; ``size`` in pixels of the image, None without a picture to place boxes in.
    """

    camera: str
    track_id: int
    label: str
    first: int
    last: int
    count: int
    gaps: tuple[Span, ...] = ()
    switches: tuple[Switch, ...] = ()
    kept: tuple[Span, ...] = ()
    mean_score: float | None = None
    size: BoxSize | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Camera and track id."""
        return self.camera, self.track_id

    @property
    def length(self) -> int:
        """Frames from the first to the last, gaps included."""
        return self.last - self.first + 1

    @property
    def spans(self) -> tuple[Span, ...]:
        """The stretches of frames with a box."""
        starts = (self.first, *(last + 1 for _, last in self.gaps))
        ends = (*(first - 1 for first, _ in self.gaps), self.last)
        return tuple(zip(starts, ends, strict=True))

    def holds(self, index: int) -> bool:
        """Whether it has a box in a frame."""
        return any(first <= index <= last for first, last in self.spans)

    @property
    def kept_frames(self) -> int:
        """Frames in which its box has no detection."""
        return frames_in(self.kept)

    @property
    def told(self) -> tuple[str, ...]:
        """Sentences about what is not as usual, with frames as people count them."""
        gaps = f"{counted(len(self.gaps), 'gap')} of {counted(frames_in(self.gaps), 'frame')} in all"
        lines = [gaps] if self.gaps else []
        if self.kept:
            lines.append(f"Kept without a detection in {counted(self.kept_frames, 'frame')}")
        lines += [switch_sentence(switch) for switch in self.switches[:LAST_TOLD]]
        more = len(self.switches) - LAST_TOLD
        return (*lines, f"{more} more switches") if more > 0 else tuple(lines)


def switch_sentence(switch: Switch) -> str:
    """Where and how a track probably changed its identity."""
    other = switch.label if switch.kind is SwitchKind.LABEL else f"track {switch.other}"
    return f"Frame {switch.frame + 1:,}: probably {switch.kind} {other}"


def summary(camera: str, facts: TrackFacts, *, frame_offset: int, size: BoxSize | None) -> TrackSummary:
    """Facts by the sample's frame numbers as frames of the job; ``size`` in pixels of the image, None without one."""
    return TrackSummary(
        camera,
        facts.track_id,
        facts.label,
        first=facts.first - frame_offset,
        last=facts.last - frame_offset,
        count=facts.boxes,
        gaps=tuple((first - frame_offset, last - frame_offset) for first, last in gaps_of(facts.spans)),
        switches=tuple(replace(switch, frame=switch.frame - frame_offset) for switch in facts.switches),
        kept=spans_of(frame - frame_offset for frame in facts.kept),
        mean_score=facts.mean_score,
        size=size,
    )
