"""The queue of downloads: what comes next, how far everything is, and what the user may do about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync import DownloadQueue, FileProblem, ItemState, QueueItem
from app.sync.pace import WINDOW, Speedometer

GONE = FileProblem("000001", "https://store.example/a.pcd", "The store does not have it.")


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def jobs(names: str = "abc") -> tuple[QueueItem, ...]:
    return tuple(QueueItem("project", name) for name in names)


def order(queue: DownloadQueue) -> str:
    return "".join(item.job_id for item in queue.items)


def states(queue: DownloadQueue) -> dict[str, str]:
    return {item.job_id: item.state.value for item in queue.items}


def take(queue: DownloadQueue) -> str:
    item = queue.take()
    return "" if item is None else item.job_id


def test_jobs_are_taken_in_the_order_in_which_they_stand() -> None:
    queue = DownloadQueue(jobs("abc"))
    queue.move("c", by=-1)
    queue.move("a", by=1)
    assert order(queue) == "cab"
    queue.to_top("b")
    assert [take(queue), take(queue), take(queue), take(queue)] == ["b", "c", "a", ""]


@pytest.mark.parametrize("by", [-100, -1, 0, 1, 100])
def test_no_job_falls_off_either_end(by: int) -> None:
    queue = DownloadQueue(jobs("abc"))
    queue.move("b", by=by)
    assert sorted(order(queue)) == ["a", "b", "c"]
    assert order(queue).index("b") == max(0, min(2, 1 + by))


def test_a_paused_job_is_left_out_until_it_is_resumed() -> None:
    queue = DownloadQueue(jobs("ab"))
    queue.pause("a")
    assert take(queue) == "b"
    queue.resume("a")
    assert take(queue) == "a"


def test_pausing_stops_the_job_that_runs_and_keeps_what_it_has() -> None:
    queue = DownloadQueue(jobs("a"))
    queue.take()
    queue.advance("a", files=3, total_files=9)
    queue.receive("a", count=500, files=3)
    queue.pause("a")
    assert not queue.is_running("a")
    queue.interrupt("a")  # the work has ended
    item = queue.item("a")
    assert item is not None
    assert (item.state, item.files, item.received) == (ItemState.PAUSED, 3, 500)


def test_work_that_was_cancelled_from_elsewhere_is_paused_and_not_begun_again() -> None:
    queue = DownloadQueue(jobs("a"))
    queue.take()
    queue.interrupt("a")
    assert states(queue) == {"a": "paused"}


def test_all_can_be_paused_and_resumed_and_what_failed_stays_so() -> None:
    queue = DownloadQueue(jobs("abcd"))
    queue.finish(take(queue), files=2)
    queue.fail(take(queue), "No.")
    queue.take()
    queue.pause_all()
    assert states(queue) == {"a": "done", "b": "failed", "c": "paused", "d": "paused"}
    assert queue.take() is None
    queue.resume_all()
    assert states(queue) == {"a": "done", "b": "failed", "c": "waiting", "d": "waiting"}


def test_the_job_on_screen_goes_first_and_the_one_it_interrupts_waits_behind_it() -> None:
    queue = DownloadQueue(jobs("abc"))
    queue.take()
    queue.add_first(QueueItem("project", "z"))
    assert order(queue) == "zabc"
    assert not queue.is_running("a")
    assert [take(queue), take(queue), take(queue)] == ["z", "a", "b"]


def test_the_job_on_screen_goes_on_where_it_runs_already() -> None:
    queue = DownloadQueue(jobs("abc"))
    queue.take()
    queue.advance("a", files=5, total_files=6)
    queue.add_first(QueueItem("project", "a"))
    assert queue.is_running("a")
    assert order(queue) == "abc"


def test_a_job_that_is_added_twice_stands_there_once_and_a_failed_one_tries_again() -> None:
    queue = DownloadQueue(jobs("ab"))
    queue.fail(take(queue), "No.")
    queue.add(jobs("abc"))
    assert states(queue) == {"a": "waiting", "b": "waiting", "c": "waiting"}
    assert all(not item.message for item in queue.items)


def test_a_job_without_all_files_has_failed_with_the_reason_and_retry_clears_it() -> None:
    queue = DownloadQueue(jobs("a"))
    queue.take()
    queue.finish("a", files=7, problems=(GONE,), message="1 of 8 files could not be fetched.")
    item = queue.item("a")
    assert item is not None
    assert (item.state, item.files, item.total_files, item.problems) == (ItemState.FAILED, 7, 8, (GONE,))
    queue.resume("a")
    item = queue.item("a")
    assert item is not None
    assert (item.state, item.message, item.problems) == (ItemState.WAITING, "", ())


def test_a_queue_on_hold_gives_out_nothing_until_it_is_resumed() -> None:
    queue = DownloadQueue(jobs("ab"))
    queue.take()
    queue.hold("a", "The key is wrong. Type another.")
    assert queue.take() is None
    assert queue.problem == "The key is wrong. Type another."
    assert states(queue) == {"a": "paused", "b": "waiting"}
    queue.resume_all()
    assert (queue.problem, take(queue)) == ("", "a")


def test_a_removed_job_is_gone_whatever_its_work_still_says() -> None:
    queue = DownloadQueue(jobs("ab"))
    queue.take()
    queue.remove("a")
    queue.advance("a", files=1, total_files=2)
    queue.receive("a", count=1, files=1)
    queue.finish("a", files=2)
    queue.interrupt("a")
    assert order(queue) == "b"


def test_what_is_done_can_be_cleared_away() -> None:
    queue = DownloadQueue(jobs("abc"))
    queue.finish(take(queue), files=1)
    queue.fail(take(queue), "No.")
    queue.clear_done()
    assert order(queue) == "bc"


def test_speed_counts_the_last_seconds_only() -> None:
    clock = Clock()
    meter = Speedometer(clock)
    assert meter.speed == 0
    for _ in range(5):
        meter.add(1000)
        clock.now += 0.5
    assert meter.speed == pytest.approx(2000)
    clock.now += WINDOW
    assert meter.speed == 0


def test_the_time_left_follows_from_the_files_left_and_their_mean_size() -> None:
    clock = Clock()
    queue = DownloadQueue(jobs("ab"), clock=clock)
    assert queue.totals.seconds_left is None
    queue.take()
    queue.advance("a", files=0, total_files=10)
    for files in range(1, 5):  # one file of 1,000 bytes each second
        clock.now += 1
        queue.receive("a", count=1000, files=1)
        queue.advance("a", files=files, total_files=10)
    clock.now += 1
    totals = queue.totals
    assert totals.speed == pytest.approx(1000)
    assert (totals.files, totals.total_files, totals.received) == (4, 10, 4000)
    assert totals.seconds_left == pytest.approx(6 + 10)  # the second job is taken to be like the first


def test_totals_count_what_is_done_and_what_failed() -> None:
    queue = DownloadQueue(jobs("abc"))
    queue.finish(take(queue), files=4)
    queue.fail(take(queue), "No.")
    totals = queue.totals
    assert totals.speed == 0
    assert (totals.jobs, totals.done, totals.failed, totals.files) == (3, 1, 1, 4)


ACTS = ("add", "first", "take", "pause", "resume", "top", "up", "down", "remove", "finish", "fail", "hold", "all")


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from("abcd")), max_size=40))
def test_whatever_the_user_does_no_job_is_doubled_and_at_most_one_runs(acts: list[tuple[str, str]]) -> None:
    queue = DownloadQueue()
    running: str | None = None
    for act, name in acts:
        if act == "take" and (running is None or not queue.is_running(running)):
            running = take(queue) or None
        {
            "add": lambda name=name: queue.add(jobs(name)),
            "first": lambda name=name: queue.add_first(QueueItem("project", name)),
            "pause": lambda name=name: queue.pause(name),
            "resume": lambda name=name: queue.resume(name),
            "top": lambda name=name: queue.to_top(name),
            "up": lambda name=name: queue.move(name, by=-1),
            "down": lambda name=name: queue.move(name, by=1),
            "remove": lambda name=name: queue.remove(name),
            "finish": lambda name=name: queue.finish(name, files=1),
            "fail": lambda name=name: queue.fail(name, "No."),
            "hold": lambda name=name: queue.hold(name, "Full."),
            "all": queue.resume_all,
            "take": lambda: None,
        }[act]()
    assert len(set(order(queue))) == len(queue.items)
    assert list(states(queue).values()).count("running") <= 1


def test_ten_thousand_jobs_are_queued_and_moved_without_a_wait() -> None:
    compared = 0

    class Counted(str):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    queue = DownloadQueue()
    queue.add(QueueItem("project", Counted(number)) for number in range(10_000))
    queue.pause_all()
    queue.resume_all()
    assert len(queue.items) == 10_000
    assert compared < 200_000  # not one comparison for each pair


def test_nothing_is_fast_or_soon_done_while_nothing_runs() -> None:
    clock = Clock()
    queue = DownloadQueue(jobs("a"), clock=clock)
    queue.take()
    queue.advance("a", files=1, total_files=4)
    queue.receive("a", count=1000, files=1)
    assert queue.totals.speed > 0
    queue.fail("a", "No.")
    assert (queue.totals.speed, queue.totals.seconds_left) == (0, None)
