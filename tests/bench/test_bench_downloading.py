"""The rows of ``bench download`` at a size that costs nothing; how fast they are is not judged here."""

import hashlib
import io
from pathlib import Path

import pytest

from app.api.http import HttpClient
from app.api.urls import parse_address
from app.bench import downloading
from app.bench.served import file_store
from app.sandbox.generated import Generated

SIZE = 3_000_001


def test_every_row_is_measured_against_its_peer() -> None:
    rows = downloading.measure(size=SIZE, large_size=2 * SIZE, repeats=1)
    assert [row.name for row in rows] == [
        "download 3 MB",
        "download 3 MB, cut once",
        "memory while downloading 6 MB",
    ]
    assert all(row.ours >= 0 for row in rows)
    assert [row.theirs is None for row in rows[1:]] == [False, False]
    assert rows[2].theirs == downloading.MEMORY / 1e6


def test_memory_stays_below_what_is_allowed() -> None:
    with file_store(100_000_000) as store:
        row = downloading.memory_row(store, size=100_000_000)
    assert row.met, f"{row.ours} MB"


def test_without_curl_the_row_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with file_store(SIZE) as store, HttpClient(backoff=0.0) as http:
        row = downloading.speed_row(http, store, tmp_path, size=SIZE, repeats=1)
    assert (row.peer, row.theirs, row.ratio) == ("curl (not installed)", None, None)


@pytest.mark.parametrize("name", ["whole", "cut"])
def test_the_store_gives_the_same_bytes_whether_it_is_cut_or_not(name: str) -> None:
    sink = io.BytesIO()
    with file_store(SIZE) as store, HttpClient(backoff=0.0) as http:
        url = f"{store}/{name}"
        received = http.download(url, sink, home=parse_address(url).origin)
    whole = b"".join(Generated(SIZE).pieces())
    assert received.sha256 == hashlib.sha256(whole).hexdigest()
    assert sink.getvalue() == whole
