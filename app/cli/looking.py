"""From options to how a frame is looked at; what they leave open is as in a given picture, or as usual."""

import argparse
import math
from collections.abc import Iterable
from dataclasses import replace

from app.cli.arguments.looking import CLASS_COLORS, GUIDES
from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import CutBox, Cuts, Sector
from app.domain.finding import listed, printable, quoted
from app.domain.legend_table import UNMAPPED_CLASS, UNMAPPED_TEXT
from app.domain.point_cloud import PointCloud
from app.domain.point_look import PointLook
from app.domain.visibility import Visibility
from app.errors import InputError
from app.scene.guides import Guides
from app.scene.recorded_view import LIGHT_THEME, Around, Canvas, RecordedView
from app.scene.render import MOST_NAMED, Subject, number_of, seen_from
from app.scene.rig_cameras import PREFIX, RigCamera

USUAL_VIEW = "top"
WITHOUT_NUMBERS = (ColorBy.CLASS, ColorBy.INSTANCE, ColorBy.TRACK, ColorBy.CAMERA)


def looked_at(
    options: argparse.Namespace,
    subject: Subject,
    *,
    recorded: RecordedView | None,
    cameras: tuple[RigCamera, ...],
    aspect: float,
) -> RecordedView:
    """How the options ask for the frame to be looked at; raises InputError for what the job does not have."""
    view = _standing(options.view, subject, recorded=recorded, cameras=cameras, aspect=aspect)
    return replace(
        view,
        visibility=_visibility(options, view.visibility, subject.order.classes),
        coloring=_coloring(options, view.coloring, subject.cloud),
        value_range=None if options.color_by or options.range else view.value_range,
        cuts=_cuts(options, view.cuts, subject),
        look=_look(options, view.look),
        guides=_guides(options.guides, view.guides),
        around=_around(options, view.around),
    )


def on_canvas(options: argparse.Namespace, canvas: Canvas) -> Canvas:
    """What is drawn on, in the theme that was asked for."""
    return canvas if options.theme is None else replace(canvas, light=options.theme == LIGHT_THEME)


def _standing(
    asked: str | None,
    subject: Subject,
    *,
    recorded: RecordedView | None,
    cameras: tuple[RigCamera, ...],
    aspect: float,
) -> RecordedView:
    """The picture's own view stays where it is, but for that of a camera, whose picture must fit at any size."""
    if recorded is None or asked is not None:
        name = asked or USUAL_VIEW
        placement = seen_from(name, subject, cameras=cameras, aspect=aspect)
        return RecordedView(placement, name) if recorded is None else replace(recorded, placement=placement, view=name)
    if not recorded.view.startswith(PREFIX):
        return recorded
    if recorded.view.removeprefix(PREFIX) not in [camera.name for camera in cameras]:
        return replace(recorded, view="")
    return replace(recorded, placement=seen_from(recorded.view, subject, cameras=cameras, aspect=aspect))


def _visibility(options: argparse.Namespace, before: Visibility, classes: Iterable[str]) -> Visibility:
    known = {**{name.casefold(): name for name in classes}, UNMAPPED_TEXT.casefold(): UNMAPPED_CLASS}
    if options.only:
        kept = {_class_called(name, known) for name in options.only}
        before = replace(before, hidden_classes=frozenset(known.values()) - kept, hidden_keys=frozenset())
    for name in options.hide:
        before = before.with_class(_class_called(name, known), visible=False)
    return before


def _class_called(name: str, known: dict[str, str]) -> str:
    """As the legend spells it; the case does not matter."""
    if name.casefold() in known:
        return known[name.casefold()]
    names = listed((printable(each or UNMAPPED_TEXT) for each in known.values()), limit=MOST_NAMED)
    raise InputError(f"The legend has no class {quoted(name)}.", next_step=f"It has {names}.")


def _coloring(options: argparse.Namespace, before: Coloring, cloud: PointCloud) -> Coloring:
    coloring = replace(before, value_range=None) if options.color_by else before
    if options.color_by in WITHOUT_NUMBERS:
        coloring = replace(coloring, by=ColorBy(options.color_by), field="")
    elif options.color_by:
        number = number_of(cloud, options.color_by)
        coloring = replace(coloring, by=number.by, field=number.field if number.by is ColorBy.FIELD else "")
    if (options.range or options.color_map) and not coloring.by.is_scalar:
        raise InputError(
            f"Colours by {coloring.by.value} come from no number, so they have neither range nor map.",
            next_step="Add --color-by height, or another number.",
        )
    return replace(
        coloring,
        color_map=options.color_map or coloring.color_map,
        value_range=options.range or coloring.value_range,
        theme=CLASS_COLORS.get(options.class_colors, coloring.theme),
    )


def _cuts(options: argparse.Namespace, before: Cuts, subject: Subject) -> Cuts:
    given = {
        "floor": options.floor,
        "ceiling": options.ceiling,
        "farthest": options.farthest,
        "sector": None if options.ahead is None else Sector(subject.heading, math.radians(options.ahead) / 2),
        "box": None if options.box is None else _box(options.box, subject.cloud),
    }
    return replace(before, **{name: value for name, value in given.items() if value is not None})


def _box(numbers: tuple[float, ...], cloud: PointCloud) -> CutBox:
    """The file's coordinates become the cloud's."""
    x, y, z, along, across, up, degrees = numbers
    x0, y0, z0 = cloud.origin.tolist()
    return CutBox((x - x0, y - y0, z - z0), (along / 2, across / 2, up / 2), math.radians(degrees))


def _guides(names: tuple[str, ...] | None, before: Guides) -> Guides:
    """Those that are named and no other."""
    if names is None:
        return before
    return replace(before, **{field: name in names for name, field in GUIDES.items()})


def _around(options: argparse.Namespace, before: Around) -> Around:
    return Around(
        reach=before.reach if options.frames_around is None else options.frames_around,
        with_motion=before.with_motion if options.with_motion is None else options.with_motion,
    )


def _look(options: argparse.Namespace, before: PointLook) -> PointLook:
    size, unit = options.point_size or (before.size, before.unit)
    return PointLook(
        size=size,
        unit=unit,
        edl=before.edl if options.edl is None else options.edl,
        background=options.background or before.background,
    )
