import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter, QWidget

from app.domain.tones import Tones
from app.gui.area_height import LOWEST_SCENE, AreaHeight
from app.gui.camera_area import NO_CAMERAS, NO_JOB, CameraArea
from app.gui.camera_view import NARROWEST
from app.gui.image_commands import toggle_grid
from app.gui.image_state import Arrangement, ImageState
from app.gui.theme import current
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest
from tests.jobs.dataset_folders import kitti_tracking, mot

CAMERAS = ("front", "left", "rear")


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=3, cameras=CAMERAS)) as viewer:
        yield viewer


@pytest.fixture
def area(qtbot, viewer):
    area = CameraArea(viewer)
    qtbot.addWidget(area)
    area.resize(900, 400)
    area.show()
    qtbot.waitUntil(lambda: len(area.views) == 3 and area.views[2].isVisible())
    return area


def boxes_of(area):
    return [view.rect().translated(view.mapTo(area, QPoint(0, 0))) for view in area.views]


def double_click(view):
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, view.height() - 5))


def test_cameras_lie_in_document_order_side_by_side(area):
    left = [box.x() for box in boxes_of(area)]
    assert left == sorted(left)
    assert max(box.width() for box in boxes_of(area)) - min(box.width() for box in boxes_of(area)) <= 1
    assert [view.camera for view in area.views] == list(CAMERAS)


def test_what_a_view_asks_for_is_passed_on(qtbot, area):
    with qtbot.waitSignal(area.link_requested) as asked:
        area.views[1].tools.link.click()
    assert asked.args == ["left"]
    with qtbot.waitSignal(area.look_requested):
        area.views[1].tools.look.click()


def test_a_double_click_makes_an_image_the_large_one_and_lays_all_out_again(area, viewer):
    double_click(area.views[1])
    large, others = boxes_of(area)[1], [boxes_of(area)[0], boxes_of(area)[2]]
    assert area.large is area.views[1]
    assert all(large.width() > 2 * other.width() for other in others)
    double_click(area.views[2])  # swaps
    assert area.large is area.views[2]
    assert area.views[1].width() < area.views[2].width()
    double_click(area.views[2])
    assert area.large is None
    assert viewer.images.arrangement is Arrangement.ROW


def test_from_a_grid_a_large_image_goes_back_to_the_grid(area, viewer):
    area.resize(900, 500)
    toggle_grid(viewer.images)
    tops = {box.y() for box in boxes_of(area)}
    assert len(tops) == 2
    double_click(area.views[0])
    double_click(area.views[0])
    assert viewer.images.arrangement is Arrangement.GRID
    toggle_grid(viewer.images)
    assert viewer.images.arrangement is Arrangement.ROW


def test_the_button_does_what_a_double_click_does_and_says_which_way(area):
    tools = area.views[0].tools
    assert tools.enlarge.accessibleName() == "Large image"
    tools.enlarge.click()
    assert area.large is area.views[0]
    assert tools.enlarge.accessibleName() == "All images again"
    tools.enlarge.click()
    assert area.large is None


def test_the_keys_stay_with_an_image_that_becomes_the_large_one(qtbot, area):
    area.activateWindow()
    area.views[1].setFocus()
    qtbot.waitUntil(area.views[1].hasFocus)
    qtbot.keyClick(area.views[1], Qt.Key.Key_Return)
    assert area.large is area.views[1]
    assert area.views[1].hasFocus()


def test_the_next_and_the_previous_image_become_large_around_the_end(area):
    names = []
    for step in (1, 1, 1, 1, -1):
        area.next_large(step)
        names.append(area.large.camera)
    assert names == ["front", "left", "rear", "front", "rear"]


