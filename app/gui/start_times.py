"""How soon the window and the first picture are there, from the start of the process: ``bench start``."""

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from app.bench.clouds import synthetic_points
from app.bench.rows import Row, compare_times
from app.display import ensure_display
from app.errors import AppError

PATIENCE_SECONDS = 120.0
PICTURE_SIZE = (860, 600)  # pixels; about what the 3D view has in a new window

_PATH = "import sys; sys.path[:] = {path!r}; "
_PROGRAM = (
    "from app.__main__ import main; from app.gui.start_marks import program; program(main, {mark!r}, {arguments!r})"
)
_BARE = "from app.gui.start_marks import bare_window; bare_window()"
_DIRECT = """import os, time
from app.scene.plain import show_file
window = show_file({file!r}, size={size!r})
print(time.monotonic(), flush=True)
os._exit(0)"""


def measure(*, points: int = 200_000, repeats: int = 7) -> list[Row]:
    """All rows of this section; raises AppError where there is no display, or a window does not come."""
    ensure_display()
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder:
        cloud = Path(folder) / "cloud.npy"
        np.save(cloud, synthetic_points(points))
        ours = partial(_program, folder)
        bare = partial(_until_told, _BARE, folder)
        direct = partial(_until_told, _DIRECT.format(file=str(cloud), size=PICTURE_SIZE), folder)
        picture = f"start with {points:,} points: first picture"
        return [
            compare_times(
                "start: a window", partial(ours, "window"), peer="bare Qt", theirs=bare, goal=1.3, repeats=repeats
            ),
            compare_times(
                "start: all of the window",
                partial(ours, "program"),
                peer="bare Qt",
                theirs=bare,
                goal=None,
                repeats=repeats,
            ),
            compare_times(
                picture,
                partial(ours, "picture", "open", str(cloud)),
                peer="direct VTK",
                theirs=direct,
                goal=1.2,
                repeats=repeats,
            ),
        ]


def _program(folder: str, mark: str, *arguments: str) -> float:
    return _until_told(_PROGRAM.format(mark=mark, arguments=list(arguments)), folder)


def _until_told(code: str, folder: str) -> float:
    """Milliseconds from here until the program says that it is there; settings and workspace are its own."""
    homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "POINTPROOF_WORKSPACE"), folder)
    command = [sys.executable, "-c", _PATH.format(path=sys.path) + code]
    began = time.monotonic()
    done = subprocess.run(
        command, env=os.environ | homes, stdout=subprocess.PIPE, timeout=PATIENCE_SECONDS, check=False, text=True
    )
    if not done.stdout:
        raise AppError("A window did not come.", next_step="Start pointproof by hand to see why.")
    return 1000 * (float(done.stdout.split()[0]) - began)
