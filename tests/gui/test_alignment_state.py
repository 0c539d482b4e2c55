import pytest

from app.checks.alignment import LOW_SCORE
from app.domain.finding import merge_findings
from app.gui.panels.findings import FindingsPanel
from app.jobs import camera_alignment
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest
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
        assert [viewer.alignment.doubtful(camera) for camera in (RIGHT, TURNED)] == [False, True]
        assert viewer.alignment.of(TURNED).score < LOW_SCORE


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
        assert "over 2 frames" in finding.message


def test_a_frame_is_compared_once_and_again_when_cameras_are_placed_otherwise(qtbot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "app.gui.alignment_state.camera_alignment",
        lambda job, frame, camera: asked.append((frame.index, camera)) or camera_alignment(job, frame, camera),
    )
    with opened_viewer(qtbot, posts_folder(tmp_path)) as viewer:
        known(qtbot, viewer, RIGHT, TURNED)
        for index in (1, 0, 1, 0):
            viewer.show_frame(index)
            rest(qtbot, viewer)
            known(qtbot, viewer, RIGHT, TURNED)
        every = [(index, camera) for index in (0, 1) for camera in (RIGHT, TURNED)]
        assert asked == every
        viewer.alignment.forget()
        assert (viewer.alignment.of(TURNED), viewer.findings()) == (None, ())
        known(qtbot, viewer, RIGHT, TURNED)
        assert asked == [*every, *every[:2]]


def test_frames_that_fly_past_are_not_compared(qtbot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "app.gui.alignment_state.camera_alignment",
        lambda job, frame, camera: asked.append(frame.index) or camera_alignment(job, frame, camera),
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
        assert (alignment.words("front"), alignment.words("another"), alignment.doubtful("front")) == ("", "", False)
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


@pytest.mark.parametrize("name", ["picture.png", "scan.bin"])
def test_a_picture_or_scan_that_is_damaged_is_passed_over(qtbot, tmp_path, name):
    folder = posts_folder(tmp_path)
    (folder / name).write_bytes(b"damaged")
    with opened_viewer(qtbot, folder) as viewer:
        with qtbot.waitSignals([viewer.alignment.changed] * 2):
            pass
        assert (viewer.alignment.words(RIGHT), viewer.alignment.findings) == ("", ())
        rest(qtbot, viewer)
