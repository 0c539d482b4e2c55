"""A progress bar on stderr for work that takes a while."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from app.progress import Progress, Step


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Yield a Progress that draws on stderr; Ctrl-C cancels it, so the work ends in order, with Cancelled.

    A log file gets a line every few seconds, a terminal a moving bar.
    """
    tqdm.monitor_interval = 0  # no thread of its own
    pace = 0.1 if sys.stderr.isatty() else 5.0

    def publish(step: Step) -> None:
        bar.total = step.total
        bar.set_postfix_str(step.message, refresh=False)
        bar.update(step.done - bar.n)

    with tqdm(desc=title, file=sys.stderr, mininterval=pace) as bar:
        progress = Progress(publish)
        with _cancelled_by_ctrl_c(progress):
            yield progress


@contextmanager
def _cancelled_by_ctrl_c(progress: Progress) -> Iterator[None]:
    """The first Ctrl-C asks the work to stop, the second interrupts it wherever it is."""

    def cancel(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        progress.cancel()

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
