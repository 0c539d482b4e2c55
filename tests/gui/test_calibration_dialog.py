import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.geometry import Pose
from app.domain.pose_convention import DOCUMENTED, CameraAxes, PoseConvention, PoseDirection
from app.errors import WorkspaceError
from app.gui.dialogs.calibration import NO_POSES, CalibrationDialog
from tests.builders import rewrite_poses, small_delivery
from tests.domain.test_pose_convention import given
from tests.gui.opened_viewer import edit_json, opened_viewer, rest
from tests.gui.test_alignment_state import known
from tests.jobs.posts_folder import RIGHT, TURNED, posts_folder

BODY = PoseConvention(axes=CameraAxes.BODY)
CAMERAS = ("front", "left", "rear")


def delivery(folder, convention=DOCUMENTED):
    small_delivery(folder, cameras=CAMERAS)

    def in_convention(rotation, position):
        pose = given(Pose(rotation, position), convention)
        return pose.rotation, pose.position

    rewrite_poses(folder, in_convention)
    return folder


@pytest.fixture
def viewer(qtbot, tmp_path):
    """A job whose poses are given between body axes."""
    with opened_viewer(qtbot, delivery(tmp_path, BODY)) as opened:
        qtbot.waitUntil(lambda: opened.rig.suggestion is not None and not opened.runner.running)
        yield opened


@pytest.fixture
def dialog(qtbot, viewer):
    owner = QWidget()
    qtbot.addWidget(owner)
    shown = CalibrationDialog(viewer, owner)
    with qtbot.waitExposed(shown):
        shown.show()
    yield shown
    shown.close()


def test_it_says_what_is_in_force_and_what_the_data_speaks_for(dialog, viewer):
    assert dialog.in_force.text().startswith("Camera poses are read as camera to points, optical axes, as examples")
    assert "The data speaks for camera to points, body axes." in dialog.advice.text()
    assert dialog.advice.property("role") == "problem"
    assert [finding.rule for finding in viewer.findings()].count("calibration.convention") == 1
    assert dialog.lenses.rowCount() == 3
    cells = [dialog.lenses.item(0, column).text() for column in range(dialog.lenses.columnCount())]
    header = dialog.lenses.horizontalHeader()
    assert header.sectionSize(0) >= header.sectionSizeHint(0)
    del cells[1]  # how well it agrees: the test below
    assert cells == ["front", "Brown-Conrady", "160 x 120", "80.00, 80.00", "80.00, 60.00", "as given", "none"]
    assert "near the middle of the 160 x 120 picture" in dialog.reason.text()


def test_one_click_takes_the_suggestion_and_points_move(qtbot, dialog, viewer):
    cloud = viewer.shown.frame.cloud
    before = viewer.rig.placed("front").project(cloud.xyz).seen
    with qtbot.waitSignals([viewer.rig.changed, viewer.rig.convention_changed, viewer.rig.judged]):
        QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert viewer.rig.chosen == BODY
    after = viewer.rig.placed("front").project(cloud.xyz).seen
    assert (before != after).any()
    assert "as chosen for this job" in dialog.in_force.text()
    assert dialog.axes.currentData() == CameraAxes.BODY
    assert not dialog.take.isEnabled()
    assert "calibration.convention" not in [finding.rule for finding in viewer.findings()]
    with qtbot.waitSignal(viewer.rig.judged):
        QTest.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert viewer.rig.chosen is None
    assert (viewer.rig.placed("front").project(cloud.xyz).seen == before).all()


def test_a_choice_in_a_field_holds_at_once(qtbot, dialog, viewer):
    dialog.direction.setFocus()
    with qtbot.waitSignal(viewer.rig.judged):
        QTest.keyClick(dialog.direction, Qt.Key.Key_Down)
    assert viewer.rig.chosen == PoseConvention(PoseDirection.INVERSE)
    assert viewer.rig.chosen.direction is PoseDirection.INVERSE


def test_another_job_shows_its_own(qtbot, dialog, viewer, tmp_path):
    viewer.rig.choose(BODY)
    folder = small_delivery(tmp_path / "two", cameras=("left",), name="two")

    def without_poses(document):
        for frame in document["sensor_data"]["frames"]:
            for sensor in frame["sensors"]:
                sensor["sensor_pose"] = {}

    edit_json(folder / "result.json", without_poses)
    viewer.open_path(folder)
    qtbot.waitUntil(lambda: viewer.job.name == "two" and viewer.shown is not None)
    rest(qtbot, viewer)
    assert viewer.rig.chosen is None
    assert dialog.advice.text() == NO_POSES
    assert dialog.lenses.rowCount() == 1


def test_it_tells_how_well_points_fit_the_pictures_under_the_reading_that_is_chosen(qtbot, tmp_path):
    def agreements(dialog):
        return [dialog.lenses.item(row, 1).text() for row in range(dialog.lenses.rowCount())]

    owner = QWidget()
    qtbot.addWidget(owner)
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        dialog = CalibrationDialog(viewer, owner)
        known(qtbot, viewer, RIGHT, TURNED)
        score = f"{viewer.alignment.of(RIGHT).score:.2f}"
        assert dict(zip([camera.name for camera in viewer.sequence.cameras], agreements(dialog), strict=True)) == {
            RIGHT: score,
            TURNED: "Points lie 9 px off",
        }
        assert viewer.alignment.explained(RIGHT) in dialog.lenses.item(0, 1).toolTip()
        assert viewer.alignment.explained(RIGHT) in dialog.reason.text()
        viewer.rig.choose(BODY)
        assert agreements(dialog) == ["-", "-"]
        qtbot.waitUntil(lambda: "-" not in agreements(dialog))
        assert agreements(dialog) != [score, "Points lie 9 px off"]
        rest(qtbot, viewer)
        dialog.close()


def test_a_long_name_of_a_camera_leaves_room_for_the_figures(qtbot, dialog, viewer, tmp_path):
    name = "<b>right</b>\u202e\n" + "x" * 120 + " end"
    viewer.open_path(small_delivery(tmp_path / "long", cameras=(name,), name="long"))
    qtbot.waitUntil(lambda: viewer.job.name == "long" and viewer.shown is not None)
    rest(qtbot, viewer)
    table = dialog.lenses
    assert table.columnViewportPosition(table.columnCount() - 1) < table.viewport().width()
    assert table.textElideMode() is Qt.TextElideMode.ElideMiddle
    assert "&lt;b&gt;right&lt;/b&gt;\\u202e\\n" + "x" * 120 + " end" in table.item(0, 0).toolTip()


def test_a_choice_that_cannot_be_remembered_says_so(qtbot, dialog, viewer):
    viewer.rig.not_remembered.emit(WorkspaceError("The workspace is opened for reading only."))
    assert dialog.advice.text().startswith("Poses are read like this until the job is closed. The workspace is opened")
