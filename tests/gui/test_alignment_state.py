from PySide6.QtCore import QPointF

from app.checks.alignment import LOW_SCORE
from app.domain.finding import merge_findings
from app.gui.camera_note import CameraNote
from app.gui.camera_view import CameraView
from app.gui.panels.findings import FindingsPanel
from app.gui.theme import STEP
from app.jobs import camera_alignment
from tests.builders import small_delivery
from tests.domain.posts import picture
from tests.gui.opened_viewer import edit_json, opened_viewer, rest
from tests.jobs.posts_folder import RIGHT, TURNED, posts_folder


def known(qtbot, viewer, *cameras):
    """Wait until cameras of the shown frame are compared."""
    qtbot.waitUntil(lambda: all(viewer.alignment.of(camera) is not None for camera in cameras))
    rest(qtbot, viewer)


def test_the_shown_frame_says_of_each_camera_how_well_it_agrees(qtbot, tmp_path):
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        known(qtbot, viewer, RIGHT, TURNED)
        expected = camera_alignment(viewer.job, viewer.shown.frame, TURNED)
        assert viewer.alignment.words(TURNED) == f"agreement {expected.score:.2f}"
        assert (
            viewer.alignment.explained(RIGHT)
            == f"Points and picture agree to {viewer.alignment.of(RIGHT).score:.2f} of 1."
        )
        assert "they would fit better moved" in viewer.alignment.explained(TURNED)
        assert "px to the left" in viewer.alignment.explained(TURNED)
        assert [viewer.alignment.doubt(camera) for camera in (RIGHT, TURNED)] == ["", "Points lie 9 px off"]
        assert viewer.alignment.of(TURNED).score < LOW_SCORE


def test_no_other_note_hides_that_points_lie_off(qtbot, tmp_path):
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        view = CameraView(viewer, TURNED)
        qtbot.addWidget(view)
        view.resize(640, 480)
        viewer.images.set_straight(straight=True)
        known(qtbot, viewer, RIGHT, TURNED)
        for camera_note in (None, CameraNote("A job runs.", "Runs"), CameraNote("A job failed.", "Failed", warns=True)):
            viewer.set_note(TURNED, camera_note)
            assert view._note().warns
            assert view._note().text.startswith("Points lie 9 px off · ")
            tooltip = view.tooltip_at(view._note().rect.center())
            assert "they would fit better moved" in tooltip
            assert "nothing to undo" in tooltip
            assert camera_note is None or camera_note.sentence in tooltip


def test_the_camera_that_is_off_is_listed_among_the_findings(qtbot, tmp_path):
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        panel = FindingsPanel(viewer)
        qtbot.addWidget(panel)
        assert panel.summary == ""
        known(qtbot, viewer, RIGHT, TURNED)
        assert panel.summary == "1 warning"
        (finding,) = panel.model.findings
        assert (finding.rule, finding.frame_id) == ("calibration.misaligned", "000000")
        viewer.show_frame(1)
        rest(qtbot, viewer)
        known(qtbot, viewer, RIGHT, TURNED)
        (finding,) = panel.model.findings
        assert finding.frame_id == ""
        assert "in 2 frames" in finding.message


def test_a_frame_is_compared_once_and_again_when_cameras_are_placed_otherwise(qtbot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "app.gui.alignment_state.camera_alignment",
        lambda job, frame, camera, image: (
            asked.append((frame.index, camera, image.shape)) or camera_alignment(job, frame, camera, image=image)
        ),
    )
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        known(qtbot, viewer, RIGHT, TURNED)
        for index in (1, 0, 1, 0):
            viewer.show_frame(index)
            rest(qtbot, viewer)
            known(qtbot, viewer, RIGHT, TURNED)
        every = [(index, camera, picture().shape) for index in (0, 1) for camera in (RIGHT, TURNED)]
        assert asked == every
        viewer.alignment.forget()
        assert (viewer.alignment.of(TURNED), viewer.findings()) == (None, ())
        known(qtbot, viewer, RIGHT, TURNED)
        assert asked == [*every, *every[:2]]


