"""What the operating system and SQLite refuse, in plain words."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import WorkspaceError

_REASONS = {
    errno.ENOSPC: ("The disk is full.", "Free some space, then try again."),
    errno.EDQUOT: ("The disk quota is used up.", "Free some space, then try again."),
    errno.EACCES: ("Access is denied.", "Check the permissions of the folder or choose another folder."),
    errno.EPERM: ("Access is denied.", "Check the permissions of the folder or choose another folder."),
    errno.EROFS: ("The disk is read-only.", "Choose a folder on a disk that can be written."),
    errno.EMFILE: ("Too many files are open.", "Close other programs or jobs, then try again."),
    errno.ENFILE: ("Too many files are open.", "Close other programs or jobs, then try again."),
    errno.ENAMETOOLONG: ("The path is too long.", "Choose a folder with a shorter path."),
    errno.EIO: ("The disk reports a read or write error.", "Check the disk, then try again."),
    errno.ENOENT: ("The folder or file is gone.", "Check that its disk is connected."),
    errno.ENOTDIR: ("A part of the path is a file.", "Choose another folder."),
    errno.EEXIST: ("A file stands where a folder is needed.", "Choose another folder."),
}

_BUSY = ("Another Pointproof is writing to this workspace.", "Close the other window or wait, then try again.")
_LOCKED_UP = ("The catalogue cannot be written.", "Check the permissions of the folder.")
_DAMAGED = ("The catalogue is damaged.", "Move the workspace aside and fetch the jobs again.")
_DATABASE_REASONS = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _REASONS[errno.ENOSPC],
    sqlite3.SQLITE_READONLY: _LOCKED_UP,
    sqlite3.SQLITE_PERM: _LOCKED_UP,
    sqlite3.SQLITE_CANTOPEN: ("The catalogue cannot be opened.", "Check the folder and its permissions."),
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_IOERR: _REASONS[errno.EIO],
}


@contextmanager
def plain_words(doing: str, path: Path) -> Iterator[None]:
    """Turn OSError and sqlite3.Error into WorkspaceError: what was being done, where, why, and what to do."""
    try:
        yield
    except OSError as error:
        raise os_failure(error, doing=doing, path=path) from error
    except sqlite3.Error as error:
        raise database_failure(error, doing=doing, path=path) from error
    except (OverflowError, UnicodeError) as error:  # a number or a text from a service that SQLite cannot hold
        next_step = "Report this to whoever runs the service."
        raise WorkspaceError(f"Could not {doing} in {path}: A value is out of range.", next_step=next_step) from error


def os_failure(error: OSError, *, doing: str, path: Path) -> WorkspaceError:
    """The sentence for what the operating system refused."""
    fallback = (f"{error.strerror or 'The system gives no reason'}.", "Check the folder, then try again.")
    reason, next_step = _REASONS.get(error.errno or 0, fallback)
    return WorkspaceError(f"Could not {doing} in {path}: {reason}", next_step=next_step)


def database_failure(error: sqlite3.Error, *, doing: str, path: Path) -> WorkspaceError:
    """The sentence for what SQLite refused."""
    reason, next_step = _database_reason(error)
    return WorkspaceError(f"Could not {doing} in {path}: {reason}", next_step=next_step)


def _database_reason(error: sqlite3.Error) -> tuple[str, str]:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary result code
    fallback = (f"The catalogue does not answer ({error}).", "Close other windows of Pointproof, then try again.")
    return _DATABASE_REASONS.get(code, fallback)
