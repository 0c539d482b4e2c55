"""What is fetched for linked cameras, when, and what their views say meanwhile."""

from dataclasses import replace

import pytest

from app.domain.post_processing import JOB_IS_RUNNING, NO_RESULTS
from app.gui.camera_note import STOPPED, CameraAct
from app.gui.tasks import TaskState
from app.sandbox.faults import Fault, FaultKind
from app.workspace import PictureSource
from tests.gui.edge_impulse_parts import LEFT, edge_impulse_parts, front_link

PATIENCE = 20_000  # ms


@pytest.fixture
def parts(qtbot, tmp_path):
    with edge_impulse_parts(qtbot, tmp_path) as parts:
        yield parts


def left_link(**options):
    return replace(front_link(**options), camera="left", sample_id=LEFT, sample_name="street left")


def at_rest(qtbot, parts):
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=PATIENCE)


def fetch(qtbot, parts, *links):
    parts.link(*links)
    parts.tracking.fetch_job(whole=True)
    qtbot.waitUntil(lambda: bool(parts.tracking.cameras), timeout=PATIENCE)
    at_rest(qtbot, parts)


def test_boxes_come_once_and_are_not_asked_for_again(qtbot, parts):
    fetch(qtbot, parts, front_link())
    assert parts.viewer.boxes["front"].tracked
    assert not parts.viewer.notes
    asked = len(parts.asked("/samples/"))
    parts.tracking.fetch_linked()
    at_rest(qtbot, parts)
    assert len(parts.asked("/samples/")) == asked


def test_a_job_with_pictures_of_its_own_needs_none_of_the_sample(qtbot, parts):
    fetch(qtbot, parts, front_link())
    assert not parts.asked("/video")


def test_chosen_pictures_of_the_sample_are_fetched_and_shown(qtbot, parts):
    before = parts.viewer.shown.pictures["front"].image
    fetch(qtbot, parts, front_link(pictures=PictureSource.SAMPLE))
    assert len(parts.asked("/video")) == 1
    after = parts.viewer.shown.pictures["front"].image
    assert after is not None
    assert after != before  # the same scene through a lossy video
    assert parts.viewer.job.pictures.shows_sample(0, "front")


def test_pictures_that_are_still_on_their_way_keep_the_sample_waiting(qtbot, tmp_path):
    with edge_impulse_parts(qtbot, tmp_path, missing="000000.jpg") as parts:
        parts.link(front_link())
        parts.tracking.fetch_job(whole=False)
        qtbot.waitUntil(lambda: bool(parts.tracking.cameras) and not parts.runner.running, timeout=PATIENCE)
        assert parts.viewer.tracks
        assert not parts.asked("/video")
        assert parts.viewer.shown.pictures["front"].image is None
        parts.tracking.settle_files()
        qtbot.waitUntil(lambda: bool(parts.asked("/video")) and not parts.runner.running, timeout=PATIENCE)
        assert parts.viewer.shown.pictures["front"].image is not None
        missing = [finding.message for finding in parts.viewer.findings() if finding.rule == "image.unreadable"]
        assert len(missing) == 1  # the other camera is not linked
        assert "left" in missing[0]


def test_a_sample_that_is_still_processed_says_so_and_offers_to_look_again(qtbot, parts):
    parts.sandbox.set_sample_processing("street front", running=True)
    fetch(qtbot, parts, front_link(pictures=PictureSource.SAMPLE))
    note = parts.viewer.notes["front"]
    assert "still processing" in note.sentence
    assert note.acts == {CameraAct.REFRESH}
    parts.sandbox.set_sample_processing("street front", running=False)
    parts.tracking.refresh("front")
    qtbot.waitUntil(lambda: "front" not in parts.viewer.notes and not parts.runner.running, timeout=PATIENCE)
    assert parts.viewer.shown.pictures["front"].image is not None


def test_the_service_is_asked_to_classify_once_however_often_it_is_retried(qtbot, parts):
    parts.sandbox.set_sample_state("street front", NO_RESULTS)
    fetch(qtbot, parts, front_link())
    assert CameraAct.CLASSIFY in parts.viewer.notes["front"].acts
    parts.sandbox.faults.add(Fault(FaultKind.ERROR, origin="edge-impulse", path_contains="classify", status=400))
    parts.tracking.classify("front", front_link())
    at_rest(qtbot, parts)
    (failed,) = [task for task in parts.runner.children() if getattr(task, "state", None) is TaskState.FAILED]
    parts.runner.retry(failed)
    at_rest(qtbot, parts)
    assert len(parts.asked("/classify")) == 1
    assert CameraAct.CLASSIFY in parts.viewer.notes["front"].acts


def test_a_yes_counts_only_for_the_link_it_was_given_to(qtbot, parts):
    parts.sandbox.set_sample_state("street front", NO_RESULTS)
    fetch(qtbot, parts, front_link())
    parts.tracking.classify("front", replace(front_link(), variant="float32"))
    at_rest(qtbot, parts)
    assert not parts.asked("/classify")


def test_what_was_stopped_can_be_taken_up_again(qtbot, parts):
    parts.sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=1000)
    parts.link(front_link())
    parts.tracking.fetch_job(whole=True)
    qtbot.waitUntil(
        lambda: "front" in parts.viewer.notes and "working" in parts.viewer.notes["front"].sentence, timeout=PATIENCE
    )
    note = parts.viewer.notes["front"]
    assert note.job_id == 70001
    assert note.acts == {CameraAct.LOG}
    (task,) = [task for task in parts.runner.running if task.title == "Boxes of front"]
    task.cancel()
    qtbot.waitUntil(lambda: parts.viewer.notes["front"] == STOPPED, timeout=PATIENCE)
    parts.sandbox.set_sample_state("street front")
    parts.tracking.refresh("front")
    qtbot.waitUntil(lambda: bool(parts.viewer.boxes["front"].tracked), timeout=PATIENCE)
    at_rest(qtbot, parts)
    assert not parts.viewer.notes


def test_a_refused_key_is_reported_once_and_another_one_brings_the_boxes(qtbot, parts):
    refused = []
    parts.tracking.key_refused.connect(refused.append)
    sound = parts.services.credentials
    parts.services.credentials = replace_key(sound, "ei_wrong")
    fetch(qtbot, parts, front_link(), left_link())
    assert len(refused) == 1
    assert all(note.acts == {CameraAct.REFRESH} for note in parts.viewer.notes.values())
    parts.tracking.refresh("front")
    at_rest(qtbot, parts)
    assert len(refused) == 1
    parts.services.credentials = sound
    parts.tracking.use_key()
    qtbot.waitUntil(lambda: {track.camera for track in parts.viewer.tracks} == {"front", "left"}, timeout=PATIENCE)
    at_rest(qtbot, parts)


def replace_key(credentials, key):
    return type(credentials)(telus_key=credentials.telus_key, edge_impulse_key=key)


def test_results_of_other_parameters_are_a_finding(qtbot, parts):
    fetch(qtbot, parts, front_link())
    assert not [finding for finding in parts.viewer.findings() if finding.rule == "tracking.stale"]
    address = front_link().request_address
    asked = parts.services.workspace.read(address)
    parts.services.workspace.store(
        address, asked.replace(b'"keep_grace":"5"', b'"keep_grace":"99"'), media_type="application/json"
    )
    parts.viewer.reload_tracking()
    qtbot.waitUntil(lambda: bool(parts.viewer.tracking["front"].stale), timeout=PATIENCE)
    (finding,) = [finding for finding in parts.viewer.findings() if finding.rule == "tracking.stale"]
    assert "made with 5, asked for 99" in finding.message