def test_frames_that_fly_past_are_not_compared(qtbot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "app.gui.alignment_state.camera_alignment",
        lambda job, frame, camera, image: (
            asked.append(frame.index) or camera_alignment(job, frame, camera, image=image)
        ),
    )
    with opened_viewer(qtbot, posts_folder(tmp_path, frames=4)) as viewer:
        for index in range(1, 4):
            with qtbot.waitSignal(viewer.frame_changed):
                viewer.show_frame(index)
        known(qtbot, viewer, RIGHT, TURNED)
        assert set(asked) <= {0, 3}
        assert 3 in asked


def test_a_camera_that_cannot_be_compared_says_why_or_nothing(qtbot, tmp_path):
    with opened_viewer(qtbot) as viewer:
        assert (viewer.alignment.words("front"), viewer.alignment.explained("front")) == ("", "")
    with opened_viewer(qtbot, small_delivery(tmp_path, cameras=("front",))) as viewer:
        known(qtbot, viewer, "front")
        alignment = viewer.alignment
        assert alignment.of("front").score is None
        assert (alignment.words("front"), alignment.words("another"), alignment.doubt("front")) == ("", "", "")
        assert alignment.explained("front").startswith("Whether points and picture agree cannot be told: ")
        assert viewer.findings() == merge_findings(viewer.findings())


def test_another_job_starts_with_nothing_known(qtbot, tmp_path):
    with opened_viewer(qtbot, posts_folder(tmp_path / "posts")) as viewer:
        known(qtbot, viewer, RIGHT, TURNED)
        assert viewer.alignment.findings
        viewer.open_path(small_delivery(tmp_path / "other", name="other", cameras=("front",)))
        qtbot.waitUntil(lambda: viewer.job.name == "other")
        assert viewer.alignment.findings == ()
        assert viewer.alignment.of(TURNED) is None
        rest(qtbot, viewer)


def test_a_camera_without_a_picture_is_passed_over(qtbot, tmp_path):
    folder = posts_folder(tmp_path)

    def without_picture(infos):
        infos["data_list"][0]["images"][RIGHT]["img_path"] = "nowhere.png"

    edit_json(folder / "infos.json", without_picture)
    with opened_viewer(qtbot, folder) as viewer:
        known(qtbot, viewer, TURNED)
        assert (viewer.alignment.of(RIGHT), viewer.alignment.words(RIGHT)) == (None, "")
        assert [finding.rule for finding in viewer.alignment.findings] == ["calibration.misaligned"]


def test_a_damaged_scan_leaves_nothing_to_compare(qtbot, tmp_path):
    folder = posts_folder(tmp_path)
    (folder / "scan.bin").write_bytes(b"damaged")
    with opened_viewer(qtbot, folder) as viewer:
        changed = viewer.alignment.changed
        with qtbot.waitSignals([changed, changed], order="none"):
            pass
        assert (viewer.alignment.words(RIGHT), viewer.alignment.findings) == ("", ())
        rest(qtbot, viewer)


def test_a_camera_view_tells_the_agreement_and_warns_where_it_is_low(qtbot, tmp_path):
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        views = {camera: CameraView(viewer, camera) for camera in (RIGHT, TURNED)}
        for view in views.values():
            qtbot.addWidget(view)
            view.resize(700, 440)
            view.show()
        known(qtbot, viewer, RIGHT, TURNED)
        tips = {camera: view.tooltip_at(QPointF(20, 20)) for camera, view in views.items()}
        assert "Points and picture agree to" in tips[RIGHT]
        below = QPointF(20, 20 + views[TURNED].tools.link.sizeHint().height() + STEP)
        assert views[RIGHT].tooltip_at(below) == ""
        assert "they would fit better moved" in views[TURNED].tooltip_at(below)
