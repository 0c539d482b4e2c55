"""What the timeline knows of every frame, from the disk, the queue, the findings and the last verification."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from app.domain.finding import Severity
from app.gui.frame_marks import FrameMarks, FrameState
from app.gui.last_view import open_as_left
from app.gui.mark_painting import GLYPHS, legend_lines
from app.gui.shown_frame import look_at
from app.gui.timeline import Timeline
from app.jobs import open_path
from app.sandbox.server import Sandbox
from app.sync import FileProblem, ItemState, QueueItem
from app.workspace import Damage
from app.workspace.addresses import url_key
from tests.builders import small_delivery
from tests.gui.download_parts import JOB, PATIENCE, PROJECT, download_parts
from tests.gui.opened_viewer import opened_viewer, rest

FRAMES = 8
ABSENT = frozenset({5, 6, 7})


class OneItem(QObject):
    """A queue that has the open job, in the state that the test says."""

    changed, progressed = Signal(), Signal()

    def __init__(self) -> None:
        super().__init__()
        self._values = {}

    def item(self, job_id):
        return QueueItem("p", job_id, **self._values) if self._values else None

    def become(self, state: ItemState, **values) -> None:
        self._values = {"state": state, **values}
        self.changed.emit()


@pytest.fixture
def delivery(tmp_path) -> Path:
    delivery = small_delivery(tmp_path / "delivery", frames=FRAMES)
    for index in ABSENT:
        (delivery / "files" / "lidar" / f"{index:06d}.pcd").unlink()
    return delivery


@pytest.fixture
def queue():
    return OneItem()


@pytest.fixture
def marks(viewer, queue):
    return FrameMarks(viewer, viewer, queue=queue)


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox([small_delivery(tmp_path / "served", frames=3)]) as sandbox:
        yield sandbox


# -- where the files are --


def test_frames_are_here_or_not(marks):
    assert marks.having(FrameState.LOCAL) == set(range(FRAMES)) - ABSENT
    assert marks.having(FrameState.ABSENT) == ABSENT
    assert marks.caption == "5 of 8 frames on disk"


@pytest.mark.parametrize(
    ("item", "state", "told"),
    [
        (ItemState.RUNNING, FrameState.DOWNLOADING, "downloading 25 %"),
        (ItemState.WAITING, FrameState.WAITING, "waiting to be downloaded"),
        (ItemState.PAUSED, FrameState.WAITING, "waiting to be downloaded"),
        (ItemState.FAILED, FrameState.ABSENT, "5 of 8 frames on disk"),
    ],
)
def test_what_is_not_here_follows_the_queue(qtbot, marks, queue, item, state, told):
    with qtbot.waitSignal(marks.marks_changed):
        queue.become(item, files=10, total_files=40)
    ways = (FrameState.ABSENT, FrameState.WAITING, FrameState.DOWNLOADING)
    assert [way for way in ways if marks.having(way)] == [state]
    assert marks.having(state) == ABSENT
    assert marks.caption.endswith(told)


def test_a_queue_that_goes_on_with_other_jobs_repaints_nothing(qtbot, marks, queue):
    queue.become(ItemState.RUNNING, files=1, total_files=2)
    with qtbot.assertNotEmitted(marks.marks_changed):
        queue.progressed.emit()


def test_a_frame_of_which_a_file_did_not_come_is_marked(marks, queue):
    problem = FileProblem("000002", "https://store.example/x.jpg", "It is gone.")
    queue.become(ItemState.FAILED, problems=(problem, FileProblem("of another job", "", "")))
    assert marks.having(FrameState.FAILED) == {2}
    assert FrameState.LOCAL in marks.states(2)


# -- damage --


def test_frames_that_need_a_file_found_damaged_are_marked_until_it_is_mended(qtbot, tmp_path, delivery, queue):
    with opened_viewer(qtbot) as viewer:
        marks = FrameMarks(viewer, viewer, queue=queue)
        job = open_path(delivery)
        job.job_id = "j1"
        viewer.set_job(look_at(job, settled=True))
        qtbot.waitUntil(lambda: viewer.shown is not None)
        rest(qtbot, viewer)
        broken = url_key(viewer.sequence.frames[3].mask_url)
        marks.set_damage((Damage(broken, "", ("j1",), (), "damaged"), Damage("0" * 64, "", ("j2",), (), "missing")))
        qtbot.waitUntil(lambda: marks.having(FrameState.DAMAGED) == {3})
        assert marks.caption.endswith("1 damaged")
        marks.set_damage(())
        assert not marks.having(FrameState.DAMAGED)
        rest(qtbot, viewer)


def test_a_mask_that_cannot_be_read_although_it_is_here_is_damaged(qtbot, delivery):
    (delivery / "files" / "masks" / "000002.txt").write_text("[1, 2")
    with opened_viewer(qtbot) as viewer:
        marks = FrameMarks(viewer, viewer)
        viewer.open_path(delivery)
        qtbot.waitUntil(lambda: viewer.shown is not None)
        rest(qtbot, viewer)  # decoded ahead, nobody looked at it
        assert marks.having(FrameState.DAMAGED) == {2}
        assert FrameState.ERROR in marks.states(2)


def test_damage_that_the_workspace_remembers_is_known_when_the_job_is_opened(qtbot, sandbox, tmp_path):
    with download_parts(sandbox, tmp_path / "ws") as parts:
        parts.downloads.open_job(PROJECT, JOB)
        qtbot.waitUntil(lambda: parts.states().get(JOB) == "done" and not parts.runner.running, timeout=PATIENCE)
        workspace = parts.services.workspace
        stored = workspace.find(parts.viewer.sequence.frames[1].scan_url)
        content = bytearray(stored.path.read_bytes())
        content[-1] ^= 1
        stored.path.write_bytes(content)
        assert [found.problem for found in workspace.verify(read_data=True)] == ["damaged"]
        assert open_as_left(workspace, JOB).damaged == {1}
        assert workspace.damaged_keys(JOB) == {url_key(parts.viewer.sequence.frames[1].scan_url)}


# -- findings and reviews --


def test_what_was_found_when_a_frame_was_read_last_counts(qtbot, viewer, marks, delivery):
    mask = delivery / "files" / "masks" / "000000.txt"
    whole = mask.read_text()
    mask.write_text("[1, 2, 3]")
    viewer.frames.reload_pictures()
    qtbot.waitUntil(lambda: marks.worst.get(0) is Severity.ERROR)
    rest(qtbot, viewer)
    mask.write_text(whole)
    viewer.frames.reload_pictures()
    rest(qtbot, viewer)
    assert 0 not in marks.worst


def test_reviews_are_marked_once_somebody_tells_of_them(qtbot, marks):
    assert not marks.having(FrameState.REVIEWED)
    assert not [line for line in legend_lines(marks) if FrameState.REVIEWED in line]
    with qtbot.waitSignal(marks.marks_changed):
        marks.set_reviewed([1, 2])
    assert FrameState.REVIEWED in marks.states(1)
    assert [line for line in legend_lines(marks) if FrameState.REVIEWED in line]


def test_another_job_starts_without_marks(qtbot, viewer, marks, tmp_path):
    marks.set_reviewed([1])
    viewer.open_path(small_delivery(tmp_path / "other", frames=2))
    qtbot.waitUntil(lambda: len(viewer.sequence) == 2)
    rest(qtbot, viewer)
    assert marks.states(1) == (FrameState.LOCAL, FrameState.CACHED)


# -- how they look --


def test_every_state_has_a_glyph_of_its_own():
    assert set(GLYPHS) == set(FrameState)
    assert len(set(GLYPHS.values())) == len(FrameState)


def cell(scrubber, index: int):
    """The pixels of one frame's cell, as brightness: what is left without colours."""
    image = scrubber.grab().toImage()
    axis = scrubber.axis
    middle = round(axis.middle(index))
    across = range(middle - 20, middle + 20)
    return [image.pixelColor(x, y).lightness() for x in across for y in range(image.height())]


