"""What several tests of the window watch."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.gui.viewer import Viewer
from app.jobs import LocalJob
from tests.gui.opened_viewer import opened_viewer


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often each frame was decoded."""
    counts: Counter[int] = Counter()
    load = LocalJob.load_frame
    monkeypatch.setattr(LocalJob, "load_frame", lambda job, index: counts.update([index]) or load(job, index))
    return counts


@pytest.fixture
def viewer(qtbot, delivery: Path) -> Iterator[Viewer]:
    """A viewer at rest on the first frame of the test's own ``delivery``."""
    with opened_viewer(qtbot, delivery) as opened:
        yield opened
