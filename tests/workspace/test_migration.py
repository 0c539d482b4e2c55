"""A catalogue of the first version is lifted with everything in it, or stays what it was."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.tracking import CoordinateSpace
from app.errors import WorkspaceError
from app.workspace import CameraLink, PictureSource, Workspace
from app.workspace.addresses import url_key
from app.workspace.catalogue import Catalogue
from app.workspace.schema import MIGRATIONS
from app.workspace.writer_lock import WriterLock

REPOSITORY = Path(__file__).resolve().parents[2]
RESULT, SCAN, MASK = (f"https://store.example/{name}" for name in ("result.json", "scan.pcd", "mask.txt"))
SHA256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # of the two bytes {}

ROWS = (
    ("INSERT INTO projects VALUES ('p1', 'Streets', 'POINT_CLOUD', '2026-01-01T00:00:00+00:00')", ()),
    ("INSERT INTO batches VALUES ('p1', 'b1', 0, 'first', 'Complete', 3, 1, 150, 50, 71, '2026-01-01')", ()),
    (
        """INSERT INTO jobs VALUES ('j1', 'p1', 'b1', 'street', 'street', 'completed', 50, 71, ?, ?,
        '2026-01-02T00:00:00+00:00', '2026-01-03T00:00:00+00:00')""",
        (url_key(RESULT), SHA256),
    ),
    ("INSERT INTO files VALUES (?, ?, 'wanted', 0, '', '', '')", (url_key(MASK), MASK)),
    (
        "INSERT INTO files VALUES (?, ?, 'stored', 2, ?, 'application/json', '2026-01-02T00:00:00+00:00')",
        (url_key(RESULT), RESULT, SHA256),
    ),
    ("INSERT INTO files VALUES (?, ?, 'stored', 2, ?, '', '2026-01-02')", (url_key(SCAN), SCAN, SHA256)),
    ("INSERT INTO job_files VALUES ('j1', ?)", (url_key(RESULT),)),
    ("INSERT INTO job_files VALUES ('j1', ?)", (url_key(MASK),)),
    ("INSERT INTO camera_links VALUES ('j1', 'front', 7, 11, 'street front', 5, 'int8', 2, 'ratio')", ()),
)
LINK = CameraLink("front", 7, 11, "street front", 5, "int8", frame_offset=2, space=CoordinateSpace.RATIO)


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A workspace as the first version of the program left it, a row in every table."""
    root = tmp_path / "ws"
    target = root / "objects" / SHA256[:2] / SHA256
    target.parent.mkdir(parents=True)
    target.write_bytes(b"{}")
    connection = sqlite3.connect(root / "catalogue.sqlite")
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    for statement, values in ROWS:
        connection.execute(statement, values)
    connection.execute("PRAGMA user_version=1")
    connection.commit()
    connection.close()
    return root


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [*connection.iterdump(), f"version {connection.execute('PRAGMA user_version').fetchone()[0]}"]
    finally:
        connection.close()


def check_content(workspace: Workspace) -> None:
    (project,) = workspace.projects()
    assert (project.name, project.batches[0].total_frames, project.batches[0].annotations) == ("Streets", 150, 71)
    (job,) = workspace.jobs()
    assert (job.job_id, job.frames, job.opened_at, job.pinned) == ("j1", 50, "2026-01-03T00:00:00+00:00", False)
    assert workspace.job_document(job) == b"{}"
    found = workspace.find(RESULT)
    assert found is not None
    assert (found.media_type, found.received_at) == ("application/json", "2026-01-02T00:00:00+00:00")
    assert workspace.read(SCAN) == b"{}"
    assert workspace.find(MASK) is None
    assert workspace.camera_links("j1") == (LINK,)
    assert LINK.pictures is PictureSource.AUTO
    assert workspace.pose_convention("j1") is None


