"""What can be pointed at in the shown frame, and what is told of it."""

from functools import partial

import numpy as np

from app.domain.arrays import Bool, Integers
from app.domain.point_facts import PointFacts, Reference, point_facts
from app.gui.viewer import Viewer
from app.scene.picking import Drawn
from app.scene.prepared import PreparedCloud, Spread
from app.scene.views import is_among


def is_shown(viewer: Viewer, rows: Integers) -> Bool:
    """(n,) which of the points of ``rows`` (n,) are neither hidden with their class nor cut away."""
    prepared = viewer.shown.prepared if viewer.shown is not None else None
    if prepared is None:
        return np.zeros(len(rows), dtype=np.bool_)
    return np.isin(rows, _drawn(viewer, prepared).among(rows, prepared.xyz))


def shown_facts(viewer: Viewer, row: int) -> PointFacts | None:
    """What is known about a point of the shown frame; None without a cloud."""
    shown = viewer.shown
    if shown is None or shown.prepared is None:
        return None
    return point_facts(shown.frame, row, reference_of(shown.prepared.spread, viewer.rig.heading))


def reference_of(spread: Spread, heading: float) -> Reference:
    """What points are measured against where they spread like this."""
    return Reference(ego=spread.ego if is_among(spread) else None, ground=spread.ground, heading=heading)


def _drawn(viewer: Viewer, prepared: PreparedCloud) -> Drawn:
    appearance, spread = viewer.appearance, prepared.spread
    has_mask = prepared.label_index is not None
    return Drawn(
        count=len(prepared),
        label_index=prepared.label_index,
        shown_rows=appearance.color_table(prepared.label_keys)[:, 3] > 0 if has_mask else np.ones(1, dtype=np.bool_),
        keeps=partial(appearance.cuts.keeps, ego=spread.ego, ground=spread.ground) if appearance.cuts else None,
    )
