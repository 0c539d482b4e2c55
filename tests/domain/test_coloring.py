import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.color_themes import COLOUR_BLIND_SAFE, HIGH_CONTRAST, OKABE_ITO
from app.domain.coloring import ColorBy, Coloring, JobOrder, class_color, job_order, key_colors
from app.domain.legend import UNMAPPED_COLOR, Legend, LegendEntry
from app.domain.legend_table import UNMAPPED_CLASS
from app.domain.oklab import oklab
from app.domain.visibility import Visibility

LEGEND = Legend(
    (
        LegendEntry(1, "Ground", "Ground", (1, 2, 3)),
        LegendEntry(5, "Car # 1", "Car", (9, 8, 7), track_id="a"),
        LegendEntry(6, "Car # 2", "Car", (6, 5, 4), track_id="b"),
    )
)
KEYS = (1, 5, 6, 58)
ALL = Visibility()
OPAQUE = [255] * len(KEYS)


def colors(coloring, visibility=ALL, legend=LEGEND, keys=KEYS, **more):
    return key_colors(keys, legend, visibility, coloring, **more)


def rgb(coloring, **more):
    return [tuple(row[:3]) for row in colors(coloring, **more).tolist()]


def apart(one, other):
    return float(np.linalg.norm(oklab(one) - oklab(other)))


def test_classes_show_the_colours_of_the_file():
    table = colors(Coloring())
    assert table.tolist() == [[1, 2, 3, 255], [9, 8, 7, 255], [6, 5, 4, 255], [*UNMAPPED_COLOR, 255]]
    assert table.dtype == np.uint8
    assert colors(Coloring(), keys=()).shape == (0, 4)


def test_a_theme_gives_all_instances_of_a_class_one_colour():
    themed = rgb(Coloring(theme=COLOUR_BLIND_SAFE))
    assert themed == [OKABE_ITO[0], OKABE_ITO[1], OKABE_ITO[1], UNMAPPED_COLOR]


def test_a_theme_keeps_to_the_order_of_the_job_in_every_frame():
    order = JobOrder(classes=("Tree", "Car", "Ground"))
    assert rgb(Coloring(theme=COLOUR_BLIND_SAFE), order=order)[:2] == [OKABE_ITO[2], OKABE_ITO[1]]
    few = Legend(LEGEND.entries[1:2])
    assert rgb(Coloring(theme=COLOUR_BLIND_SAFE), legend=few, keys=(5,), order=order) == [OKABE_ITO[1]]


def test_instances_of_one_class_get_colours_of_their_own_that_stay():
    shown = rgb(Coloring(ColorBy.INSTANCE))
    assert shown[3] == UNMAPPED_COLOR
    assert min(apart(shown[i], shown[j]) for i in range(4) for j in range(i)) > 0.06
    assert rgb(Coloring(ColorBy.INSTANCE), keys=(6, 1)) == [shown[2], shown[0]]


@given(st.sets(st.integers(0, 127), max_size=40))
def test_instances_are_told_apart(keys):
    legend = Legend(tuple(LegendEntry(key, str(key), "Car", (9, 9, 9)) for key in keys))
    assert len(set(rgb(Coloring(ColorBy.INSTANCE), legend=legend, keys=tuple(keys)))) == len(keys)


def test_keys_made_of_class_and_instance_differ_by_the_instance():
    bits = 16
    keys = tuple(10 + (number << bits) for number in range(1, 20))
    legend = Legend((LegendEntry(10, "car", "car", (9, 9, 9)),), instance_bits=bits).covering(keys)
    assert len(set(rgb(Coloring(ColorBy.INSTANCE), legend=legend, keys=keys))) == len(keys)


def test_a_track_has_one_colour_under_every_key():
    other = Legend((LegendEntry(77, "Car # 9", "Car", (0, 0, 0), track_id="a"),))
    for order in (JobOrder(), JobOrder(tracks=("b", "c", "a"))):
        shown = rgb(Coloring(ColorBy.TRACK), order=order)
        assert shown[0] == shown[3] == UNMAPPED_COLOR
        assert shown[1] != shown[2]
        assert rgb(Coloring(ColorBy.TRACK), order=order, legend=other, keys=(77,)) == [shown[1]]


