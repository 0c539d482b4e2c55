"""A viewer with a small delivery open, for the tests of what shows it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer

PATIENCE = 30_000  # ms: how long decoding all frames of the synthetic street may take where others compute too


@contextmanager
def opened_viewer(qtbot, delivery: Path | None = None) -> Iterator[Viewer]:
    """A viewer at rest on the first frame of a delivery, or with nothing open; ends its threads."""
    runner = TaskRunner()
    viewer = Viewer(runner)
    if delivery is not None:
        viewer.open_path(delivery)
        qtbot.waitUntil(lambda: viewer.shown is not None, timeout=PATIENCE)
        rest(qtbot, viewer)
    try:
        yield viewer
    finally:
        viewer.playback.set_playing(False)
        assert runner.shutdown()


def rest(qtbot, viewer: Viewer) -> None:
    """Wait until nothing runs and the frame asked for is shown, if it is here."""
    qtbot.waitUntil(
        lambda: (
            not viewer.runner.running and (not viewer.is_local(viewer.wanted) or viewer.shown.index == viewer.wanted)
        ),
        timeout=PATIENCE,
    )


def edit_json(path: Path, change) -> None:
    """Rewrite a document of a delivery after ``change(document)``."""
    document: Any = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
