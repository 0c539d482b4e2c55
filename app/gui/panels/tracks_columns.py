"""The numbers of a track in the list: their titles, texts, order, and where they stand in a row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from app.gui.theme import caption_font, tabular_font
from app.jobs import TrackSummary

NONE = "\N{EN DASH}"
NARROWEST, WIDEST = 6.0, 24.0  # pixels between columns
Value = float | str

SortValue = Callable[[TrackSummary], Value | None]


@dataclass(frozen=True)
class Column:
    """What can be sorted by; with a ``title`` it also stands in the second line of each row.

    Other texts than ``usual`` ones come forward, where there is such.
    """

    name: str
    value: SortValue
    title: str = ""
    text: Callable[[TrackSummary], str] = lambda _track: ""
    usual: str = ""


def track_frames(track: TrackSummary) -> str:
    """First and last frame as people count them."""
    if track.first == track.last:
        return f"{track.first + 1:,}"
    return f"{track.first + 1:,}–{track.last + 1:,}"


def size_text(track: TrackSummary) -> str:
    """Median width and height in pixels."""
    return f"{track.size.width:.0f}×{track.size.height:.0f}" if track.size else NONE


def score_text(track: TrackSummary) -> str:
    """Mean score of the detections behind it."""
    return f"{track.mean_score:.2f}" if track.mean_score is not None else NONE


COLUMNS = (
    Column("Label", lambda track: track.label.casefold()),
    Column("Id", lambda track: track.track_id),
    Column("Camera", lambda track: track.camera.casefold()),
    Column("First frame", lambda track: track.first, "Frames", track_frames),
    Column("Last frame", lambda track: track.last),
    Column("Length", lambda track: track.length, "Length", lambda track: f"{track.length:,}"),
    Column("Gaps", lambda track: len(track.gaps), "Gaps", lambda track: f"{len(track.gaps)}", "0"),
    Column("Switches", lambda track: len(track.switches), "Sw.", lambda track: f"{len(track.switches)}", "0"),
    Column("Mean score", lambda track: track.mean_score, "Score", score_text),
    Column("Size", lambda track: track.size.width * track.size.height if track.size else None, "Size", size_text),
    Column("Kept without a detection", lambda track: track.kept_frames),
)
SHOWN = tuple(column for column in COLUMNS if column.title)


@dataclass(frozen=True)
class Cell:
    """A column's place in a line."""

    column: Column
    rect: QRectF


def longest_texts(tracks: Iterable[TrackSummary]) -> tuple[str, ...]:
    """Of each column that is shown; in tabular figures the longest is about the widest."""
    known = tuple(tracks)
    return tuple(max((column.text(track) for track in known), key=len, default="") for column in SHOWN)


def cells(line: QRectF, font: QFont, texts: Sequence[str]) -> tuple[Cell, ...]:
    """The columns from the right edge of a line on, each wide enough for its title and for its longest text; what room
    is left goes between them, up to a point."""
    metrics = QFontMetricsF(tabular_font(caption_font(font)))
    titled = zip(SHOWN, texts or [""] * len(SHOWN), strict=True)
    widths = [max(map(metrics.horizontalAdvance, (each.title, text))) for each, text in titled]
    gap = max(NARROWEST, min((line.width() - sum(widths)) / (len(SHOWN) - 1), WIDEST))
    return tuple(_from_the_right(line, widths, gap))[::-1]


def _from_the_right(line: QRectF, widths: Sequence[float], gap: float) -> Iterator[Cell]:
    right = line.right()
    for column, width in zip(reversed(SHOWN), reversed(widths), strict=True):
        yield Cell(column, QRectF(right - width, line.top(), width, line.height()))
        right -= width + gap
