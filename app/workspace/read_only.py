"""Why a workspace is open for reading only, and what to do about it."""

from dataclasses import dataclass
from pathlib import Path

from app.errors import WorkspaceError


@dataclass(frozen=True)
class ReadOnly:
    """A reason that stands for every refused write until the workspace is opened again."""

    message: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"

    def error(self) -> WorkspaceError:
        """What a write meets."""
        return WorkspaceError(self.message, next_step=self.next_step)


def asked_for(root: Path) -> ReadOnly:
    """Whoever opened it wanted no more."""
    return ReadOnly(f"The workspace {root} is open for reading only.", "Open it for writing to change it.")


def not_writable(root: Path) -> ReadOnly:
    """The folder belongs to somebody else, or its disk is read-only."""
    return ReadOnly(
        f"The workspace {root} cannot be written, so it is open for reading only.",
        "Check the permissions of the folder or choose another workspace to fetch new data.",
    )


def open_elsewhere(root: Path) -> ReadOnly:
    """One writer at a time."""
    return ReadOnly(
        f"Another Pointproof has the workspace {root} open, so it is open for reading only here.",
        "Close the other one, then open the workspace again.",
    )


def without_locks(root: Path) -> ReadOnly:
    """Without a lock nobody can tell whether another program writes too."""
    return ReadOnly(
        f"The disk of the workspace {root} cannot lock files, so it is open for reading only.",
        "Choose a workspace on a disk of this machine to fetch new data.",
    )


def newer_version(root: Path) -> ReadOnly:
    """A newer program may keep things here that this one would break."""
    return ReadOnly(
        f"The workspace {root} was made by a newer Pointproof, so it is open for reading only.",
        "Update Pointproof or choose another workspace to fetch new data.",
    )
