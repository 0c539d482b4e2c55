"""The catalogue: one SQLite file in WAL mode behind one connection and one lock."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.errors import WorkspaceError
from app.workspace.failures import plain_words
from app.workspace.read_only import ReadOnly, newer_version
from app.workspace.schema import MIGRATIONS, Migrations

CATALOGUE_NAME = "catalogue.sqlite"
BUSY_SECONDS = 5.0  # how long a statement waits for another process before it gives up

Row = Mapping[str, Any]
Values = Mapping[str, Any]


class Catalogue:
    """Statements over the catalogue; safe to use from any thread. Every failure is a WorkspaceError.

    ``read_only`` says why it cannot be written: it was opened so, or a newer version made it.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: ReadOnly | None, version: int) -> None:
        self.path = path
        self.read_only = read_only
        self.version = version
        self._connection: sqlite3.Connection | None = connection
        self._lock = threading.RLock()

    @staticmethod
    def open(
        path: Path,
        *,
        read_only: ReadOnly | None = None,
        busy_seconds: float = BUSY_SECONDS,
        migrations: Migrations = MIGRATIONS,
    ) -> "Catalogue":
        """Open or make the catalogue and lift it to the newest schema; raises WorkspaceError.

        One that may only be read is lifted in a copy in memory, so that every version can be looked at.
        """
        with plain_words("open the catalogue", path.parent):
            connection = _connect(path, read_only=read_only is not None, busy_seconds=busy_seconds)
            try:
                if _version(connection) > len(migrations):
                    read_only = read_only or newer_version(path.parent)
                elif read_only is None:
                    _prepare(connection, path, migrations)
                elif _version(connection) < len(migrations):
                    connection = _lifted_copy(connection, migrations)
                version = _version(connection)
                connection.execute(f"PRAGMA query_only={0 if read_only is None else 1}")
            except BaseException:
                connection.close()
                raise
        return Catalogue(path, connection, read_only=read_only, version=version)

    def close(self) -> None:
        """Close the connection; further use raises WorkspaceError."""
        with self._lock, plain_words("close the catalogue", self.path.parent):
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def rows(self, statement: str, values: Values | None = None) -> Sequence[Row]:
        """All rows of a query."""
        with self._use("read the catalogue") as connection:
            return connection.execute(statement, values or {}).fetchall()

    def row(self, statement: str, values: Values | None = None) -> Row | None:
        """The first row of a query."""
        with self._use("read the catalogue") as connection:
            found: Row | None = connection.execute(statement, values or {}).fetchone()
            return found

    def write(self, *statements: tuple[str, Sequence[Values]]) -> None:
        """Run statements, each once per set of values, all in one transaction: all of them or none."""
        self.require_writable()
        with self._use("write to the catalogue") as connection, transaction(connection):
            for statement, many in statements:
                connection.executemany(statement, many)

    def check(self) -> None:
        """Let SQLite look over the whole file; raises WorkspaceError where it is damaged."""
        for row in self.rows("PRAGMA integrity_check(1)"):
            if row["integrity_check"] != "ok":
                raise WorkspaceError(
                    f"The catalogue in {self.path.parent} is damaged.",
                    next_step="Move the workspace aside and fetch the jobs again.",
                )

    def require_writable(self) -> None:
        """Raise WorkspaceError with the reason where nothing can be written."""
        if self.read_only is not None:
            raise self.read_only.error()

    @contextmanager
    def _use(self, doing: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                raise WorkspaceError("The workspace is closed.", next_step="Open it again.")
            with plain_words(doing, self.path.parent):
                yield self._connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Take the writer's place at once, commit at the end, roll back on any failure."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path, *, read_only: bool, busy_seconds: float) -> sqlite3.Connection:
    uri = path.absolute().as_uri()
    if read_only:
        # a WAL catalogue in a folder that cannot be written is only readable as immutable
        uri += "?mode=ro" if os.access(path.parent, os.W_OK) else "?immutable=1"
    else:
        path.touch(mode=0o600)
    connection = sqlite3.connect(
        uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=64
    )
    connection.row_factory = sqlite3.Row
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _prepare(connection: sqlite3.Connection, path: Path, migrations: Migrations) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    version = _version(connection)
    if 0 < version < len(migrations):
        _back_up(connection, path.with_name(f"catalogue.v{version}.sqlite"))
    _migrate(connection, migrations)


def _migrate(connection: sqlite3.Connection, migrations: Migrations) -> None:
    """All steps that are missing in one transaction: after a crash the catalogue is as old as before."""
    if _version(connection) == len(migrations):
        return
    with transaction(connection):
        for step in migrations[_version(connection) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={len(migrations)}")


def _lifted_copy(connection: sqlite3.Connection, migrations: Migrations) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        copy.row_factory = sqlite3.Row
        connection.backup(copy)
        _migrate(copy, migrations)
    except BaseException:
        copy.close()
        raise
    connection.close()
    return copy


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    target.touch(mode=0o600)
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
