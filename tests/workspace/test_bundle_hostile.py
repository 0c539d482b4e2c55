"""Archives that mean harm or are broken: a clear sentence, little memory, and nothing written."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import AppError, BundleFormatError, DamagedFileError
from app.progress import Progress
from app.workspace import Workspace
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import check_bundle, import_bundle
from tests.formats.json_changes import with_one_change
from tests.peak_memory import only_where_it_is_told
from tests.workspace.bundles import (
    OFFSET_FIELD,
    SIZE_FIELD,
    STORED_SIZE_FIELD,
    Unpacked,
    change_records,
    many_entries,
    sound_bundle,
    write_archive,
)

REPOSITORY = Path(__file__).resolve().parents[2]
HEX = "ab" * 32
LINK = {"camera": "", "sample_name": "", "variant": "", "ei_project_id": 1, "sample_id": 1, "block_id": 1}
MEMORY = 100e6  # bytes
SECONDS = 1.0  # of work, not of waiting for a turn

Make = Callable[[Path, Unpacked], Path]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_bundle(tmp_path_factory.mktemp("sound"), frames=2, points=50)


def bring(path: Path, root: Path) -> None:
    """What ``pointproof import`` does."""
    with closing(Bundle.open(path)) as bundle:
        checked = check_bundle(bundle, progress=Progress())
        with Workspace.open(root) as workspace:
            import_bundle(checked, workspace, progress=Progress())


def with_name(name: str) -> Make:
    def make(path: Path, parts: Unpacked) -> Path:
        parts.files[name] = b"planted"
        return parts.write(path)

    return make


def link(path: Path, parts: Unpacked) -> Path:
    info = zipfile.ZipInfo(f"files/{HEX}")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    parts.write(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


def twice(path: Path, parts: Unpacked) -> Path:
    parts.write(path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(parts.name_of("scan"), b"another content")
    return path


def bomb(path: Path, parts: Unpacked) -> Path:
    parts.replace("mask", bytes(20 << 20))
    return parts.write(path, method=zipfile.ZIP_DEFLATED)


def manifest_bomb(path: Path, parts: Unpacked) -> Path:
    contents = {"manifest.json": b"[" * 100_000, **parts.files}
    return write_archive(path, contents, method=zipfile.ZIP_DEFLATED)


def nested_manifest(path: Path, parts: Unpacked) -> Path:
    return write_archive(path, {"manifest.json": b'{"format":' + b"[" * 100_000, **parts.files})


def nested_review(path: Path, parts: Unpacked) -> Path:
    parts.manifest["review"] = ["HERE"]
    deep = json.dumps(parts.manifest).replace('"HERE"', '{"a":' * 100_000 + "1" + "}" * 100_000)
    return write_archive(path, {"manifest.json": deep.encode(), **parts.files})


def crowded(field: str, record: object, count: int) -> Make:
    """A manifest of nearly the largest size, made of small records."""

    def make(path: Path, parts: Unpacked) -> Path:
        parts.manifest[field] = ["HERE"]
        text = json.dumps(parts.manifest).replace(
            '"HERE"', ",".join([json.dumps(record, separators=(",", ":"))] * count)
        )
        return write_archive(path, {"manifest.json": text.encode(), **parts.files})

    return make


def review_of_nothing(path: Path, parts: Unpacked) -> Path:
    foreign_file(parts)
    return crowded("review", {}, 8_000_000)(path, parts)


def unlisted_entries(path: Path, parts: Unpacked) -> Path:
    many = {f"files/{number:064x}": b"" for number in range(45_000)}
    return write_archive(path, {"manifest.json": json.dumps(parts.manifest).encode(), **parts.files, **many})


def huge_manifest(path: Path, parts: Unpacked) -> Path:
    write_archive(path, {"manifest.json": b"{}", **parts.files}, method=zipfile.ZIP_STORED)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("manifest.json", b" " * (25 << 20))
    return path


def lying(field: int, value: int) -> Make:
    def make(path: Path, parts: Unpacked) -> Path:
        parts.write(path, method=zipfile.ZIP_DEFLATED)
        wanted = parts.name_of("scan").encode()

        def change(start: int, raw: bytearray) -> None:
            if raw.startswith(wanted, start + 46):
                struct.pack_into("<L", raw, start + field, value)

        return change_records(path, change)

    return make


def encrypted(path: Path, parts: Unpacked) -> Path:
    def change(start: int, raw: bytearray) -> None:
        raw[start + 8] |= 1

    return change_records(parts.write(path), change)


def odd_method(path: Path, parts: Unpacked) -> Path:
    return parts.write(path, method=zipfile.ZIP_BZIP2)


def cut(path: Path, parts: Unpacked) -> Path:
    parts.write(path)
    path.write_bytes(path.read_bytes()[:-100])
    return path


def not_a_zip(path: Path, _parts: Unpacked) -> Path:
    path.write_bytes(b"# .PCD v0.7\n" * 1000)
    return path


def empty(path: Path, _parts: Unpacked) -> Path:
    path.write_bytes(b"")
    return path


def manifest_last(path: Path, parts: Unpacked) -> Path:
    return write_archive(path, {**parts.files, "manifest.json": json.dumps(parts.manifest).encode()})


def zip_in_front(path: Path, parts: Unpacked) -> Path:
    parts.write(path)
    path.write_bytes(b"PK\x03\x04 some program" + path.read_bytes())
    return path


def another_zip(path: Path, _parts: Unpacked) -> Path:
    return write_archive(path, {"word/document.xml": b"<xml/>"})


def edited(change: Callable[[Unpacked], object]) -> Make:
    def make(path: Path, parts: Unpacked) -> Path:
        change(parts)
        return parts.write(path)

    return make


def swap_content(parts: Unpacked) -> None:
    name = parts.name_of("scan")
    parts.files[name] = bytes(len(parts.files[name]))


def foreign_file(parts: Unpacked) -> None:
    parts.manifest["files"].append({**parts.entry("image"), "url_key": HEX, "shown_url": "https://bank.example/x"})


HOSTILE: dict[str, tuple[Make, str]] = {
    "steps upwards": (with_name("../../evil.sh"), "evil.sh”, which no bundle does"),
    "steps upwards below files": (with_name(f"files/../{HEX}"), "which no bundle does"),
    "absolute": (with_name("/etc/cron.d/evil"), "which no bundle does"),
    "backslash": (with_name(f"files\\{HEX}"), "which no bundle does"),
    "drive": (with_name("C:evil.exe"), "which no bundle does"),
    "zip in the name": (with_name(f"files/{HEX}.zip"), "which no bundle does"),
    "capitals, the same on some disks": (with_name(f"files/{HEX.upper()}"), "which no bundle does"),
    "other capitals": (with_name("Manifest.json"), "which no bundle does"),
    "another form of unicode": (with_name("files/" + "a\u0301" * 32), "which no bundle does"),
    "control characters": (with_name("files/\x1b[2J\u202e"), "which no bundle does"),
    "folder": (with_name("files/"), "which no bundle does"),
    "link": (link, "is a link or a folder"),
    "twice": (twice, "twice"),
    "unlisted": (with_name(f"files/{HEX}"), "does not list 1 of its files"),
    "a thousand times larger": (bomb, "would grow from"),
    "manifest a thousand times larger": (manifest_bomb, "would grow from|nested too deeply"),
    "manifest without end": (nested_manifest, "nested too deeply"),
    "review without end": (nested_review, "nested too deeply"),
    "manifest of 25 MB": (huge_manifest, "manifest has 26,214,400 bytes"),
    "a million links": (
        crowded("links", LINK, 250_000),
        "more cameras than a job can have",
    ),
    "a hundred thousand lacking files": (
        crowded("lacking", {"role": "mask", "shown_url": "", "url_key": HEX}, 220_000),
        "an address twice",
    ),
    "review of nothing": (review_of_nothing, "does not need"),
    "45,000 entries that nobody listed": (unlisted_entries, "does not list 45,000"),
    "smaller than it is": (lying(SIZE_FIELD, 100), r"has 100 bytes, not|larger than the 100 bytes"),
    "larger than it is": (lying(SIZE_FIELD, 5000), "bytes, not"),
    "compressed and too large": (lying(SIZE_FIELD, (128 << 20) + 1), "too many for a compressed file"),
    "more in the archive than fits": (lying(STORED_SIZE_FIELD, 1 << 30), "overlaps another file"),
    "on top of the manifest": (lying(OFFSET_FIELD, 0), "overlaps another file"),
    "beyond the end": (lying(OFFSET_FIELD, 0xFFFFFFF0), "overlaps another file"),
    "encrypted": (encrypted, "is encrypted"),
    "compressed oddly": (odd_method, "method 12"),
    "cut short": (cut, "cut short"),
    "no zip": (not_a_zip, "not a ZIP archive"),
    "empty": (empty, "not a ZIP archive"),
    "manifest last": (manifest_last, "does not start with its manifest"),
    "something in front": (zip_in_front, "directory"),
    "another program's": (another_zip, "which no bundle does"),
    "a million entries": (lambda path, _parts: many_entries(path, 1_000_000), "claims 1,000,000 files"),
    "a million entries, claimed to be few": (
        lambda path, _parts: many_entries(path, 1_000_000, claimed=3),
        "directory does not fit",
    ),
    "many entries of one name": (
        lambda path, _parts: many_entries(path, 40_000, name=b"files/" + HEX.encode()),
        "twice",
    ),
    "wrong content": (edited(swap_content), "not what was put in"),
    "missing file": (edited(lambda parts: parts.files.pop(parts.name_of("scan"))), "lacks the file https://data"),
    "file of another job": (edited(foreign_file), "does not need"),
    "another role": (edited(lambda parts: parts.entry("mask").update(role="image")), "does not need"),
    "two results": (edited(lambda parts: parts.entry("mask").update(role="result")), "exactly one result"),
    "no result": (edited(lambda parts: parts.entry("result").update(role="scan")), "exactly one result"),
    "address twice": (
        edited(lambda parts: parts.entry("mask").update(url_key=parts.entry("scan")["url_key"])),
        "an address twice",
    ),
    "hash that is a path": (edited(lambda parts: parts.entry("mask").update(sha256="../../../etc")), "sha256"),
    "negative size": (edited(lambda parts: parts.entry("mask").update(size=-1)), "size"),
    "size beyond 64 bits": (edited(lambda parts: parts.entry("mask").update(size=2**70)), "size"),
    "no job id": (edited(lambda parts: parts.manifest["job"].update(job_id="")), "job_id"),
    "another format": (edited(lambda parts: parts.manifest.update(format="epub")), "not that of a bundle"),
    "a newer version": (edited(lambda parts: parts.manifest.update(version=2)), "Update Pointproof"),
    "unreadable result": (edited(lambda parts: parts.replace("result", b"<html>log in</html>")), "web page"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_bundle_is_refused_and_nothing_is_written(tmp_path: Path, sound: Path, what: str) -> None:
    make, sentence = HOSTILE[what]
    path = make(tmp_path / "hostile.ppb", Unpacked.of(sound))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(AppError, match=sentence) as refused:
        bring(path, tmp_path / "workspace")
    assert refused.value.message.isprintable()
    assert refused.value.next_step
    assert sorted(tmp_path.rglob("*")) == before


PROBE = """
import sys, time
from pathlib import Path
from app.errors import AppError
from app.progress import Progress
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import check_bundle
from tests.peak_memory import peak_memory

