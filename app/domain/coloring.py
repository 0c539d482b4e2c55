"""What points are coloured by, and the colour table that follows from it: one row per label key, nothing of size N."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.domain.arrays import Bytes
from app.domain.color_themes import FILE, distinct_color, theme_color
from app.domain.legend import UNMAPPED_COLOR, Legend, LegendEntry, Rgb
from app.domain.legend_table import UNMAPPED_CLASS, class_order
from app.domain.oklab import oklab
from app.domain.visibility import Visibility

MUTED: Rgb = (74, 80, 90)  # what dimmed colours go towards where the background is not known
DIMMED_SHARE = 0.22  # of its own colour that a dimmed key keeps
FLASHES: tuple[Rgb, ...] = ((255, 255, 255), (255, 0, 200), (0, 255, 255))  # a flash is the one that differs most
STRIDE = 37  # positions between the instances of one class, so that a class's own number counts too


class ColorBy(StrEnum):
    """What the colour of a point says. From INTENSITY to FIELD it is a number, see app.domain.channels."""

    CLASS = "class"
    INSTANCE = "instance"
    TRACK = "track"
    INTENSITY = "intensity"
    HEIGHT = "height"
    RANGE = "range"
    TIME = "time"
    FIELD = "field"
    CAMERA = "camera"

    @property
    def is_scalar(self) -> bool:
        """Whether points are coloured by a number, through a colour map and a value range."""
        return self in (ColorBy.INTENSITY, ColorBy.HEIGHT, ColorBy.RANGE, ColorBy.TIME, ColorBy.FIELD)

    @property
    def is_label(self) -> bool:
        """Whether the label key alone gives the colour, so that a table is enough."""
        return self in (ColorBy.CLASS, ColorBy.INSTANCE, ColorBy.TRACK)


@dataclass(frozen=True)
class Coloring:
    """How points are coloured. ``field`` names the channel for FIELD, ``color_map`` one of COLOR_MAPS, ``theme`` one
    of THEMES; ``value_range`` is (low, high) in the channel's unit, None follows the data.
    """

    by: ColorBy = ColorBy.CLASS
    field: str = ""
    color_map: str = "viridis"
    value_range: tuple[float, float] | None = None
    theme: str = FILE


@dataclass(frozen=True)
class JobOrder:
    """Class names and track ids in the order of their first appearance over all frames.

    With it, colours stay while stepping and neighbours in the list are far apart.
    """

    classes: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()


NO_ORDER = JobOrder()


def job_order(legends: Iterable[Legend]) -> JobOrder:
    """The order over the legends of a job, given in play order."""
    known = tuple(legends)
    tracks = dict.fromkeys(entry.track_id for legend in known for entry in legend if entry.track_id)
    return JobOrder(class_order(known), tuple(tracks))


def key_colors(
    label_keys: Sequence[int],
    legend: Legend,
    visibility: Visibility,
    coloring: Coloring,
    *,
    order: JobOrder = NO_ORDER,
    flashing: frozenset[str] = frozenset(),
    flash_on: bool = False,
    muted: Rgb = MUTED,
) -> Bytes:
    """(K, 4) uint8 RGBA, one row per label key; alpha 0 hides, everything else is opaque.

    CLASS gives each legend entry the file's own colour, or its class's in a theme; INSTANCE a colour of its own to each
    key with an entry; TRACK one per track, grey without. Where a number or a picture colours the points the rows are
    CLASS's, and what matters is their alpha. Dimmed classes go towards ``muted``. Classes of ``flashing``
    (UNMAPPED_CLASS too) get another colour while ``flash_on``.
    """
    color_of = palette(legend, coloring, order=order)
    rows = np.zeros((len(label_keys), 4), dtype=np.uint8)
    for row, key in zip(rows, label_keys, strict=True):
        entry = legend.get(key)
        class_name = entry.class_name if entry else UNMAPPED_CLASS
        color = color_of(key, entry)
        if flash_on and class_name in flashing:
            color = flash_color(color)
        elif visibility.dims_class(class_name):
            color = dimmed_color(color, towards=muted)
        row[:] = (*color, 255 if visibility.shows_key(key, legend) else 0)
    return rows


def class_color(class_name: str, legend: Legend, coloring: Coloring, *, order: JobOrder = NO_ORDER) -> Rgb:
    """The colour that stands for a class: of its first entry in the legend, or the theme's; grey where it has none."""
    if class_name == UNMAPPED_CLASS:
        return UNMAPPED_COLOR
    if coloring.theme != FILE:
        return _theme_colors(legend, coloring.theme, order).get(class_name, UNMAPPED_COLOR)
    return next((entry.color for entry in legend if entry.class_name == class_name), UNMAPPED_COLOR)


def dimmed_color(color: Rgb, *, towards: Rgb = MUTED) -> Rgb:
    """A colour that steps back but keeps a trace of itself."""
    red, green, blue = (round(DIMMED_SHARE * c + (1 - DIMMED_SHARE) * m) for c, m in zip(color, towards, strict=True))
    return red, green, blue


def flash_color(color: Rgb) -> Rgb:
    """The other colour of a class that flashes."""
    distances = np.linalg.norm(oklab(FLASHES) - oklab(color), axis=1)
    return FLASHES[int(np.argmax(distances))]


ColorOf = Callable[[int, LegendEntry | None], Rgb]


def palette(legend: Legend, coloring: Coloring, *, order: JobOrder = NO_ORDER) -> ColorOf:
    """What gives a label key and its entry, None without one, a colour before dimming and flashing."""
    if coloring.by is ColorBy.INSTANCE:
        bits = legend.instance_bits
        return lambda key, entry: distinct_color(_instance_position(key, bits)) if entry else UNMAPPED_COLOR
    if coloring.by is ColorBy.TRACK:
        positions = {track_id: position for position, track_id in enumerate(order.tracks)}
        return lambda key, entry: _track_color(entry.track_id if entry else "", positions)
    if coloring.theme == FILE:
        return lambda key, entry: entry.color if entry else UNMAPPED_COLOR
    colors = _theme_colors(legend, coloring.theme, order)
    return lambda key, entry: colors[entry.class_name] if entry else UNMAPPED_COLOR


def _instance_position(label_key: int, instance_bits: int) -> int:
    """Label keys count on; those made of class and instance are unfolded, as their low bits alone say the class."""
    if not instance_bits:
        return label_key
    return (label_key & ((1 << instance_bits) - 1)) + STRIDE * (label_key >> instance_bits)


def _track_color(track_id: str, positions: Mapping[str, int]) -> Rgb:
    """By the place among the job's tracks; by the id itself where it is not among them."""
    if not track_id:
        return UNMAPPED_COLOR
    return distinct_color(positions.get(track_id, zlib.crc32(track_id.encode("utf-8", "surrogatepass"))))


def _theme_colors(legend: Legend, theme: str, order: JobOrder) -> dict[str, Rgb]:
    """Colours by class: the order's classes first, then those that only this legend has."""
    names = dict.fromkeys((*order.classes, *class_order([legend])))
    return {name: theme_color(theme, position) for position, name in enumerate(names)}
