import pytest

from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import Cuts
from app.domain.point_look import ImagePoints, PointLook
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


def test_what_the_cloud_and_its_pictures_have_is_offered(appearance):
    by_label = {ColorBy.CLASS, ColorBy.INSTANCE, ColorBy.TRACK}
    assert appearance.offered == by_label | {ColorBy.INTENSITY, ColorBy.HEIGHT, ColorBy.RANGE, ColorBy.CAMERA}


def test_without_a_frame_only_the_legend_is_offered(qtbot):
    with opened_viewer(qtbot) as viewer:
        assert viewer.appearance.offered == {ColorBy.CLASS}


def test_setters_tell_once_and_only_of_a_change(qtbot, appearance):
    told = []
    appearance.coloring_changed.connect(lambda: told.append("coloring"))
    appearance.cuts_changed.connect(lambda: told.append("cuts"))
    appearance.look_changed.connect(lambda: told.append("look"))
    appearance.image_points_changed.connect(lambda: told.append("image points"))
    for _ in range(2):
        appearance.set_coloring(Coloring(ColorBy.HEIGHT))
        appearance.set_cuts(Cuts(ceiling=3.0))
        appearance.set_look(PointLook(size=4.0))
        appearance.set_image_points(ImagePoints(shown=True))
    assert told == ["coloring", "cuts", "look", "image points"]


def test_cuts_end_with_their_job_while_colouring_and_size_stay(qtbot, viewer, appearance, tmp_path):
    appearance.set_cuts(Cuts(floor=-1.0))
    appearance.set_look(PointLook(size=4.0))
    appearance.set_coloring(Coloring(ColorBy.HEIGHT))
    viewer.set_job(look_at(open_path(small_delivery(tmp_path / "other", frames=1))))
    rest(qtbot, viewer)
    assert not appearance.cuts
    assert (appearance.look.size, appearance.coloring.by) == (4.0, ColorBy.HEIGHT)


def test_which_keys_are_drawn_is_found_out_once_for_each_change(viewer, appearance):
    keys = viewer.shown.prepared.label_keys
    rows = appearance.visible_rows(keys)
    assert rows.all()
    assert appearance.visible_rows(keys) is rows
    appearance.set_keys_visible(keys[:1], visible=False)
    assert appearance.visible_rows(keys).tolist() == [False] + [True] * (len(keys) - 1)
    appearance.show_all()
    assert appearance.visible_rows(keys).all()
