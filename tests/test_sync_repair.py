"""Damaged files are fetched again from where they came from, job by job."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from app.api.answers import Received
from app.domain.sample import IMAGE, Sample
from app.errors import UnreachableError, WorkspaceError
from app.progress import Progress
from app.sync import download_job, download_sample_media, download_tracking, repair
from app.workspace import CameraLink, StoredFile, Workspace
from app.workspace.addresses import delivered_result_address, impulses_address, sample_media_address
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import check_bundle, import_bundle
from tests.builders import small_delivery, tracking_answer
from tests.fake_services import FakeEdgeImpulse, FakeTelus
from tests.workspace.bundles import bundle_of

LINK = CameraLink("front", 7, 11, "street front", 5, "int8")
PICTURE = b"\xff\xd8\xff\xe0 stands for a JPEG"
SCAN = "https://data.example/street/lidar/000001.pcd"


@pytest.fixture
def telus(tmp_path: Path) -> FakeTelus:
    return FakeTelus(small_delivery(tmp_path / "street"))


@pytest.fixture
def edge_impulse() -> FakeEdgeImpulse:
    return FakeEdgeImpulse([json.dumps(tracking_answer(3)).encode()])


@pytest.fixture
def workspace(tmp_path: Path, telus: FakeTelus, edge_impulse: FakeEdgeImpulse) -> Iterator[Workspace]:
    """A job with its tracking."""
    with Workspace.open(tmp_path / "ws") as opened:
        job = telus.job
        download_job(opened, telus, project_id=job.project_id, job_id=job.job_id, progress=Progress())
        opened.save_camera_links(job.job_id, [LINK])
        download_tracking(opened, edge_impulse, LINK, progress=Progress())
        telus.requests.clear()
        edge_impulse.requests.clear()
        yield opened


def stored(workspace: Workspace, url: str) -> StoredFile:
    found = workspace.find(url)
    assert found is not None
    return found


def repaired(workspace: Workspace, telus: FakeTelus | None, edge_impulse: FakeEdgeImpulse | None) -> tuple[str, ...]:
    services: dict[str, Any] = {"telus": telus, "edge_impulse": edge_impulse}
    return repair(workspace, tuple(workspace.verify(read_data=True)), progress=Progress(), **services)


def damage(workspace: Workspace, *urls: str) -> None:
    for url in urls:
        path = stored(workspace, url).path
        path.write_bytes(b"x" * path.stat().st_size)


def test_each_damaged_file_is_asked_for_where_it_came_from(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    damage(workspace, SCAN, LINK.answer_address, impulses_address(7))
    assert repaired(workspace, telus, edge_impulse) == ()
    assert telus.requests == [SCAN]
    assert set(edge_impulse.requests) == {"config", "results", "impulses"}
    assert list(workspace.verify(read_data=True)) == []


def test_the_impulses_alone_are_fetched_without_the_results(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    damage(workspace, impulses_address(7))
    assert repaired(workspace, telus, edge_impulse) == ()
    assert (telus.requests, edge_impulse.requests) == ([], ["impulses"])


class ServiceWithPictures(FakeEdgeImpulse):
    """Knows one sample, which is a picture."""

    def sample(self, _project_id: int, sample_id: int, _progress: Progress) -> Sample:
        return Sample(sample_id, "street front", kind=IMAGE)

    def sample_image(self, _project_id: int, _sample_id: int, sink: BinaryIO, **_options: object) -> Received:
        self.requests.append("picture")
        sink.write(PICTURE)
        return Received("image/jpeg", len(PICTURE), "")


def test_the_pictures_of_a_sample_are_fetched_again(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    service: Any = ServiceWithPictures(edge_impulse.answers)
    download_sample_media(workspace, service, LINK, progress=Progress())
    damage(workspace, sample_media_address(ei_project_id=7, sample_id=11, kind="image"))
    (found,) = workspace.verify(read_data=True)
    assert found.job_names == ("street",)
    assert repaired(workspace, telus, service) == ()
    assert service.requests == ["picture", "picture"]
    assert list(workspace.verify(read_data=True)) == []


def test_answer_and_request_come_with_one_question(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    damage(workspace, LINK.answer_address, LINK.request_address)
    assert repaired(workspace, telus, edge_impulse) == ()
    assert edge_impulse.requests.count("results") == 1
    assert list(workspace.verify(read_data=True)) == []


def test_without_keys_each_missing_key_is_named_once_per_job(workspace: Workspace) -> None:
    damage(workspace, SCAN, LINK.answer_address, impulses_address(7))
    telus_told, edge_impulse_told = repaired(workspace, None, None)
    assert telus_told.startswith("street: ")
    assert "POINTPROOF_TELUS_API_KEY" in telus_told
    assert "POINTPROOF_EDGE_IMPULSE_API_KEY" in edge_impulse_told
    assert len(list(workspace.verify())) == 3


def test_a_job_that_only_a_bundle_brought_is_repaired_by_importing_it_again(
    tmp_path: Path, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    with closing(Bundle.open(bundle_of(telus.folder, tmp_path / "a.ppb"))) as bundle:
        checked = check_bundle(bundle, progress=Progress())
        with Workspace.open(tmp_path / "receiver") as receiver:
            job = import_bundle(checked, receiver, progress=Progress()).job
            damage(receiver, SCAN, delivered_result_address(job.job_id))
            for client in (telus, None):
                assert repaired(receiver, client, edge_impulse) == (
                    "street: It came with a bundle, and no service has it. Import the bundle again.",
                )
            assert (telus.requests, edge_impulse.requests) == ([], [])
            assert len(list(receiver.verify())) == 2
            import_bundle(checked, receiver, progress=Progress())
            assert list(receiver.verify(read_data=True)) == []


def test_what_does_not_come_is_told_and_stays_named(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    telus.fail["lidar/000001.pcd"] = UnreachableError("The store does not answer.")
    damage(workspace, SCAN)
    assert repaired(workspace, telus, edge_impulse) == (
        "street: Tried the annotation service: The store does not answer.",
    )
    assert [found.shown_url for found in workspace.verify()] == [SCAN]


def test_a_full_disk_ends_the_repair(workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse) -> None:
    telus.fail["lidar/000001.pcd"] = WorkspaceError("The disk is full.")
    damage(workspace, SCAN)
    with pytest.raises(WorkspaceError, match="full"):
        repaired(workspace, telus, edge_impulse)


def test_a_result_that_now_lies_elsewhere_takes_the_place_of_the_damaged_one(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    damage(workspace, telus.job.result_url)
    job = telus.folder / "job.json"
    job.write_text(job.read_text().replace("street/result.json", "street/again/result.json"))
    assert repaired(workspace, telus, edge_impulse) == ()
    assert list(workspace.verify(read_data=True)) == []
    assert stored(workspace, telus.job.result_url).size == (telus.folder / "result.json").stat().st_size


def test_what_no_job_asks_for_is_let_go_of(
    workspace: Workspace, telus: FakeTelus, edge_impulse: FakeEdgeImpulse
) -> None:
    workspace.store("https://data.example/nobody", b"needs this")
    damage(workspace, "https://data.example/nobody")
    workspace.remove_camera_link(telus.job.job_id, "front")
    damage(workspace, LINK.answer_address)
    (told,) = repaired(workspace, telus, edge_impulse)
    assert "let go of" in told
    assert list(workspace.verify(read_data=True)) == []
    assert workspace.left_overs().objects == ()