def test_a_camera_is_brought_forward_with_a_part_of_its_picture(area):
    area.bring_forward("rear", QRectF(40, 30, 40, 30))
    view = area.large
    assert view.camera == "rear"
    middle = view.placement.to_picture(QPointF(view.width() / 2, view.height() / 2))
    assert (middle.x(), middle.y()) == pytest.approx((60, 45), abs=0.5)
    shown = view.placement.to_view(QRectF(40, 30, 40, 30))
    assert QRectF(view.rect()).adjusted(-1, -1, 1, 1).contains(shown)
    assert max(shown.width() / view.width(), shown.height() / view.height()) == pytest.approx(1, abs=0.01)
    area.bring_forward("no such camera", None)
    assert area.large is view
    area.bring_forward("front")
    assert area.large.placement.zoom == 1


def test_an_image_in_front_of_a_row_has_twice_the_width_at_the_same_height(area, viewer):
    viewer.images.set_forward("left")
    assert area.front is area.views[1]
    assert area.large is None
    widths, heights = zip(*((box.width(), box.height()) for box in boxes_of(area)), strict=True)
    assert widths[1] == pytest.approx(2 * widths[0], abs=2)
    assert set(heights) == {area.height()}
    viewer.images.set_forward("")
    assert max(view.width() for view in area.views) - min(view.width() for view in area.views) <= 1


