"""What several tests of the window watch."""

from collections import Counter

import pytest

from app.jobs import LocalJob


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often each frame was decoded."""
    counts: Counter[int] = Counter()
    load = LocalJob.load_frame
    monkeypatch.setattr(LocalJob, "load_frame", lambda job, index: counts.update([index]) or load(job, index))
    return counts
