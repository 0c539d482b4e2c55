"""A bundle is the same file each time, whole or not there, and readable by any ZIP program."""

import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from app.errors import DamagedFileError, InputError, WorkspaceError
from app.progress import Cancelled, Progress
from app.workspace.bundle_parts import Survey, parts_of_delivery, signed_hosts, survey
from app.workspace.bundle_writer import write_bundle
from app.workspace.delivery import Delivery
from tests.builders import small_delivery
from tests.workspace.bundles import bundle_of, sound_bundle


def surveyed(delivery: Path) -> Survey:
    return survey(parts_of_delivery(Delivery.open(delivery)), progress=Progress())


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street", frames=2, points=300, cameras=("front", "left"))


def test_the_same_job_gives_the_same_bytes(tmp_path: Path, delivery: Path) -> None:
    first = bundle_of(delivery, tmp_path / "first.ppb")
    for path in delivery.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert bundle_of(delivery, tmp_path / "second.ppb").read_bytes() == first.read_bytes()


def test_any_zip_program_finds_every_file_under_its_hash(tmp_path: Path, delivery: Path) -> None:
    with zipfile.ZipFile(bundle_of(delivery, tmp_path / "street.ppb")) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        contents = {name: archive.read(name) for name in names[1:]}
    assert names[0] == "manifest.json"
    assert {f"files/{hashlib.sha256(content).hexdigest()}": content for content in contents.values()} == contents
    raw = {path.read_bytes() for folder in ("files", "tracking") for path in (delivery / folder).rglob("*.*")}
    assert set(contents.values()) == raw | {(delivery / "result.json").read_bytes()}
    roles = [file["role"] for file in manifest["files"]]
    assert roles == ["result", *["scan", "mask", "image", "image"] * 2, "answer", "answer"]


def test_text_is_compressed_and_pictures_and_clouds_are_not(tmp_path: Path, delivery: Path) -> None:
    with zipfile.ZipFile(bundle_of(delivery, tmp_path / "street.ppb")) as archive:
        methods = {
            f"files/{file['sha256']}": file["role"] for file in json.loads(archive.read("manifest.json"))["files"]
        }
        compressed = {methods[info.filename] for info in archive.infolist()[1:] if info.compress_type}
        as_it_is = {methods[info.filename] for info in archive.infolist()[1:] if not info.compress_type}
    assert compressed == {"result", "mask", "answer"}
    assert as_it_is == {"scan", "image"}


def test_a_mask_of_one_label_is_not_taken_for_a_bomb(tmp_path: Path, delivery: Path) -> None:
    mask = delivery / "files" / "masks" / "000000.txt"
    mask.write_text(json.dumps([0] * 300_000))
    with zipfile.ZipFile(bundle_of(delivery, tmp_path / "street.ppb")) as archive:
        info = archive.getinfo(f"files/{hashlib.sha256(mask.read_bytes()).hexdigest()}")
    assert info.compress_type == zipfile.ZIP_STORED


def test_what_is_missing_is_named_and_listed_as_lacking(tmp_path: Path, delivery: Path) -> None:
    (delivery / "files" / "masks" / "000001.txt").unlink()
    found = surveyed(delivery)
    assert found.problems == ("https://data.example/street/masks/000001.txt is missing",)
    written = write_bundle(found, tmp_path / "street.ppb", progress=Progress())
    assert (written.files, written.left_out) == (10, 1)
    with zipfile.ZipFile(written.path) as archive:
        lacking = json.loads(archive.read("manifest.json"))["lacking"]
    assert [(file["role"], file["shown_url"]) for file in lacking] == [
        ("mask", "https://data.example/street/masks/000001.txt")
    ]


def test_a_file_that_changes_while_it_is_bundled_leaves_no_bundle(tmp_path: Path, delivery: Path) -> None:
    found = surveyed(delivery)
    (delivery / "files" / "lidar" / "000001.pcd").write_bytes(b"another cloud")
    with pytest.raises(DamagedFileError, match="changed while it was read"):
        write_bundle(found, tmp_path / "out.ppb", progress=Progress())
    assert [path.name for path in tmp_path.iterdir()] == ["street"]


def test_a_cancelled_bundle_leaves_the_earlier_one(tmp_path: Path, delivery: Path) -> None:
    (tmp_path / "out.ppb").write_bytes(b"the earlier one")
    progress = Progress(lambda step: progress.cancel() if step.done == 3 else None)
    with pytest.raises(Cancelled):
        write_bundle(surveyed(delivery), tmp_path / "out.ppb", progress=progress)
    assert (tmp_path / "out.ppb").read_bytes() == b"the earlier one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.ppb", "street"]


def test_a_disk_that_refuses_leaves_the_earlier_bundle(
    tmp_path: Path, delivery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out.ppb").write_bytes(b"the earlier one")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="The disk is full"):
        write_bundle(surveyed(delivery), tmp_path / "out.ppb", progress=Progress())
    assert (tmp_path / "out.ppb").read_bytes() == b"the earlier one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.ppb", "street"]


def test_without_its_result_document_there_is_no_bundle(tmp_path: Path, delivery: Path) -> None:
    parts = parts_of_delivery(Delivery.open(delivery))
    (delivery / "result.json").unlink()
    with pytest.raises(WorkspaceError, match="gone"):
        survey(parts, progress=Progress())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_folder_named_in_bytes_that_are_no_text_is_bundled(tmp_path: Path) -> None:
    delivery = small_delivery(Path(os.fsdecode(bytes(tmp_path) + b"/stra\xdfe")), frames=1, points=20)
    with zipfile.ZipFile(bundle_of(delivery, tmp_path / "out.ppb")) as archive:
        assert json.loads(archive.read("manifest.json"))["job"]["name"] == "stra?e"


def test_a_place_where_no_file_can_be_is_named(tmp_path: Path, delivery: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "out.ppb"):
        with pytest.raises(InputError, match="No file can be written"):
            write_bundle(surveyed(delivery), path, progress=Progress())


def test_hosts_of_signed_addresses_are_told_and_no_signature_is_in_the_manifest(tmp_path: Path) -> None:
    delivery = small_delivery(tmp_path / "street", frames=1, points=20)
    document = (delivery / "result.json").read_text()
    signed = document.replace("000000.jpg", "000000.jpg?X-Amz-Credential=CANARY-1&X-Amz-Signature=CANARY-2")
    (delivery / "result.json").write_text(signed)
    found = surveyed(delivery)
    assert found.parts.signed_hosts == ("data.example",)
    assert found.problems == ()
    with zipfile.ZipFile(write_bundle(found, tmp_path / "out.ppb", progress=Progress()).path) as archive:
        assert b"CANARY" not in archive.read("manifest.json")


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (b'"https://a.example/1.pcd?versionId=3"', ()),
        (b'"https://a.example/1.pcd", "signature=x"', ()),
        (b'"https:\\/\\/a.example\\/1.pcd?Expires=1&Signature=x"', ("a.example",)),
        (b'"https://b.example/1?sv=1\\u0026sig=x" "https://a.example/2?token=1"', ("a.example", "b.example")),
    ],
)
def test_a_signature_is_known_by_its_name(text: bytes, hosts: tuple[str, ...]) -> None:
    assert signed_hosts(text) == hosts


def test_the_bundle_gets_the_rights_that_new_files_get_here(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    assert sound_bundle(tmp_path).stat().st_mode == (tmp_path / "plain").stat().st_mode
