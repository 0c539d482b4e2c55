import json
from collections import Counter
from threading import Event

import pytest

from app.domain.legend_table import UNMAPPED_CLASS
from app.gui.job_counts import KEY, JobCounts, count_masks
from app.jobs import LocalJob
from app.progress import Cancelled, Progress
from tests.builders import LEGEND, small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

CLASS_OF = {row.key: row.label for row in LEGEND}


def truth(folder):
    """Points per class over all frames, from the document that was written beside the masks."""
    total = Counter()
    for frame in json.loads((folder / "truth.json").read_text())["frames"].values():
        for key, points in frame["label_counts"].items():
            total[CLASS_OF.get(int(key), UNMAPPED_CLASS)] += points
    return dict(total)


@pytest.fixture
def folder(tmp_path):
    return small_delivery(tmp_path / "delivery", frames=5)


def opened(qtbot, viewer, folder):
    """Counts of a job that is opened while they listen."""
    counts = JobCounts(viewer, viewer)
    viewer.open_path(folder)
    qtbot.waitUntil(lambda: viewer.shown is not None and counts.complete)
    rest(qtbot, viewer)
    return counts


def count_anew(viewer, counts):
    """Forget what is counted and decoded but the frame on screen."""
    viewer.frames._cache.clear()
    counts._on_job_changed()
    viewer.frame_changed.emit()


def test_every_frame_is_counted_as_its_mask_has_it(qtbot, folder):
    with opened_viewer(qtbot) as viewer:
        counts = opened(qtbot, viewer, folder)
        assert counts.totals.classes == truth(folder)
        assert counts.totals.span(5) == "5 frames"


def test_frames_in_memory_are_not_decoded_again_and_no_mask_twice(qtbot, folder, monkeypatch):
    asked, real = [], LocalJob.label_counts
    monkeypatch.setattr(LocalJob, "label_counts", lambda job, index: (asked.append(index), real(job, index))[1])
    with opened_viewer(qtbot) as viewer:
        opened(qtbot, viewer, folder)
        assert 0 not in asked
        assert len(asked) == len(set(asked))
        asked.clear()
        for index in range(5):
            viewer.show_frame(index)
            rest(qtbot, viewer)
        assert asked == []


def test_only_frames_that_are_here_are_counted_and_that_is_said(qtbot, folder):
    with opened_viewer(qtbot) as viewer:
        counts = opened(qtbot, viewer, folder)
        viewer.frames._local = frozenset({0, 1})
        count_anew(viewer, counts)
        qtbot.waitUntil(lambda: len(counts.totals.counted) == 2)
        rest(qtbot, viewer)
        assert counts.totals.span(5) == "2 of 5 frames"
        assert not counts.complete


def test_a_mask_that_cannot_be_read_is_left_out_and_the_others_counted(qtbot, folder):
    with opened_viewer(qtbot) as viewer:
        counts = opened(qtbot, viewer, folder)
        viewer.job.files.find(viewer.sequence.frames[3].mask_url).path.write_bytes(b"no mask")
        count_anew(viewer, counts)
        qtbot.waitUntil(lambda: counts.totals.unreadable == {3})
        rest(qtbot, viewer)
        assert counts.totals.span(5) == "4 of 5 frames"


def test_playing_goes_before_counting(qtbot, folder):
    with opened_viewer(qtbot) as viewer:
        counts = opened(qtbot, viewer, folder)
        viewer.show_frame(0)
        rest(qtbot, viewer)
        viewer.playback.set_playing(True)
        count_anew(viewer, counts)
        assert not any(task.key == KEY for task in viewer.runner.running)
        viewer.playback.set_playing(False)
        qtbot.waitUntil(lambda: counts.complete)


def test_what_arrives_while_masks_are_counted_is_counted_too(qtbot, folder):
    with opened_viewer(qtbot) as viewer:
        counts = opened(qtbot, viewer, folder)
        viewer.frames._local = frozenset({0, 1})
        count_anew(viewer, counts)
        for index in (2, 3, 4):
            viewer.frames.note_arrival(index)
        qtbot.waitUntil(lambda: counts.complete)
        rest(qtbot, viewer)
        assert counts.totals.classes == truth(folder)


def test_another_job_is_counted_although_masks_of_the_first_are_still_being_read(qtbot, folder, tmp_path, monkeypatch):
    entered, leave, real = Event(), Event(), LocalJob.label_counts

    def slow(job, index):
        if len(job.sequence) == 5:
            entered.set()
            assert leave.wait(10)
        return real(job, index)

    monkeypatch.setattr(LocalJob, "label_counts", slow)
    with opened_viewer(qtbot) as viewer:
        counts = JobCounts(viewer, viewer)
        viewer.open_path(folder)
        qtbot.waitUntil(entered.is_set)
        viewer.open_path(small_delivery(tmp_path / "other", frames=4, name="other"))
        qtbot.waitUntil(lambda: len(viewer.sequence) == 4 and viewer.shown is not None)
        qtbot.waitUntil(lambda: counts.complete)
        leave.set()
        rest(qtbot, viewer)
        assert counts.totals.points == 4 * 500


def test_clouds_without_a_mask_file_are_not_decoded_for_their_counts(qtbot, folder, monkeypatch):
    asked = []
    monkeypatch.setattr(LocalJob, "label_counts", lambda _job, index: asked.append(index) or {})
    clouds = folder.parent / "clouds"
    clouds.mkdir()
    for number, cloud in enumerate(sorted(folder.rglob("*.pcd"))):
        (clouds / f"{number:06d}.pcd").write_bytes(cloud.read_bytes())
    with opened_viewer(qtbot) as viewer:
        counts = JobCounts(viewer, viewer)
        viewer.open_path(clouds / "000000.pcd")
        qtbot.waitUntil(lambda: viewer.shown is not None)
        rest(qtbot, viewer)
        assert asked == []
        assert counts.totals.counted == {0}
        assert counts.totals.points == 0


def test_counting_stops_where_it_is_cancelled(qtbot, folder):
    with opened_viewer(qtbot, folder) as viewer:
        told = []
        progress = Progress(tell=lambda value: (told.append(value), progress.cancel()))
        with pytest.raises(Cancelled):
            count_masks(viewer.job, [0, 1, 2], progress)
        assert len(told) == 1
