"""How many points the cuts leave, counted in the background."""

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Integers
from app.domain.cuts import Cuts
from app.gui.appearance import Appearance
from app.gui.frames import FrameLoader
from app.gui.neighbours import Neighbours
from app.gui.tasks import TaskRunner
from app.progress import Progress
from app.scene.prepared import PreparedCloud

CHUNK = 1 << 18  # points between two looks at whether another count was asked for
KEY = "cut-count"


class CutCounts(QObject):
    """Follows the cuts and what is drawn; a count that was overtaken is dropped."""

    changed = Signal()

    def __init__(
        self,
        runner: TaskRunner,
        frames: FrameLoader,
        neighbours: Neighbours,
        appearance: Appearance,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner, self._neighbours, self._appearance = runner, neighbours, appearance
        self._kept: tuple[PreparedCloud, Cuts, Integers] | None = None
        appearance.cuts_changed.connect(self._count)
        frames.shown_changed.connect(self._count)
        neighbours.stack_changed.connect(self._count)

    @property
    def _prepared(self) -> PreparedCloud | None:
        shown = self._neighbours.drawn
        return shown.prepared if shown is not None else None

    @property
    def kept_per_row(self) -> Integers | None:
        """(K,) int64 finite points of each row of the colour table that are not cut away, one row without a mask; None
        while they are being counted."""
        prepared, cuts = self._prepared, self._appearance.cuts
        if prepared is not None and not cuts:
            return prepared.points_per_row if prepared.label_keys else np.array([len(prepared)])
        if self._kept is None or self._kept[0] is not prepared or self._kept[1] != cuts:
            return None
        return self._kept[2]

    @property
    def removed(self) -> int | None:
        """Points of the shown frame that are cut away; None while they are being counted."""
        prepared, kept = self._prepared, self.kept_per_row
        return None if prepared is None or kept is None else len(prepared) - int(kept.sum())

    @property
    def sentence(self) -> str:
        """What is cut away, with the number of points as soon as it is known; empty where nothing is."""
        cuts, removed = self._appearance.cuts, self.removed
        if not cuts or self._prepared is None:
            return ""
        counting = f"cut away: {', '.join(cuts.texts)} · counting…"
        sentence = counting if removed is None else cuts.sentence(removed)
        return sentence[:1].upper() + sentence[1:]

    def _count(self) -> None:
        prepared, cuts = self._prepared, self._appearance.cuts
        self._runner.cancel_key(KEY)
        self._kept = None  # it would keep a cloud in memory that nobody looks at any more
        if prepared is not None and self.kept_per_row is None:
            self._runner.run(
                partial(_counted, prepared, cuts),
                title="Counting what is cut away",
                key=KEY,
                quiet=True,
                on_success=self._on_counted,  # a method: a task that held this object could be the last to do so
            )
        self.changed.emit()

    def _on_counted(self, counted: tuple[PreparedCloud, Cuts, Integers]) -> None:
        self._kept = counted
        self.changed.emit()


def _counted(prepared: PreparedCloud, cuts: Cuts, progress: Progress) -> tuple[PreparedCloud, Cuts, Integers]:
    return prepared, cuts, count_kept(prepared, cuts, progress)


def count_kept(prepared: PreparedCloud, cuts: Cuts, progress: Progress) -> Integers:
    """(K,) int64 finite points of each row that cuts leave; for a worker thread, stops where it is cancelled."""
    rows, spread, labels = max(1, len(prepared.label_keys)), prepared.spread, prepared.label_index
    kept = np.zeros(rows, dtype=np.int64)
    for start in range(0, prepared.total, CHUNK):
        progress.check()
        part = slice(start, start + CHUNK)
        stays = cuts.keeps(prepared.xyz[part], ego=spread.ego, ground=spread.ground)
        if labels is None:
            kept[0] += np.count_nonzero(stays)
        else:
            kept += np.bincount(labels[part][stays].astype(np.int64), minlength=rows)
    return kept
