"""What every layout answers with, and looking into folders."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.domain.finding import Finding, Severity
from app.domain.legend import Legend
from app.domain.sequence import Sequence
from app.domain.tracking import Tracking
from app.errors import AppError, InputError
from app.formats.box_lines import MAX_FRAMES
from app.formats.legend_yaml import read_legend_yaml
from app.jobs.files import read_bytes
from app.workspace.failures import plain_words
from app.workspace.local_files import PlainFile

Result = TypeVar("Result")

LEGEND_NAMES = ("legend.yaml", "semantic-kitti.yaml")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg")
_HEAD = 4096  # bytes that tell the kind of a file


@dataclass(frozen=True)
class Layout:
    """A sequence, where the files its addresses stand for lie, and the tracks of its cameras in pixels."""

    name: str
    sequence: Sequence
    paths: Mapping[str, Path]
    tracks: Mapping[str, Tracking] = field(default_factory=dict)


def play_order(path: Path) -> tuple[tuple[int, str], ...]:
    """Numbers inside of names by value: 2 before 10."""
    parts = re.split(r"([0-9]+)", path.as_posix())
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def files_in(folder: Path, suffixes: Iterable[str]) -> list[Path]:
    """Files of a folder with these endings in play order; none where there is no such folder."""
    if not folder.is_dir():
        return []
    with plain_words("list the files", folder):
        return sorted((path for path in folder.iterdir() if path.suffix.lower() in suffixes), key=play_order)


def numbered(folder: Path, suffixes: Iterable[str]) -> dict[int, Path]:
    """Files of a folder whose name is the number of a frame, by that number; larger ones are times or the like."""
    by_number = {int(path.stem): path for path in files_in(folder, suffixes) if path.stem.isdecimal()}
    return {number: path for number, path in by_number.items() if number < MAX_FRAMES}


def folders_in(folder: Path) -> list[Path]:
    """Folders of a folder in play order; none where there is no such folder."""
    if not folder.is_dir():
        return []
    with plain_words("list the files", folder):
        return sorted((path for path in folder.iterdir() if path.is_dir()), key=play_order)


def head_of(path: Path) -> bytes:
    """The first bytes of a file; raises WorkspaceError."""
    with PlainFile(path).open("the file") as stream:
        return stream.read(_HEAD)


def content_of(path: Path, what: str) -> bytes:
    """A whole small file; raises FormatError above 512 MiB, WorkspaceError where the system refuses."""
    return read_bytes(PlainFile(path), what)


def part(path: Path, read: Callable[[bytes], Result], findings: list[Finding]) -> Result | None:
    """What a part of the dataset says; None, with the reason among the findings, where it is missing or damaged."""
    if not path.is_file():
        findings.append(missing(f"There is no {path.name}."))
        return None
    try:
        return read(content_of(path, path.name))
    except AppError as error:
        findings.append(Finding("layout.damaged", Severity.WARNING, f"{path.name} is left out: {error}"))
        return None


def legend_file(folders: Iterable[Path], findings: list[Finding]) -> Legend | None:
    """The first legend that lies in one of the folders; None without any, an empty one where it is damaged."""
    names = [folder / name for folder in folders for name in LEGEND_NAMES]
    path = next((path for path in names if path.is_file()), None)
    return None if path is None else part(path, read_legend_yaml, findings) or Legend()


def missing(message: str) -> Finding:
    """That a usual part is not there."""
    return Finding("layout.missing", Severity.INFO, message)


def only_one(choices: list[Path], what: str) -> Path:
    """The only choice; raises InputError that names the first of several."""
    if len(choices) > 1:
        names = ", ".join(choice.name for choice in choices[:5]) + (" …" if len(choices) > 5 else "")
        message = f"There are {len(choices)} {what}: {names}."
        raise InputError(message, next_step=f"Open one of them: {choices[0]}")
    return choices[0]
