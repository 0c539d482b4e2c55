"""Where a file of a job comes from: a folder on this machine, the annotation service, or its owner's own store."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import parse_qsl, unquote, urlsplit

from app.errors import ApiError, AppError, InputError, KeyRefusedError, ServiceError, UnreachableError
from app.progress import Progress
from app.workspace import FolderMapping, Workspace
from app.workspace.delivery import inside, is_name
from app.workspace.incoming import Incoming

if TYPE_CHECKING:
    from app.api.answers import Received
    from app.api.telus import TelusClient

_CHUNK = 1 << 20  # bytes
_SIGNATURES = frozenset({"x-amz-signature", "x-goog-signature", "signature", "sig"})  # S3, Google, older S3, Azure

Steps = tuple[str, str, tuple[str, ...]]  # scheme, host and decoded steps of a path


@dataclass
class _Tried:
    """The ways that led nowhere, in order."""

    ways: list[str] = field(default_factory=list)
    errors: list[AppError] = field(default_factory=list)

    def note(self, way: str, error: AppError) -> None:
        self.ways.append(f"Tried {way}: {error.message}")
        self.errors.append(error)

    def failure(self) -> ApiError:
        """One error that tells every way, and the step that helps most."""
        message = " ".join(self.ways)
        unreadable = (error for error in self.errors if isinstance(error, ApiError) and _is_unreadable(error))
        step = next(unreadable, self.errors[-1]).next_step
        if any(isinstance(error, UnreachableError) for error in self.errors):  # so it may come another time
            return UnreachableError(message, next_step=step)
        codes = [error.code for error in self.errors if isinstance(error, ServiceError)]
        return ServiceError(message, code=codes[-1] if codes else "", next_step=step)


def _is_unreadable(error: ApiError) -> bool:
    from app.api.telus import is_unreadable  # here, as whoever asks has talked to the service already

    return is_unreadable(error)


def _unwatched(_sink: BinaryIO) -> AbstractContextManager[None]:
    return nullcontext()


def fetch_file(
    workspace: Workspace,
    telus: "TelusClient",
    url: str,
    *,
    project_id: str,
    progress: Progress,
    watch: Callable[[BinaryIO], AbstractContextManager[None]] = _unwatched,
) -> int:
    """Bring one file into the workspace as received, the first way that works; returns its size in bytes.

    First the folder that the user mapped to the start of the address, then the service's attachments, then the address
    itself without any key: the last only where the service says that it cannot access the file, as customers may keep
    files in a store of their own, or where the address carries a signature of its own. Meanwhile the sink stands under
    ``watch``, for whoever counts the bytes. Raises ServiceError or
    UnreachableError that tells every way tried, KeyRefusedError, WorkspaceError and Cancelled.
    """
    tried = _Tried()
    mapping = closest(workspace.mappings(project_id), url)
    with workspace.receive(url) as sink, watch(sink):
        if mapping is not None:
            try:
                return _copy(mapping, url, sink, progress)
            except InputError as error:
                tried.note(f"the folder {mapping.folder}", error)
        try:
            return _filled(sink, telus.attachment(url, sink, progress))
        except ApiError as error:
            if isinstance(error, KeyRefusedError) and not _is_unreadable(error):
                raise
            tried.note("the annotation service", error)
            if not (_is_unreadable(error) or is_signed(url)):
                raise tried.failure() from error
        try:
            return _filled(sink, telus.fetch_directly(url, sink, progress))
        except ApiError as error:
            tried.note("the file's own address", error)
            raise tried.failure() from error


def folder_mapping(project_id: str, url_prefix: str, folder: Path) -> FolderMapping:
    """These files are at ...: raises InputError for a prefix that is no address and for a folder that is none."""
    steps = _steps(url_prefix)
    if steps is None or not (steps[0] and steps[1]):
        raise InputError(
            f"{url_prefix!r} is not the start of an address.", next_step="Write it like https://bucket.example/scans/."
        )
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", next_step="Choose the folder that holds the files.")
    return FolderMapping(project_id, url_prefix.strip(), folder.absolute())


def closest(mappings: Iterable[FolderMapping], url: str) -> FolderMapping | None:
    """The mapping whose prefix has most steps in common with the address; a prefix ends between two steps."""
    fitting = [mapping for mapping in mappings if _rest(mapping, url) is not None]
    return max(fitting, key=lambda mapping: len((_steps(mapping.url_prefix) or ("", "", ()))[2]), default=None)


def is_signed(url: str) -> bool:
    """Whether the address carries a signature of its own, as stores give out for a while."""
    try:
        query = urlsplit(url).query
    except ValueError:
        return False
    return any(name.lower() in _SIGNATURES for name, _ in parse_qsl(query))


def _copy(mapping: FolderMapping, url: str, sink: Incoming, progress: Progress) -> int:
    """The file out of the mapped folder; raises InputError where it is not there, leads out of it or cannot be read."""
    names = _rest(mapping, url) or ()
    if not names or not all(map(is_name, names)):
        raise InputError("The address names no file inside of it.", next_step="Check the address that it stands for.")
    path = inside(mapping.folder.resolve(), names)
    if path is None:
        raise InputError(
            f"There is no {'/'.join(names)} in it.", next_step="Check the folder and the address that it stands for."
        )
    try:
        with path.open("rb") as source:
            sink.discard()  # what an earlier download left is not the start of this file
            return _poured(source.read, sink, progress)
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read ({error.strerror}).", next_step="Check its permissions."
        ) from error


def _poured(read: Callable[[int], bytes], sink: Incoming, progress: Progress) -> int:
    size = 0
    while piece := read(_CHUNK):
        progress.check()
        size += sink.write(piece)
    return size


def _filled(sink: Incoming, received: "Received") -> int:
    sink.media_type = received.media_type
    return received.size


def _rest(mapping: FolderMapping, url: str) -> tuple[str, ...] | None:
    """The steps of the address behind the mapping's prefix; None where the prefix does not fit."""
    prefix, whole = _steps(mapping.url_prefix), _steps(url)
    if prefix is None or whole is None or prefix[:2] != whole[:2]:
        return None
    count = len(prefix[2])
    return whole[2][count:] if whole[2][:count] == prefix[2] else None


def _steps(url: str) -> Steps | None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    steps = tuple(step for step in unquote(parts.path).split("/") if step)
    return parts.scheme.lower(), parts.netloc.lower(), steps
