"""The most that a workspace may hold: what was not opened for longest makes room for what is downloaded."""

from collections.abc import Callable

from app.domain.amounts import size_text
from app.errors import WorkspaceError
from app.workspace import Workspace

GB = 10**9  # bytes, as disks are sold

Keep = Callable[[], frozenset[str]]


class Quota:
    """Keeps a workspace within ``limit`` bytes (0: any size) while it grows; ``keep`` names the jobs that stay.

    Used from the thread that downloads.
    """

    def __init__(self, workspace: Workspace, *, limit: int, keep: Keep) -> None:
        self._workspace = workspace
        self._limit = limit
        self._keep = keep
        self._room = 0  # bytes that may still come before the workspace is looked at again

    def make_room(self) -> None:
        """Evict what may go; raises WorkspaceError where the workspace is full all the same."""
        if not self._limit:
            return
        while True:
            over = self._workspace.usage() > self._limit
            gone = self._workspace.make_room(self._limit, keep=self._keep())
            self._room = self._limit - self._workspace.usage()
            if self._room >= 0:
                return
            if over and not gone:
                raise self._full()
            # else other threads stored files between the looks: look again

    def spend(self, count: int) -> None:
        """Note that so many bytes came; makes room where they used it up."""
        self._room -= count
        if self._limit and self._room < 0:
            self.make_room()

    def _full(self) -> WorkspaceError:
        return WorkspaceError(
            f"The workspace is full: its quota is {size_text(self._limit)}, and every job in it is pinned, open, in "
            "the queue, or came with a bundle.",
            next_step="Raise the quota, or unpin or remove jobs, then resume.",
        )