def test_every_row_of_the_first_version_is_there_after_it_was_lifted(first_version: Path) -> None:
    before = dump(first_version / "catalogue.sqlite")
    with Workspace.open(first_version) as workspace:
        assert workspace.writable
        check_content(workspace)
        assert list(workspace.verify(read_data=True)) == []
        workspace.set_pinned("j1", pinned=True)
        assert workspace.jobs()[0].pinned
    assert dump(first_version / "catalogue.v1.sqlite") == before


def test_a_lifted_catalogue_is_built_like_a_new_one(first_version: Path, tmp_path: Path) -> None:
    Workspace.open(first_version).close()
    Workspace.open(tmp_path / "new").close()

    def shape(root: Path) -> dict[str, object]:
        connection = sqlite3.connect(root / "catalogue.sqlite")
        names = connection.execute("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name").fetchall()
        columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for _, name, _ in names}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        return {"names": names, "columns": columns}

    assert shape(first_version) == shape(tmp_path / "new")


def test_the_first_version_is_looked_at_without_being_touched(first_version: Path) -> None:
    before = {path: path.read_bytes() for path in first_version.rglob("*") if path.is_file()}
    with Workspace.open(first_version, read_only=True) as workspace:
        check_content(workspace)
        assert "reading only" in workspace.notice
        with pytest.raises(WorkspaceError, match="reading only"):
            workspace.set_pinned("j1", pinned=True)
    assert {path: path.read_bytes() for path in first_version.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("number", range(len(MIGRATIONS[1]) + 1))
def test_whichever_statement_of_the_lift_fails_the_first_version_stays(first_version: Path, number: int) -> None:
    before = dump(first_version / "catalogue.sqlite")
    broken = (*MIGRATIONS[1][:number], "no such statement", *MIGRATIONS[1][number:])
    with pytest.raises(WorkspaceError):
        Catalogue.open(first_version / "catalogue.sqlite", migrations=(MIGRATIONS[0], broken))
    assert dump(first_version / "catalogue.sqlite") == before
    with Workspace.open(first_version) as workspace:
        check_content(workspace)


# dies before the n-th statement of the lift, with the statements before it carried out
KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from app.workspace.catalogue import Catalogue
from app.workspace.schema import MIGRATIONS
from app.workspace.writer_lock import WriterLock

class Deadly(str):
    pass

class Connection(sqlite3.Connection):
    def execute(self, statement, *values):
        if isinstance(statement, Deadly):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(statement, *values)

connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **named: connect(*arguments, factory=Connection, **named)
steps = list(MIGRATIONS[1])
steps.insert(int(sys.argv[2]), Deadly("SELECT 1"))
Catalogue.open(Path(sys.argv[1]) / "catalogue.sqlite", migrations=(MIGRATIONS[0], tuple(steps)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", [1, 4, len(MIGRATIONS[1])])
def test_a_program_killed_during_the_lift_leaves_the_first_version(first_version: Path, number: int) -> None:
    before = dump(first_version / "catalogue.sqlite")
    command = [sys.executable, "-c", KILLED, str(first_version), str(number)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    killed = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert dump(first_version / "catalogue.sqlite") == before
    with Workspace.open(first_version) as workspace:
        check_content(workspace)


def test_a_newer_version_is_opened_for_reading_and_says_so(first_version: Path) -> None:
    Workspace.open(first_version).close()
    connection = sqlite3.connect(first_version / "catalogue.sqlite")
    connection.execute("ALTER TABLE jobs ADD COLUMN of_tomorrow TEXT")
    connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    connection.commit()
    connection.close()
    with Workspace.open(first_version) as workspace:
        assert "newer Pointproof" in workspace.notice
        assert "Update" in workspace.notice
        check_content(workspace)
        with pytest.raises(WorkspaceError, match="newer Pointproof"), workspace.receive("https://store.example/x"):
            pytest.fail("nothing may be received")
        place = WriterLock.take(first_version)  # is free for the newer program
        assert isinstance(place, WriterLock)
        place.release()