def test_an_image_in_front_is_marked_and_scrolled_into_sight(area, viewer):
    area.resize(300, 200)
    viewer.images.set_forward("rear")
    rear = area.views[2]
    assert area.rect().contains(rear.mapTo(area, QPoint(rear.width() // 2, 20)))
    below = QPoint(5, rear.height() - 2)
    marked = rear.grab().toImage().pixelColor(below)
    assert marked == current().color("accent")
    viewer.images.set_forward("front")
    assert rear.grab().toImage().pixelColor(below) != marked


def test_in_front_with_a_large_image_is_the_large_one(area, viewer):
    viewer.images.enlarge("front")
    viewer.images.set_forward("left")
    assert area.large is area.front is area.views[1]


def test_a_part_that_is_nothing_or_outside_shows_the_whole_picture(area):
    for crop in (QRectF(), QRectF(900, 900, 10, 10)):
        area.bring_forward("left", crop)
        assert area.large.placement.zoom == 1


def test_zooming_one_zooms_all_only_while_they_are_linked(area, viewer):
    area.views[0].zoom(3, at=QPointF(10, 10))
    assert [view.placement.zoom for view in area.views] == [3, 1, 1]
    viewer.images.set_linked(linked=True)
    area.views[1].zoom(2, at=QPointF(100, 10))
    zooms, centers = zip(*((view.placement.zoom, view.placement.center) for view in area.views), strict=True)
    assert set(zooms) == {2}
    assert all(center == pytest.approx(centers[1]) for center in centers)
    area.fit()
    assert {view.placement.zoom for view in area.views} == {1}


def test_pictures_are_shown_pixel_by_pixel(area):
    area.resize(600, 120)
    area.show_pixels()
    for view in area.views:
        assert view.placement.scale * view.devicePixelRatioF() == pytest.approx(1)


def test_too_many_images_scroll_instead_of_becoming_too_small(area):
    area.resize(300, 200)
    assert min(view.width() for view in area.views) >= NARROWEST - 1
    assert area._scroll.horizontalScrollBar().maximum() > 0
    assert area._scroll.verticalScrollBar().maximum() == 0


def test_an_image_that_gets_the_keys_is_scrolled_into_sight(qtbot, area):
    area.resize(300, 200)
    area.activateWindow()
    area.views[2].setFocus()
    qtbot.waitUntil(lambda: area.rect().contains(area.views[2].mapTo(area, QPoint(NARROWEST // 2, 20))))


def test_another_job_has_views_of_its_own_and_images_as_delivered(qtbot, area, viewer, tmp_path):
    gone = []
    for view in area.views:
        view.destroyed.connect(lambda: gone.append(True))
    area.bring_forward("rear")
    viewer.images.set_tones(Tones(0.5))
    viewer.images.set_straight(straight=True)
    viewer.open_path(small_delivery(tmp_path / "other", frames=1, cameras=("a", "b")))
    qtbot.waitUntil(lambda: [view.camera for view in area.views] == ["a", "b"] and len(gone) == 3)
    assert area.large is area.views[0]
    assert viewer.images.tones.neutral
    assert not viewer.images.straight


def test_without_a_job_the_area_says_what_will_be_there(qtbot, tmp_path):
    with opened_viewer(qtbot) as viewer:
        area = CameraArea(viewer)
        qtbot.addWidget(area)
        area.show()
        assert area._empty.isVisible()
        assert area._empty.text() == NO_JOB
        area.next_large(1)
        area.swap()
        area.fit()
        viewer.open_path(small_delivery(tmp_path / "bare", frames=1, cameras=()))
        qtbot.waitUntil(lambda: area._empty.text() == NO_CAMERAS)
        assert area._empty.isVisible()
        rest(qtbot, viewer)


# -- the height --


@pytest.fixture
def splitter(qtbot, viewer):
    splitter = QSplitter(Qt.Orientation.Vertical)
    qtbot.addWidget(splitter)
    area = CameraArea(viewer)
    for widget in (QWidget(), area, QWidget()):
        splitter.addWidget(widget)
    splitter.area_height = AreaHeight(splitter, area, viewer)
    splitter.resize(900, 800)
    splitter.setSizes([480, 210, 100])
    splitter.show()
    qtbot.waitUntil(lambda: len(area.views) == 3 and splitter.sizes()[1] == 225)  # 300 wide each, 4 to 3
    return splitter


def test_a_large_image_takes_height_from_the_3d_view_but_never_all_of_it(splitter, viewer):
    timeline = splitter.sizes()[2]
    viewer.images.enlarge("left")
    scene, area, after = splitter.sizes()
    assert area > 400
    assert scene >= LOWEST_SCENE
    assert after == timeline
    viewer.images.arrange(Arrangement.ROW)
    assert splitter.sizes()[1] == 225


def test_an_image_in_front_leaves_the_3d_view_its_height(splitter, viewer):
    for arrangement in Arrangement:
        viewer.images.arrange(arrangement)
        before = splitter.sizes()
        for camera in (*CAMERAS, ""):
            viewer.images.set_forward(camera)
            assert splitter.sizes() == before


def test_the_height_that_the_user_gave_counts_for_that_arrangement(splitter, viewer):
    splitter.moveSplitter(500, 1)
    given = splitter.sizes()[1]
    assert given not in (225, 0)
    viewer.images.enlarge("left")
    assert splitter.sizes()[1] != given
    viewer.images.arrange(Arrangement.ROW)
    assert splitter.sizes()[1] == given


def test_a_job_without_point_clouds_gives_the_room_to_its_images(qtbot, viewer, splitter, tmp_path):
    splitter.moveSplitter(500, 1)
    room = sum(splitter.sizes()[:2])
    given = splitter.sizes()[1]
    viewer.open_path(mot(tmp_path / "boxes"))
    qtbot.waitUntil(lambda: splitter.sizes()[:2] == [LOWEST_SCENE, room - LOWEST_SCENE])
    viewer.images.arrange(Arrangement.GRID)
    assert splitter.sizes()[0] == LOWEST_SCENE
    viewer.images.arrange(Arrangement.ROW)
    viewer.open_path(kitti_tracking(tmp_path / "scans"))  # two of its frames have one
    qtbot.waitUntil(lambda: splitter.sizes()[1] == given)
    rest(qtbot, viewer)


# -- the state --


def test_a_name_that_is_no_arrangement_is_not_restored(qtbot, viewer):
    images = ImageState(viewer)
    images.restore("upside down", linked=True)
    assert (images.arrangement, images.linked) == (Arrangement.ROW, True)
    images.restore("large", linked=False)
    assert (images.arrangement, images.linked) == (Arrangement.LARGE, False)
    images.swap("")
    assert images.arrangement is Arrangement.ROW
