"""Keeps the synthetic street in the user's cache, made once for each version of its generator."""

import hashlib
import importlib
import importlib.util
import pkgutil
import shutil
import tempfile
from pathlib import Path

import platformdirs

from app import __version__
from app.errors import WorkspaceError
from app.progress import Progress
from app.sandbox.street.delivery import write_street
from app.sandbox.street.plan import StreetPlan

APP_NAME = "pointproof"
_WHOLE = "truth.json"  # written last


def street_folder(progress: Progress, *, cache: Path | None = None, plan: StreetPlan | None = None) -> Path:
    """The delivery folder of the synthetic street, generated on first use; None stands for the user's cache, full size.

    The folder appears under its name only when it is whole. Raises Cancelled, and WorkspaceError where the cache
    cannot be written.
    """
    root = cache if cache is not None else Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))
    wanted = plan or StreetPlan()
    folder = root / f"{wanted.name}-{_version(wanted)}"
    if (folder / _WHOLE).is_file():
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        _make(wanted, folder, progress)
    except OSError as error:
        raise WorkspaceError(
            f"The synthetic street cannot be written to {root}: {error.strerror or error}.",
            next_step="Free some space there, or point XDG_CACHE_HOME to a folder that can be written.",
        ) from error
    return folder


def _make(plan: StreetPlan, folder: Path, progress: Progress) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        write_street(plan, unfinished, progress)
        unfinished.chmod(0o755)  # temporary folders start out private
        try:
            unfinished.rename(folder)
        except OSError:
            if not (folder / _WHOLE).is_file():  # otherwise another process was faster
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _version(plan: StreetPlan) -> str:
    """Changes with the plan, the program's version and, where it can be read, the generator's source."""
    digest = hashlib.sha256(f"{__version__} {plan}".encode())
    package = importlib.import_module("app.sandbox.street")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        spec = importlib.util.find_spec(f"{package.__name__}.{module.name}")
        source = getattr(spec.loader, "get_source", None) if spec else None
        digest.update(((source(spec.name) if source and spec else None) or "").encode())
    return digest.hexdigest()[:12]
