import pytest

from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import Cuts
from app.domain.point_look import PointLook
from app.gui.shown_frame import look_at
from app.jobs import open_path
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2)) as viewer:
        yield viewer


@pytest.fixture
def appearance(viewer):
    return viewer.appearance


def modes_of_a_round(appearance) -> list[ColorBy]:
    seen = [appearance.coloring.by]
    appearance.cycle()
    while appearance.coloring.by is not seen[0]:
        seen.append(appearance.coloring.by)
        appearance.cycle()
    return seen


def test_cycling_goes_through_what_the_shown_frame_offers_and_comes_round(appearance):
    order = [ColorBy.CLASS, ColorBy.INTENSITY, ColorBy.HEIGHT, ColorBy.CAMERA]
    assert modes_of_a_round(appearance) == [mode for mode in order if mode in appearance.offered]
    assert {ColorBy.CLASS, ColorBy.HEIGHT} < appearance.offered


def test_cycling_back_undoes_cycling(appearance):
    appearance.cycle()
    appearance.cycle()
    appearance.cycle(-1)
    appearance.cycle(-1)
    assert appearance.coloring == Coloring()


def test_cycling_from_a_mode_outside_the_round_starts_with_the_legend(appearance):
    appearance.set_coloring(Coloring(ColorBy.TRACK))
    appearance.cycle()
    assert appearance.coloring.by is ColorBy.CLASS


def test_without_a_frame_only_the_legend_is_offered(qtbot):
    with opened_viewer(qtbot) as viewer:
        viewer.appearance.cycle()
        assert viewer.appearance.offered == {ColorBy.CLASS}
        assert viewer.appearance.coloring == Coloring()


def test_a_range_of_values_ends_with_the_quantity_it_was_chosen_for(appearance):
    appearance.set_coloring(Coloring(ColorBy.HEIGHT, color_map="magma", value_range=(0.0, 2.0)))
    appearance.cycle(-1)
    assert appearance.coloring.value_range is None
    assert appearance.coloring.color_map == "magma"


def test_a_peek_shows_the_previous_mode_and_goes_back(qtbot, viewer, appearance):
    told = []
    appearance.set_coloring(Coloring(ColorBy.HEIGHT))
    appearance.set_coloring(Coloring(ColorBy.HEIGHT, color_map="magma"))
    viewer.colours_changed.connect(lambda: told.append(appearance.coloring.by))
    appearance.peek()
    appearance.peek()  # a key that is held repeats
    assert appearance.coloring.by is ColorBy.CLASS
    appearance.end_peek()
    appearance.end_peek()
    assert appearance.coloring == Coloring(ColorBy.HEIGHT, color_map="magma")
    assert told == [ColorBy.CLASS, ColorBy.HEIGHT]


def test_a_peek_at_a_mode_leaves_the_previous_one_as_it_was(appearance):
    appearance.set_coloring(Coloring(ColorBy.HEIGHT))
    appearance.peek(ColorBy.RANGE)
    assert appearance.coloring.by is ColorBy.RANGE
    appearance.end_peek()
    appearance.peek()
    assert appearance.coloring.by is ColorBy.CLASS


def test_choosing_a_mode_during_a_peek_ends_it(appearance):
    appearance.peek(ColorBy.RANGE)
    appearance.set_coloring(Coloring(ColorBy.INTENSITY))
    appearance.end_peek()
    assert appearance.coloring.by is ColorBy.INTENSITY


def test_setters_tell_once_and_only_of_a_change(qtbot, appearance):
    told = []
    appearance.cuts_changed.connect(lambda: told.append("cuts"))
    appearance.look_changed.connect(lambda: told.append("look"))
    for _ in range(2):
        appearance.set_cuts(Cuts(ceiling=3.0))
        appearance.set_look(PointLook(size=4.0))
    assert told == ["cuts", "look"]


def test_cuts_end_with_their_job_while_colouring_and_size_stay(qtbot, viewer, appearance, tmp_path):
    appearance.set_cuts(Cuts(floor=-1.0))
    appearance.set_look(PointLook(size=4.0))
    appearance.set_coloring(Coloring(ColorBy.HEIGHT))
    viewer.set_job(look_at(open_path(small_delivery(tmp_path / "other", frames=1))))
    rest(qtbot, viewer)
    assert not appearance.cuts
    assert (appearance.look.size, appearance.coloring.by) == (4.0, ColorBy.HEIGHT)
