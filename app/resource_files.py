"""Where the plain files of ``resources/`` lie: icons and pictures that the program shows."""

from pathlib import Path

from app.errors import InputError

_PACKAGE = Path(__file__).resolve().parent


def resource_path(name: str) -> Path:
    """Path of a file of ``resources/``, given with forward slashes (``icons/play.svg``).

    An installed program has the folder inside the package, a checkout beside it. Raises InputError where it is missing.
    """
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = folder.joinpath(*name.split("/"))
        if path.is_file():
            return path
    raise InputError(f"The program's own file {name} is missing.", next_step="Install the program again.")
