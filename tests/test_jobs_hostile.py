"""Clouds whose headers promise more than there is: refused at once, with little memory, wherever they are opened."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import pointproof
from tests.formats.cloud_files import KINDS, scan, with_count
from tests.formats.test_pcd_damaged import BODIES, file_of, sizes
from tests.peak_memory import only_where_it_is_told

REPOSITORY = Path(__file__).resolve().parent.parent
ALLOWED_SECONDS = 1.0  # of work, not of waiting for a turn
ALLOWED_GROWTH = 100e6  # bytes
COUNTS = (2_000_000_000, 4_000_000_000, -5)
# LAS counts without a sign, and LAZ has no size per point: what gives it away is that it is more than bytes can hold
WORDS = {"las": ("cut short", "cut short"), "laz": ("cannot come from", "cannot come from"), "ply": ("cut short", "-5")}
USUAL_WORDS = ("cut short", "negative")

CHILD = """
import json, sys, time
from pathlib import Path

from app.errors import CloudFormatError
from app.jobs import open_path
from tests.peak_memory import peak_memory

sound, *hostile = map(Path, sys.argv[1:])
open_path(sound).close()  # all is loaded and warm
before, found = peak_memory(), {}
for path in hostile:
    began = time.process_time()
    try:
        open_path(path)
    except CloudFormatError as error:
        found[path.name] = (error.message, error.next_step, time.process_time() - began)
print(json.dumps({"refused": found, "grown": peak_memory() - before}))
"""


def hostile_files() -> dict[str, tuple[bytes, str]]:
    """Contents and words of the error, by file name."""
    files: dict[str, tuple[bytes, str]] = {}
    for count in COUNTS:
        for encoding, body in BODIES.items():
            files[f"{encoding} {count}.pcd"] = (file_of(encoding, body, points=count), USUAL_WORDS[count < 0])
        for kind in ("ply ascii", "ply little", "las", "laz", "npy"):
            name, write = KINDS[kind]
            words = WORDS.get(kind[:3], USUAL_WORDS)[count < 0]
            files[f"{kind} {count}{Path(name).suffix}"] = (with_count(kind, write(scan()), count), words)
    unfolded = sizes(100, 4_000_000_000) + b"\0" * 100
    files["lzf 4e9.pcd"] = (file_of("binary_compressed", unfolded, points=250_000_000), "contradicts")
    return files


HOSTILE = hostile_files()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    for name, (raw, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(raw)
    return tmp_path


def measured(folder: Path) -> dict[str, Any]:
    sound = folder / "sound.laz"  # the kind with most to load
    sound.write_bytes(KINDS["laz"][1](scan()))
    command = [sys.executable, "-c", CHILD, str(sound), *(str(folder / name) for name in HOSTILE)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    sound.unlink()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@only_where_it_is_told
def test_a_cloud_that_declares_billions_of_points_is_refused_at_once_with_little_memory(hostile: Path) -> None:
    found = measured(hostile)
    assert found["refused"].keys() == HOSTILE.keys()
    for name, (message, next_step, seconds) in found["refused"].items():
        assert HOSTILE[name][1] in message, name
        assert next_step, name
        assert seconds < ALLOWED_SECONDS, name
    assert found["grown"] < ALLOWED_GROWTH
    assert sorted(path.name for path in hostile.iterdir()) == sorted(HOSTILE)  # nothing was written beside them


@pytest.mark.parametrize("name", HOSTILE)
def test_inspecting_such_a_cloud_ends_with_3_and_one_sentence(
    hostile: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof("inspect", hostile / name, "--json") == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("pointproof: ")
    assert HOSTILE[name][1] in captured.err
    assert "Traceback" not in captured.err
