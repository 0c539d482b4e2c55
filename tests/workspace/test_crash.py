"""A program killed at any moment leaves a workspace that holds only whole files."""

import hashlib
import sqlite3
import sys
from pathlib import Path

import pytest

from app.workspace import Workspace
from tests.deadly import run_to_its_death

# for one file: open, sync; open and replace what is known of it; open and sync of the folder above; replace, open and
# sync of its own folder
CALLS = 9

# stores files until the n-th call that touches the disk, then dies without any clean-up
CHILD = """
import sys
from pathlib import Path
from app.workspace import Workspace
from tests.deadly import arm

with Workspace.open(Path(sys.argv[1])) as workspace:
    arm(int(sys.argv[2]), "open", "fsync", "replace")
    for number in range(3):
        with workspace.receive(f"https://store.example/{number}") as sink:
            for _ in range(3):
                sink.write(b"%d" % number * 5000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("call", range(1, 3 * CALLS + 1))
def test_a_killed_program_leaves_only_whole_files(tmp_path: Path, call: int) -> None:
    root = tmp_path / "ws"
    run_to_its_death(CHILD, root, call)
    with Workspace.open(root) as workspace:
        stored = [workspace.find(f"https://store.example/{number}") for number in range(3)]
        for number, found in enumerate(stored):
            if found is not None:
                content = found.path.read_bytes()
                assert content == b"%d" % number * 15000
                assert found.sha256 == hashlib.sha256(content).hexdigest()
        for number in range(3):
            workspace.store(f"https://store.example/{number}", b"%d" % number * 15000)
    connection = sqlite3.connect(root / "catalogue.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert sum(found is not None for found in stored) >= (call - 1) // CALLS
