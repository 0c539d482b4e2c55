"""Whether other threads get their turn while something is done: a question to the interpreter, not to the clock."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

NEVER = 1e5  # seconds after which the interpreter would take its lock from a thread that does not give it


@contextmanager
def _nothing_taken() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(NEVER)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def turns_beside(work: Callable[[], object]) -> int:
    """How often another thread could take a turn while ``work`` was done: 0 where it kept the lock to itself."""
    turns, stop, ready = [0], threading.Event(), threading.Event()

    def other() -> None:
        ready.set()
        while not stop.wait(0.0001):  # gives the lock up, and has it again only when ``work`` gives it up
            turns[0] += 1

    thread = threading.Thread(target=other)
    with _nothing_taken():
        thread.start()
        ready.wait()
        before = turns[0]
        work()
        after = turns[0]
        stop.set()
        thread.join()
    return after - before
