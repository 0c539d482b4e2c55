"""Asking a process of its own what draws: a driver that crashes must not end the program that asks about it."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

import app
from app.doctor.report import Drawing
from app.scene.budget import PointBudget
from app.scene.drawing_facts import DrawingFacts

PATIENCE_SECONDS = 60
SECRET_PREFIX = "POINTPROOF_"
DRIVER_STEP = (
    "Update the graphics driver, or start with LIBGL_ALWAYS_SOFTWARE=1 to draw without the graphics card. "
    "Lists, pictures and reports work without 3D."
)


def examine_drawing() -> Drawing:
    """Measure in a child process; whatever goes wrong there is in ``problem``."""
    command = [sys.executable, "-m", "app.scene.drawing_speed"]
    try:
        done = subprocess.run(
            command, env=_environment(), capture_output=True, timeout=PATIENCE_SECONDS, check=False, cwd=os.getcwd()
        )
    except subprocess.TimeoutExpired:
        return _failed(f"Drawing gave no answer within {PATIENCE_SECONDS} seconds.")
    except OSError as error:
        return _failed(f"Drawing could not be tried: {error.strerror or type(error).__name__}.")
    if done.returncode < 0:
        return _failed(f"The graphics driver crashed (signal {-done.returncode}).")
    try:
        return drawing_of(msgspec.json.decode(done.stdout, type=DrawingFacts))
    except msgspec.MsgspecError:
        return _failed(f"The 3D libraries cannot be used: {_last_line(done.stderr)}.")


def drawing_of(facts: DrawingFacts) -> Drawing:
    """What was measured, as the report tells it."""
    if facts.problem:
        return Drawing(works=False, problem=facts.problem, next_step=facts.next_step or DRIVER_STEP)
    return Drawing(
        works=True,
        vendor=facts.vendor,
        renderer=facts.renderer,
        version=facts.version,
        software=facts.software,
        points_per_second=round(facts.points_per_second),
        points_in_motion=PointBudget(round(facts.points_per_second)).in_motion,
    )


def _environment() -> dict[str, str]:
    """The child finds the same program and learns no key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SECRET_PREFIX)}
    root = str(Path(app.__file__).resolve().parent.parent)
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH", ""))))}


def _failed(problem: str) -> Drawing:
    return Drawing(works=False, problem=problem, next_step=DRIVER_STEP)


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].rstrip(".")[:300] if lines else "they gave no answer"
