"""Files of a delivery are found by the end of their address, and never outside of the folder."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import InputError
from app.workspace.delivery import Delivery


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    folder = tmp_path / "street"
    for name in (
        "files/lidar/1.pcd",
        "files/front/1.jpg",
        "files/left/1.jpg",
        "loose/2.pcd",
        "a b#ü.pcd",
        "result.json",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    (tmp_path / "outside.txt").write_bytes(b"secret")
    return Delivery.open(folder)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://data.example/street/lidar/1.pcd", "files/lidar/1.pcd"),
        ("https://data.example/front/1.jpg?X-Amz-Signature=abc", "files/front/1.jpg"),
        ("https://data.example/left/1.jpg#part", "files/left/1.jpg"),
        ("https://other.example/deep/down/loose/2.pcd", "loose/2.pcd"),
        ("s3://bucket/loose%2F2.pcd", "loose/2.pcd"),
        ("https://data.example/a%20b%23%C3%BC.pcd", "a b#ü.pcd"),
        ("lidar//./1.pcd", "files/lidar/1.pcd"),
    ],
)
def test_a_file_is_found_by_the_end_of_its_address(delivery: Delivery, url: str, name: str) -> None:
    assert delivery.locate(url) == delivery.root / name


@pytest.mark.parametrize(
    "url",
    [
        "https://data.example/../outside.txt",
        "https://data.example/%2e%2e/outside.txt",
        "https://data.example/files/..%2F..%2Foutside.txt",
        "https://data.example/..\\outside.txt",
        "file:///etc/passwd",
        "/etc/passwd",
        "../../etc/passwd",
        "https://data.example/lidar/1.pcd%00.txt",
        "http://[broken",
        "https://data.example/",
        "https://data.example/" + "x" * 5000,
        "",
    ],
)
def test_an_address_never_leads_outside(delivery: Delivery, url: str) -> None:
    assert delivery.locate(url) is None


def test_a_link_to_the_outside_is_not_followed(delivery: Delivery, tmp_path: Path) -> None:
    (delivery.root / "files" / "link.txt").symlink_to(tmp_path / "outside.txt")
    assert delivery.locate("https://data.example/link.txt") is None


def test_a_files_folder_may_lie_elsewhere(delivery: Delivery, tmp_path: Path) -> None:
    (delivery.root / "files").rename(tmp_path / "big_disk")
    (delivery.root / "files").symlink_to(tmp_path / "big_disk")
    found = Delivery.open(delivery.root).locate("https://data.example/lidar/1.pcd")
    assert found == tmp_path / "big_disk" / "lidar" / "1.pcd"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(alphabet="./\\%2eEfF:~ab?#\0\n", max_size=40))
def test_whatever_the_address_the_file_is_inside(delivery: Delivery, url: str) -> None:
    found = delivery.locate(url)
    assert found is None or found.resolve().is_relative_to(delivery.root.resolve())


@pytest.mark.parametrize("camera", ["../result", "..", "a/b", "/etc/passwd", ""])
def test_a_camera_name_never_becomes_a_path(delivery: Delivery, camera: str) -> None:
    assert delivery.answer(camera) is None


def test_a_folder_without_a_result_is_no_delivery(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"result\.json"):
        Delivery.open(tmp_path)