def test_all_tracks_of_a_job_are_told_apart():
    legend = Legend(tuple(LegendEntry(key, "", "Car", (0, 0, 0), track_id=f"track {key}") for key in range(100)))
    shown = rgb(Coloring(ColorBy.TRACK), order=job_order([legend]), legend=legend, keys=tuple(range(100)))
    assert len(set(shown)) == 100


def test_a_track_id_of_broken_text_has_a_colour():
    legend = Legend((LegendEntry(1, "", "Car", (0, 0, 0), track_id="\ud800"),))
    assert rgb(Coloring(ColorBy.TRACK), legend=legend, keys=(1,)) != [UNMAPPED_COLOR]


@pytest.mark.parametrize("by", ColorBy)
@pytest.mark.parametrize("theme", ["file", COLOUR_BLIND_SAFE, HIGH_CONTRAST])
def test_hidden_is_transparent_and_everything_else_opaque_in_every_mode(by, theme):
    hidden = ALL.with_class(UNMAPPED_CLASS, visible=False).with_keys((5,), visible=False)
    assert colors(Coloring(by, theme=theme))[:, 3].tolist() == OPAQUE
    assert colors(Coloring(by, theme=theme), hidden)[:, 3].tolist() == [255, 0, 255, 0]


def test_dimmed_classes_go_towards_the_background_and_stay_opaque():
    dimmed = ALL.with_dimmed(("Ground", UNMAPPED_CLASS), dimmed=True)
    table = colors(Coloring(), dimmed, muted=(100, 100, 100))
    assert table.tolist() == [[78, 78, 79, 255], [9, 8, 7, 255], [6, 5, 4, 255], [105, 107, 109, 255]]


@pytest.mark.parametrize("color", [(255, 255, 255), (255, 0, 200), (0, 255, 255), (20, 20, 20), UNMAPPED_COLOR])
def test_a_flash_is_seen_on_any_colour(color):
    legend = Legend((LegendEntry(1, "Car", "Car", color),))
    flash = {"flashing": frozenset({"Car"}), "legend": legend, "keys": (1,)}
    assert rgb(Coloring(), flash_on=False, **flash) == [color]
    assert apart(rgb(Coloring(), flash_on=True, **flash)[0], color) > 0.3


def test_a_flash_stands_out_of_what_is_dimmed_and_shows_nothing_hidden():
    muted = ALL.with_dimmed(("Car",), dimmed=True).with_keys((5,), visible=False)
    flash = {"flashing": frozenset({"Car", UNMAPPED_CLASS}), "flash_on": True}
    assert rgb(Coloring(), visibility=muted, **flash) == rgb(Coloring(), **flash)
    assert colors(Coloring(), muted, **flash)[:, 3].tolist() == [255, 0, 255, 255]
    assert rgb(Coloring(), **flash)[3] != UNMAPPED_COLOR


def test_the_colour_of_a_class_is_its_first_entrys_or_the_themes():
    assert class_color("Car", LEGEND, Coloring()) == (9, 8, 7)
    assert class_color("Car", LEGEND, Coloring(theme=COLOUR_BLIND_SAFE)) == OKABE_ITO[1]
    assert class_color(UNMAPPED_CLASS, LEGEND, Coloring(theme=HIGH_CONTRAST)) == UNMAPPED_COLOR
    assert class_color("Tree", LEGEND, Coloring()) == UNMAPPED_COLOR


def test_the_order_of_a_job_is_that_of_first_appearance():
    later = Legend((LegendEntry(8, "Tree", "Tree", (0, 0, 0), track_id="c"), *LEGEND.entries))
    assert job_order(iter([LEGEND, later])) == JobOrder(("Ground", "Car", "Tree"), ("a", "b", "c"))


def test_only_numbers_need_a_value_range_and_only_labels_a_table():
    assert [by.value for by in ColorBy if by.is_label] == ["class", "instance", "track"]
    assert [by.value for by in ColorBy if by.is_scalar] == ["intensity", "height", "range", "time", "field"]