before, began = peak_memory(), time.process_time()
try:
    check_bundle(Bundle.open(Path(sys.argv[1])), progress=Progress())
except AppError:
    print(peak_memory() - before, time.process_time() - began)
"""


@only_where_it_is_told
@pytest.mark.parametrize(
    "what",
    [
        "steps upwards",
        "a thousand times larger",
        "manifest a thousand times larger",
        "manifest without end",
        "review without end",
        "manifest of 25 MB",
        "a million entries",
        "a million entries, claimed to be few",
        "many entries of one name",
        "larger than it is",
        "a million links",
        "a hundred thousand lacking files",
        "review of nothing",
        "45,000 entries that nobody listed",
    ],
)
def test_a_hostile_bundle_takes_little_memory_and_work(tmp_path: Path, sound: Path, what: str) -> None:
    path = HOSTILE[what][0](tmp_path / "hostile.ppb", Unpacked.of(sound))
    command = [sys.executable, "-c", PROBE, str(path)]
    measured = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60)
    grown, seconds = map(float, measured.stdout.split())
    assert grown < MEMORY
    assert seconds < SECONDS


def test_a_compressed_entry_is_never_unpacked_beyond_what_it_claims(tmp_path: Path, sound: Path) -> None:
    parts = Unpacked.of(sound)
    parts.entry("scan")["size"] = 100  # manifest and directory agree on the lie
    path = lying(SIZE_FIELD, 100)(tmp_path / "liar.ppb", parts)
    sha256, produced = parts.entry("scan")["sha256"], io.BytesIO()
    with closing(Bundle.open(path)) as bundle, pytest.raises(DamagedFileError, match="larger than the 100 bytes"):
        produced.writelines(bundle.chunks(sha256))
    assert len(produced.getvalue()) <= 100


def test_a_bundle_with_a_comment_or_remarks_of_other_programs_is_read(tmp_path: Path, sound: Path) -> None:
    parts = Unpacked.of(sound)
    path = tmp_path / "zipped.ppb"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"made by hand PK\x05\x06"
        for name, content in {"manifest.json": json.dumps(parts.manifest).encode(), **parts.files}.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type, info.extra, info.comment = zipfile.ZIP_DEFLATED, b"UT\x05\x00\x01....", b"a file"
            with archive.open(info, "w", force_zip64=True) as target:
                target.write(content)
    bring(path, tmp_path / "workspace")
    with Workspace.open(tmp_path / "workspace") as workspace:
        assert [job.name for job in workspace.jobs()] == ["street"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_flipped_bytes_are_found_or_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, sound: Path, data: st.DataObject
) -> None:
    raw = bytearray(sound.read_bytes())
    directory = raw.rindex(b"PK\x01\x02") - 2000
    places = st.integers(0, len(raw) - 1) | st.integers(0, 400) | st.integers(directory, len(raw) - 1)
    for place, mask in data.draw(st.lists(st.tuples(places, st.integers(1, 255)), min_size=1, max_size=3)):
        raw[place] ^= mask
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "flipped.ppb").write_bytes(raw)
    try:
        bring(folder / "flipped.ppb", folder / "workspace")
    except AppError:
        assert not (folder / "workspace").exists()
        return
    expected = Unpacked.of(sound)
    with Workspace.open(folder / "workspace") as workspace:
        for listed in expected.manifest["files"]:
            stored = workspace.bundled.find(listed["url_key"])
            assert stored is not None
            assert stored.path.read_bytes() == expected.files[f"files/{listed['sha256']}"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(length=st.integers(0, 30_000))
def test_whatever_is_cut_off_it_is_refused(tmp_path_factory: pytest.TempPathFactory, sound: Path, length: int) -> None:
    raw = sound.read_bytes()
    path = tmp_path_factory.mktemp("cut") / "cut.ppb"
    path.write_bytes(raw[: min(length, len(raw) - 1)])
    with pytest.raises(BundleFormatError):
        Bundle.open(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_whatever_stands_in_the_manifest_no_false_file_is_taken(
    tmp_path_factory: pytest.TempPathFactory, sound: Path, data: st.DataObject
) -> None:
    original, parts = Unpacked.of(sound), Unpacked.of(sound)
    parts.manifest = data.draw(with_one_change({**parts.manifest, "links": [LINK]}))
    folder = tmp_path_factory.mktemp("changed")
    path = parts.write(folder / "changed.ppb")
    try:
        bring(path, folder / "workspace")
    except AppError:
        assert not (folder / "workspace").exists()
        return
    with Workspace.open(folder / "workspace") as workspace:
        assert len(workspace.jobs()) == 1
        for listed in original.manifest["files"]:
            stored = workspace.bundled.find(listed["url_key"])
            if stored is not None:
                assert stored.path.read_bytes() == original.files[f"files/{listed['sha256']}"]
