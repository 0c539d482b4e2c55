"""An open bundle gives its files checked, from any thread, and holds no more in memory than it must."""

import io
import threading
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import DamagedFileError, WorkspaceError
from app.workspace.bundle import Bundle, BundleFiles, is_bundle
from tests.builders import small_delivery
from tests.workspace.bundles import Unpacked, bundle_of, sound_bundle


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sound_bundle(tmp_path, frames=3, points=400)


def test_every_file_is_found_by_its_address_and_reads_as_it_was_put_in(path: Path) -> None:
    parts = Unpacked.of(path)
    bundle = Bundle.open(path)
    files = BundleFiles(bundle)
    for listed in parts.manifest["files"][1:]:
        if listed["shown_url"].startswith("https:"):
            found = files.find(listed["shown_url"])
            assert found is not None
            with found.open("a file") as stream:
                assert stream.read() == parts.files[f"files/{listed['sha256']}"]
    assert files.find("https://data.example/street/nothing.pcd") is None
    assert files.answer("front") is not None
    assert files.answer("left") is None
    bundle.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_the_stream_of_a_stored_file_moves_like_a_file(path: Path, data: st.DataObject) -> None:
    parts = Unpacked.of(path)
    content = parts.files[parts.name_of("scan")]
    oracle = io.BytesIO(content)
    steps = st.lists(st.tuples(st.sampled_from(["read", "start", "on", "end"]), st.integers(0, len(content) + 9)))
    drawn = data.draw(steps)
    with closing(Bundle.open(path)) as bundle, bundle.stream(parts.entry("scan")["sha256"]) as stream:
        for step, number in drawn:
            if step == "read":
                assert stream.read(number) == oracle.read(number)
            else:
                place = {"start": io.SEEK_SET, "on": io.SEEK_CUR, "end": io.SEEK_END}[step]
                offset = -min(number, len(content)) if step == "end" else number
                assert stream.seek(offset, place) == oracle.seek(offset, place)
        assert stream.tell() == oracle.tell()


def test_threads_read_different_files_at_the_same_time(path: Path) -> None:
    parts = Unpacked.of(path)
    bundle = Bundle.open(path)
    start = threading.Barrier(6)

    def read_all(_number: int) -> bool:
        start.wait()
        for name, content in parts.files.items():
            with bundle.stream(name.removeprefix("files/")) as stream:
                if b"".join(iter(lambda: stream.read(700), b"")) != content:
                    return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(read_all, range(6)))
    bundle.close()


def damage(path: Path, role: str) -> Unpacked:
    """Change one byte of a file's content in the bundle."""
    parts = Unpacked.of(path)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(parts.name_of(role)).header_offset
    raw[start + 30 + len(parts.name_of(role)) + 20] ^= 1
    path.write_bytes(raw)
    return parts


@pytest.mark.parametrize("role", ["scan", "mask"])  # one stored, one compressed
def test_a_damaged_file_is_never_given_out(path: Path, role: str) -> None:
    parts = damage(path, role)
    bundle = Bundle.open(path)
    found = BundleFiles(bundle).find(parts.entry(role)["shown_url"])
    assert found is not None
    for _ in range(2):
        with pytest.raises(DamagedFileError, match="damaged"), found.open("a file"):
            pass
    other = bundle.find(parts.entry("image")["url_key"])
    assert other is not None
    with other.open("a picture") as stream:
        assert stream.read(2) == b"\xff\xd8"
    bundle.close()


def test_a_bundle_that_is_replaced_while_it_is_open_goes_on_giving_what_it_held(tmp_path: Path, path: Path) -> None:
    parts = Unpacked.of(path)
    bundle = Bundle.open(path)
    small_delivery(tmp_path / "other", frames=1, points=10, name="other")
    bundle_of(tmp_path / "other", path)
    for name, content in parts.files.items():
        with bundle.stream(name.removeprefix("files/")) as stream:
            assert stream.read() == content
    bundle.close()


def test_reading_on_after_closing_is_an_error_in_words(path: Path) -> None:
    bundle = Bundle.open(path)
    found = bundle.find(Unpacked.of(path).entry("scan")["url_key"])
    bundle.close()
    bundle.close()
    assert found is not None
    with pytest.raises(WorkspaceError, match="bundle is closed"), found.open("a point cloud"):
        pass


def test_a_large_stored_file_is_not_held_in_memory(tmp_path: Path) -> None:
    delivery = small_delivery(tmp_path / "street", frames=1, points=10)
    scan = delivery / "files" / "lidar" / "000000.pcd"
    scan.write_bytes(scan.read_bytes() + bytes(64 << 20))
    path = bundle_of(delivery, tmp_path / "street.ppb")
    sha256 = Unpacked.of(path).entry("scan")["sha256"]
    bundle = Bundle.open(path)
    tracemalloc.start()
    with bundle.stream(sha256) as stream:
        stream.seek(-10, io.SEEK_END)
        assert stream.read() == bytes(10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    bundle.close()
    assert peak < 8 << 20


def test_a_bundle_is_known_by_its_content_or_its_name(tmp_path: Path, path: Path) -> None:
    renamed = tmp_path / "from mail"
    renamed.write_bytes(path.read_bytes())
    broken = tmp_path / "broken.PPB"
    broken.write_bytes(b"")
    assert [is_bundle(file) for file in (path, renamed, broken, tmp_path / "street" / "result.json")] == [
        True,
        True,
        True,
        False,
    ]
