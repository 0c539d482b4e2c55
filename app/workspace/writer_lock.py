"""One writer: whoever holds the lock may change the workspace, whoever does not may look."""

import errno
from pathlib import Path

import filelock

from app.workspace.failures import os_failure
from app.workspace.read_only import ReadOnly, not_writable, open_elsewhere, without_locks

LOCK_NAME = "writer.lock"
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_NOT_WRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class WriterLock:
    """Held while a workspace is open for writing; the system releases it when the process ends, however it ends."""

    def __init__(self, lock: filelock.BaseFileLock) -> None:
        self._lock = lock

    @staticmethod
    def take(root: Path) -> "WriterLock | ReadOnly":
        """The lock, or why it cannot be had; never waits. Raises WorkspaceError for other troubles of the disk."""
        # a soft lock is a file that outlives a killed program, and would keep everybody out for ever
        lock = filelock.FileLock(
            root / LOCK_NAME, timeout=0, mode=0o600, thread_local=False, blocking=False, fallback_to_soft=False
        )
        try:
            lock.acquire()
        except filelock.Timeout:
            return open_elsewhere(root)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return without_locks(root)
            if error.errno in _NOT_WRITABLE:
                return not_writable(root)
            raise os_failure(error, doing="lock the workspace", path=root) from error
        return WriterLock(lock)

    def release(self) -> None:
        """Let another program write; may be called twice."""
        self._lock.release()