def test_states_are_told_apart_without_colours(qtbot, viewer, queue):
    timeline = Timeline(viewer, queue=queue)
    qtbot.addWidget(timeline)
    timeline.resize(900, 160)
    timeline.show()
    scrubber, marks = timeline.scrubber, timeline.marks
    looks = {"absent": cell(scrubber, 6), "here": cell(scrubber, 3)}
    queue.become(ItemState.WAITING)
    looks["waiting"] = cell(scrubber, 6)
    queue.become(ItemState.RUNNING)
    looks["downloading"] = cell(scrubber, 6)
    queue.become(ItemState.FAILED, problems=(FileProblem("000003", "", ""),))
    looks["failed"] = cell(scrubber, 3)
    marks._damaged = frozenset({3})
    marks.marks_changed.emit()
    looks["damaged"] = cell(scrubber, 3)
    marks.set_reviewed([3])
    looks["damaged and reviewed"] = cell(scrubber, 3)
    names = list(looks)
    for place, name in enumerate(names):
        for other in names[place + 1 :]:
            different = sum(abs(a - b) > 20 for a, b in zip(looks[name], looks[other], strict=True))
            assert different >= 4, f"{name} looks like {other}"


def test_the_tooltip_and_assistive_tools_hear_all_states(qtbot, viewer, queue):
    timeline = Timeline(viewer, queue=queue)
    qtbot.addWidget(timeline)
    queue.become(ItemState.RUNNING, files=1, total_files=4)
    scrubber = timeline.scrubber
    assert "Downloading" in scrubber.tooltip_at(scrubber.axis.middle(6))
    assert scrubber.accessibleDescription() == "Frame 1 of 8: on this machine, decoded, in memory"
    legend = scrubber.tooltip_at(2)
    assert all(state.value in legend for state in (FrameState.LOCAL, FrameState.DOWNLOADING, FrameState.CACHED))
    assert FrameState.DAMAGED.value not in legend
