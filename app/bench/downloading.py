"""Downloading: speed against curl, what a cut costs, and memory that does not grow with the file."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.api.http import HttpClient
from app.api.urls import parse_address
from app.bench.fresh import grown_by_first
from app.bench.rows import Row, Work, compare
from app.bench.served import file_store

MEMORY = 60_000_000  # bytes that a download of any size may take


def measure(*, size: int = 200_000_000, large_size: int = 1_000_000_000, repeats: int = 7) -> list[Row]:
    """All rows of this section; files of ``size`` bytes are written to a temporary folder, larger ones nowhere."""
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder, HttpClient(backoff=0.0) as http:
        with file_store(size) as store:
            rows = [
                speed_row(http, store, Path(folder), size=size, repeats=repeats),
                resume_row(http, store, Path(folder), size=size, repeats=repeats),
            ]
        with file_store(large_size) as store:
            return [*rows, memory_row(store, size=large_size)]


def speed_row(http: HttpClient, store: str, folder: Path, *, size: int, repeats: int) -> Row:
    """A file to disk with its SHA-256, against curl, which computes none."""
    return compare(
        f"download {_amount(size)}",
        lambda: _download(http, f"{store}/whole", folder / "ours", size=size),
        peer="curl",
        theirs=_curl(f"{store}/whole", folder / "theirs"),
        goal=2.0,
        repeats=repeats,
    )


def resume_row(http: HttpClient, store: str, folder: Path, *, size: int, repeats: int) -> Row:
    """The same file over a connection that is cut in the middle, against one that is not."""
    return compare(
        f"download {_amount(size)}, cut once",
        lambda: _download(http, f"{store}/cut", folder / "ours", size=size),
        peer="the same uncut",
        theirs=lambda: _download(http, f"{store}/whole", folder / "theirs", size=size),
        goal=1.25,
        repeats=repeats,
    )


def memory_row(store: str, *, size: int) -> Row:
    """How far a new process grows while it downloads a large file, its first."""
    grown = grown_by_first(download_first, f"{store}/whole", size)
    name = f"memory while downloading {_amount(size)}"
    return Row(name, grown / 1e6, "what is allowed", MEMORY / 1e6, grown / MEMORY, 1.0, unit="MB")


def download_first(url: str, size: int) -> None:
    """Download a file that is kept nowhere, with a client of its own."""
    with HttpClient() as http:
        _download(http, url, Path(os.devnull), size=size)


def _download(http: HttpClient, url: str, path: Path, *, size: int) -> None:
    with path.open("wb") as sink:
        received = http.download(url, sink, home=parse_address(url).origin)
    assert received.size == size


def _curl(url: str, path: Path) -> Work | None:
    curl = shutil.which("curl")
    if curl is None:
        return None
    return lambda: subprocess.run([curl, "--silent", "--fail", "--output", str(path), url], check=True)


def _amount(size: int) -> str:
    return f"{size / 1e9:g} GB" if size >= 1_000_000_000 else f"{size / 1e6:g} MB"
