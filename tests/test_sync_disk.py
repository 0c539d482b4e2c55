"""A pull on a disk that fails: as SQLite tests itself, the n-th operation fails, for every n until none is left."""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.errors import WorkspaceError
from app.workspace import Workspace, catalogue
from tests.pull_server import PullServer, pull, pull_server

OLD = "https://data.example/old.pcd"
OPERATIONS = ("open", "write", "fsync", "replace", "unlink", "mkdir", "ftruncate")
SQLITE_CODES = {errno.ENOSPC: sqlite3.SQLITE_FULL, errno.EIO: sqlite3.SQLITE_IOERR}


class Shim:
    """Counts operations on files and the catalogue, and lets one of them fail."""

    def __init__(self, fails_at: int, code: int) -> None:
        self.count = 0
        self._fails_at = fails_at
        self._code = code
        self._lock = threading.Lock()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in OPERATIONS:
            monkeypatch.setattr(os, name, self._shimmed(getattr(os, name)))
        real = catalogue.transaction

        @contextmanager
        def transaction(connection: sqlite3.Connection) -> Iterator[None]:
            self._database()
            with real(connection):
                yield
                self._database()  # the commit

        monkeypatch.setattr(catalogue, "transaction", transaction)

    def _shimmed(self, real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            if self._is_due():
                raise OSError(self._code, os.strerror(self._code))
            return real(*arguments, **named)

        return call

    def _database(self) -> None:
        if self._is_due():
            error = sqlite3.OperationalError("refused")
            error.sqlite_errorcode = SQLITE_CODES[self._code]
            raise error

    def _is_due(self) -> bool:
        with self._lock:
            self.count += 1
            return self.count == self._fails_at


@pytest.fixture(scope="module")
def server() -> Iterator[PullServer]:
    with pull_server(frames=1, size=9000, cameras=("front",)) as server:
        yield server


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "read or write error")])
def test_whichever_operation_of_a_pull_fails_it_is_named_and_nothing_is_lost(
    tmp_path: Path, server: PullServer, code: int, words: str
) -> None:
    refused, number = 0, 0
    while True:
        number += 1
        root, shim = tmp_path / str(number), Shim(number, code)
        with Workspace.open(root) as workspace:
            workspace.store(OLD, b"old and whole")
        with pytest.MonkeyPatch.context() as broken:
            shim.install(broken)
            error = refusal(root, server)
        if error is not None:
            assert words in error.message, number
            assert error.next_step
            refused += 1
        check(root, server)
        assert pull(root, server.url).problems == ()
        assert check(root, server) == len(server.files)
        assert list((root / "partial").iterdir()) == []
        if shim.count < number:
            break
    # of each file at least: open, write and sync the part; twice open, write, replace what is known of it; replace and
    # sync twice for the object; begin and commit its row
    assert refused > 13 * len(server.files)


def refusal(root: Path, server: PullServer) -> WorkspaceError | None:
    """What ended a pull, None where it came to its end."""
    try:
        pull(root, server.url)
    except WorkspaceError as error:
        return error
    return None


def check(root: Path, server: PullServer) -> int:
    """What was here before is here, and whatever is listed is whole; returns how many files of the job are."""
    with Workspace.open(root) as workspace:
        assert workspace.read(OLD) == b"old and whole"
        assert list(workspace.verify(read_data=True)) == []
        here = {url: workspace.read(url) for url in server.files if workspace.find(url)}
        assert workspace.left_overs().objects == ()
    assert all(content == server.files[url] for url, content in here.items())
    return len(here)
