"""Where the numbers of the legend stand: those of the frame under each other, those of the job beside them."""

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF

from app.gui.theme import caption_font, tabular_font

GAP = 8  # pixels
SHORTEST_NAME = 64  # pixels: where a name would get less, the job's numbers give way


@dataclass(frozen=True)
class Columns:
    """Edges in pixels; ``job_right`` is 0 where there is no such column."""

    name_left: float
    name_right: float
    frame_right: float
    job_right: float


@dataclass(frozen=True)
class LegendColumns:
    """The largest number of each column; ``job`` None where there is none."""

    frame: int = 0
    job: int | None = None

    def at(self, left: float, right: float, font: QFont) -> Columns:
        """The columns between two edges, for rows in ``font``."""
        frame_wide = QFontMetricsF(tabular_font(font)).horizontalAdvance(f"{self.frame:,}")
        small = QFontMetricsF(tabular_font(caption_font(font)))
        job_wide = small.horizontalAdvance(f"{self.job:,}") + GAP if self.job is not None else 0.0
        if job_wide and right - left - job_wide - frame_wide - GAP < SHORTEST_NAME:
            job_wide = 0.0
        frame_right = right - job_wide
        return Columns(left, frame_right - frame_wide - GAP, frame_right, right if job_wide else 0.0)
