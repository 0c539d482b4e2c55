"""Folders that a person exports into: everything is written beside its place first, then moved there together."""

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.errors import InputError
from app.formats.export_manifest import MANIFEST_NAME, ExportManifest, decode_manifest, encode_manifest
from app.workspace.failures import plain_words
from app.workspace.objects import PARTIAL_SUFFIX, sync_folder

_STAGING = ".pointproof-export-"
_OWN_NAME = re.compile(r"(?:[a-z0-9_]+/)?[a-z0-9_-]+\.[a-z]+")  # of files that exports write
_MOST = 64 << 20  # bytes of a manifest: a hundred thousand frames


class TargetState(Enum):
    """What lies where an export shall go."""

    FREE = "free"  # nothing, or an empty folder
    EXPORT = "export"  # an earlier or an unfinished export
    OCCUPIED = "occupied"  # something else, never written over


def target_state(target: Path) -> TargetState:
    """Look before exporting; raises WorkspaceError where the folder cannot be looked into."""
    with plain_words("look for files", target):
        if not target.exists():
            return TargetState.FREE
        if not target.is_dir():
            return TargetState.OCCUPIED
        names = os.listdir(target)
    if not names:
        return TargetState.FREE
    ours = any(_is_staging(name) for name in names) or _earlier(target) is not None
    return TargetState.EXPORT if ours else TargetState.OCCUPIED


class ExportFolder:
    """The files of one export; none of them is in the target before ``publish``."""

    def __init__(self, target: Path, staging: Path) -> None:
        self._target = target
        self._staging = staging
        self._names: list[str] = []

    @contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        """A new file of the export, ``name`` with at most one ``/``; raises WorkspaceError where the disk refuses."""
        with plain_words("write the export", self._target):
            path = self._staging / name
            path.parent.mkdir(exist_ok=True)
            with path.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
        self._names.append(name)

    @contextmanager
    def scratch(self) -> Iterator[BinaryIO]:
        """A file for work in progress, gone at the end; raises as ``create``."""
        path = self._staging / f"{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
        with plain_words("write the export", self._target):
            try:
                with path.open("xb+") as stream:
                    yield stream
            finally:
                path.unlink(missing_ok=True)

    def publish(self, manifest: ExportManifest) -> None:
        """Move everything into the target, the manifest last; files of an earlier export that are not here again go."""
        earlier = _earlier(self._target)
        before = frozenset(earlier.files if earlier else ())
        names = tuple(self._names)
        with self.create(MANIFEST_NAME) as stream:
            stream.write(encode_manifest(msgspec.structs.replace(manifest, files=names)))
        with plain_words("write the export", self._target):
            self._move_all(before)
            for name in before - set(names):
                self._remove(name)
            for folder in {(self._target / name).parent for name in self._names}:
                sync_folder(folder)

    def _move_all(self, before: frozenset[str]) -> None:
        """Where one file cannot be moved, those that were and that no earlier export had go again."""
        moved: list[str] = []
        try:
            for name in self._names:
                self._move(name)
                moved.append(name)
        except OSError:
            for name in moved:
                if name not in before:
                    self._remove(name)
            raise

    def _move(self, name: str) -> None:
        path = self._target / name
        path.parent.mkdir(exist_ok=True)
        os.replace(self._staging / name, path)

    def _remove(self, name: str) -> None:
        path = self._target / name
        if not _OWN_NAME.fullmatch(name) or not path.resolve().is_relative_to(self._target.resolve()):
            return  # a manifest that somebody edited
        path.unlink(missing_ok=True)
        if path.parent != self._target:
            with suppress(OSError):  # not empty: something else lies there
                path.parent.rmdir()


@contextmanager
def export_into(target: Path, *, replace: bool) -> Iterator[ExportFolder]:
    """Prepare a folder; what was not published is gone at the end.

    Raises InputError where something else lies there, or an earlier export that is not to be replaced, and
    WorkspaceError where the disk refuses.
    """
    state = target_state(target)
    _require(state, target, replace=replace)
    made = [folder for folder in (target, *target.parents) if not folder.exists()]
    staging = target / f"{_STAGING}{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
    try:
        with plain_words("make a folder", target):
            target.mkdir(parents=True, exist_ok=True)
            _sweep(target)
            staging.mkdir()
        yield ExportFolder(target, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        with suppress(OSError):  # not empty: the export is there
            for folder in made:
                folder.rmdir()


def _require(state: TargetState, target: Path, *, replace: bool) -> None:
    if state is TargetState.OCCUPIED:
        raise InputError(f"There is something else at {target}.", next_step="Choose an empty folder or a new one.")
    if state is TargetState.EXPORT and not replace:
        next_step = "Choose another folder, or replace it with --force."
        raise InputError(f"The folder {target} holds an earlier export.", next_step=next_step)


def _sweep(target: Path) -> None:
    """Remove what exports that were killed left behind."""
    for name in filter(_is_staging, os.listdir(target)):
        shutil.rmtree(target / name, ignore_errors=True)


def _is_staging(name: str) -> bool:
    return name.startswith(_STAGING) and name.endswith(PARTIAL_SUFFIX)


def _earlier(target: Path) -> ExportManifest | None:
    """The manifest of the export in the folder."""
    path = target / MANIFEST_NAME
    with plain_words("look for an earlier export", target):
        if not path.is_file() or path.stat().st_size > _MOST:
            return None
        return decode_manifest(path.read_bytes())
