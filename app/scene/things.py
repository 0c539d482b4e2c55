"""The things of a legend that are one each, "Car # 4", and where they are among the points."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64
from app.domain.legend import Legend, LegendEntry
from app.scene.motion import Pixel
from app.scene.prepared import PreparedCloud
from app.scene.views import CameraPlacement

SAMPLE = 20_000  # points of one thing that say where it is
LOOKED_AT = 200_000  # points among which the nearest is looked for


@dataclass(frozen=True)
class Thing:
    """One instance, recognised in every frame by its track id, or without one by its label key."""

    label_key: int
    text: str
    class_name: str
    track_id: str = ""

    @staticmethod
    def of(entry: LegendEntry) -> "Thing":
        """The thing that a legend entry names."""
        return Thing(entry.label_key, entry.text, entry.class_name, entry.track_id)

    def keys_in(self, legend: Legend) -> tuple[int, ...]:
        """Its label keys in a frame's legend."""
        if not self.track_id:
            return (self.label_key,)
        return tuple(
            entry.label_key
            for entry in legend
            if entry.track_id == self.track_id and entry.class_name == self.class_name
        )


def things_of(legend: Legend) -> tuple[Thing, ...]:
    """Every entry that names one thing: "Car # 4"; the ground, which bears its class's name, has a track id as well."""
    return tuple(Thing.of(entry) for entry in legend if entry.text != entry.class_name)


def middle_of(prepared: PreparedCloud, label_keys: Iterable[int]) -> Float64 | None:
    """Median (3,) float64 of the finite points of these keys, in cloud coordinates; None without one."""
    wanted, labels = set(label_keys), prepared.label_index
    rows = [row for row, key in enumerate(prepared.label_keys) if key in wanted and prepared.points_per_row[row]]
    if not rows or labels is None:
        return None
    points = np.concatenate([np.flatnonzero(labels == row) for row in rows])
    chosen = prepared.xyz[points[:: max(1, len(points) // SAMPLE)]]
    finite = chosen[np.isfinite(chosen).all(axis=1)].astype(np.float64)
    return np.asarray(np.median(finite, axis=0)) if len(finite) else None


def present(prepared: PreparedCloud, legend: Legend) -> tuple[Thing, ...]:
    """The things that have points in a frame, those with the most first."""
    points = dict(zip(prepared.label_keys, prepared.points_per_row.tolist(), strict=True))
    seen = [thing for thing in things_of(legend) if points.get(thing.label_key, 0) > 0]
    return tuple(sorted(seen, key=lambda thing: -points[thing.label_key]))


def nearest_thing(
    prepared: PreparedCloud, legend: Legend, placement: CameraPlacement, *, at: Pixel, size: Pixel
) -> Thing | None:
    """The thing one of whose points is drawn nearest to a pixel; looks at a share of the points of a large cloud."""
    if prepared.label_index is None:
        return None
    by_key = {thing.label_key: thing for thing in things_of(legend)}
    rows = np.array([row for row, key in enumerate(prepared.label_keys) if key in by_key], dtype=np.int64)
    looked_at = prepared.order[:LOOKED_AT]  # spread evenly
    labels = prepared.label_index[looked_at]
    mine = np.isin(labels, rows)
    pixels, _ = placement.project(prepared.xyz[looked_at[mine]].astype(np.float64), size)
    away = np.nan_to_num(np.hypot(*(pixels - at).T), nan=np.inf)
    if not len(away) or not np.isfinite(away.min()):
        return None
    return by_key[prepared.label_keys[int(labels[mine][np.argmin(away)])]]
