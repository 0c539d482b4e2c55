"""A job on this machine, from any of the places it may lie in."""

import json
import shutil
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.tracking import CoordinateSpace
from app.errors import CloudFormatError, DamagedFileError, ImageFormatError, InputError
from app.jobs import LocalJob, open_path, open_workspace_job
from app.progress import Progress
from app.sync import download_job, download_tracking
from app.workspace import CameraLink, Workspace
from tests.builders import IMAGE_SIZE, identifier, pcd_bytes, small_delivery, tracking_answer
from tests.fake_services import FakeEdgeImpulse, FakeTelus

POINTS = 500


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street", points=POINTS, cameras=("front", "left"))


@pytest.fixture
def workspace(tmp_path: Path, delivery: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        telus = FakeTelus(delivery)
        download_job(opened, telus, project_id="p", job_id=telus.job.job_id, progress=Progress())
        yield opened


def rules(job: LocalJob, index: int) -> set[str]:
    return {finding.rule for finding in job.load_frame(index).findings}


def rewrite(folder: Path, change: dict[str, str]) -> None:
    document = folder / "result.json"
    text = document.read_text()
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    document.write_text(text)


def check_against_truth(job: LocalJob, truth: dict[str, Any], *, within: float = 0.01) -> None:
    frames = [job.load_frame(index) for index in range(len(job.sequence))]
    assert [frame.record.frame_id for frame in frames] == list(truth)
    for frame in frames:
        expected = truth[frame.record.frame_id]
        assert frame.cloud is not None
        assert len(frame.cloud) == expected["points"]
        assert {str(key): count for key, count in frame.label_counts.items()} == expected["label_counts"]
        for camera, seen in expected["cameras"].items():
            found = job.points_in_image(frame, camera)
            assert found is not None
            assert found[0] == seen["points_in_image"]
            if "mean_uv" in seen:
                assert found[1] == pytest.approx(seen["mean_uv"], abs=within)


def test_a_real_delivery_equals_its_independent_truth(shared_data: Path) -> None:
    folder = shared_data / "deliveries" / "street"
    truth = json.loads((folder / "truth.json").read_text())["frames"]
    check_against_truth(open_path(folder), truth)


def test_a_small_delivery_equals_its_independent_truth(delivery: Path) -> None:
    check_against_truth(open_path(delivery), json.loads((delivery / "truth.json").read_text())["frames"])


def test_a_job_from_a_workspace_equals_the_delivery_with_the_service_gone(workspace: Workspace, delivery: Path) -> None:
    truth = json.loads((delivery / "truth.json").read_text())["frames"]
    original = open_path(delivery)
    pictures = [original.load_image(index, camera) for index in range(3) for camera in ("front", "left")]
    shutil.rmtree(delivery)
    job = open_workspace_job(workspace, "street")
    check_against_truth(job, truth)
    again = [job.load_image(index, camera) for index in range(3) for camera in ("front", "left")]
    assert all(np.array_equal(one, other) for one, other in zip(pictures, again, strict=True))
    assert job.job_id == identifier("street", "job")
    assert job.missing_urls == ()


# every form of a path


def test_a_workspace_with_one_job_is_that_job(workspace: Workspace) -> None:
    workspace.close()
    job = open_path(workspace.root)
    assert (job.name, len(job.sequence)) == ("street", 3)
    job.close()


@pytest.mark.parametrize("name", ["street", identifier("street", "job")])
def test_a_job_is_named_behind_its_workspace(workspace: Workspace, name: str) -> None:
    job = open_path(workspace.root / name)
    assert job.load_frame(0).mask is not None
    job.close()


def test_a_workspace_with_several_jobs_asks_which(workspace: Workspace, tmp_path: Path) -> None:
    other = FakeTelus(small_delivery(tmp_path / "other", name="other"))
    download_job(workspace, other, project_id="p", job_id=other.job.job_id, progress=Progress())
    with pytest.raises(InputError, match="2 jobs: street, other"):
        open_path(workspace.root)
    with pytest.raises(InputError, match="Fetch it first"):
        open_path(workspace.root / "unknown")


def test_a_workspace_without_a_job_says_so(tmp_path: Path) -> None:
    Workspace.open(tmp_path / "empty").close()
    with pytest.raises(InputError, match="no job"):
        open_path(tmp_path / "empty")


def test_a_job_whose_document_is_damaged_is_not_opened(workspace: Workspace) -> None:
    job = workspace.job("street")
    assert job is not None
    (workspace.root / "objects" / job.result_sha256[:2] / job.result_sha256).write_bytes(b"{")
    with pytest.raises(DamagedFileError, match="is damaged"):
        open_workspace_job(workspace, "street")


def test_a_result_document_finds_the_files_around_it(delivery: Path) -> None:
    (delivery / "result.json").rename(delivery / "job 7.json")
    job = open_path(delivery / "job 7.json")
    assert job.name == "street"
    assert job.load_frame(2).mask is not None


def test_a_result_document_may_be_wrapped_in_data(delivery: Path) -> None:
    document = delivery / "result.json"
    document.write_text(" \n" + json.dumps({"data": json.loads(document.read_text())}))
    assert open_path(document).load_frame(0).mask is not None


def test_the_older_form_takes_points_and_mask_from_one_cloud(tmp_path: Path) -> None:
    legend = [{"id": "1", "text": "Car # 1", "color": "rgb(1,2,3)", "label_key": 4, "value": "Car #1"}]
    (tmp_path / "result.json").write_text(json.dumps({"legend": legend, "url": "https://x.example/labelled.pcd"}))
    (tmp_path / "labelled.pcd").write_text(labelled_pcd([4, 0, 4]))
    frame = open_path(tmp_path).load_frame(0)
    assert frame.cloud is not None
    assert frame.label_counts == {0: 1, 4: 2}
    assert frame.legend.name(4) == "Car # 1"


def test_a_single_cloud_opens_with_and_without_a_mask(delivery: Path) -> None:
    cloud, mask = delivery / "files/lidar/000000.pcd", delivery / "files/masks/000000.txt"
    bare = open_path(cloud).load_frame(0)
    assert (len(bare.cloud or ()), bare.mask) == (POINTS, None)
    masked = open_path(cloud, mask=mask).load_frame(0)
    truth = json.loads((delivery / "truth.json").read_text())["frames"]["000000"]
    assert {str(key): count for key, count in masked.label_counts.items()} == truth["label_counts"]
    assert masked.record.frame_id == "000000"


def test_a_single_cloud_may_carry_its_mask(tmp_path: Path) -> None:
    (tmp_path / "labelled.pcd").write_text(labelled_pcd([7, 7, 2]))
    job = open_path(tmp_path / "labelled.pcd")
    assert job.load_frame(0).label_counts == {2: 1, 7: 2}
    assert "mask.missing" not in rules(job, 0)


def test_a_single_cloud_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.pcd").write_bytes(b"# .PCD v0.7\nFIELDS x y z\nnonsense")
    with pytest.raises(CloudFormatError):
        open_path(tmp_path / "broken.pcd")


def test_a_folder_of_clouds_is_a_sequence_in_the_order_of_its_numbers(tmp_path: Path, delivery: Path) -> None:
    clouds, masks = tmp_path / "clouds", tmp_path / "masks"
    clouds.mkdir()
    masks.mkdir()
    for source, number in (("000000", "10"), ("000001", "9"), ("000002", "100")):
        shutil.copy(delivery / f"files/lidar/{source}.pcd", clouds / f"scan{number}.PCD")
    shutil.copy(delivery / "files/masks/000000.txt", masks / "scan10.txt")
    job = open_path(clouds, mask=masks)
    assert [frame.frame_id for frame in job.sequence.frames] == ["scan9", "scan10", "scan100"]
    assert [job.load_frame(index).mask is not None for index in range(3)] == [False, True, False]


def test_clouds_in_folders_below_are_named_by_their_way_there(tmp_path: Path, delivery: Path) -> None:
    for place in ("day/2", "day/10", "night/2"):
        (tmp_path / "drive" / place).mkdir(parents=True)
        shutil.copy(delivery / "files/lidar/000000.pcd", tmp_path / "drive" / place / "scan.pcd")
    job = open_path(tmp_path / "drive")
    assert [frame.frame_id for frame in job.sequence.frames] == ["day/2/scan", "day/10/scan", "night/2/scan"]
    assert all(len(job.load_frame(index).cloud or ()) for index in range(3))


@pytest.mark.parametrize("name", ["nothing", "empty", "street/files/masks"])
def test_a_path_without_a_job_says_what_to_choose(tmp_path: Path, delivery: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        open_path(tmp_path / name)
    assert caught.value.next_step


def test_a_mask_goes_with_a_cloud_alone(delivery: Path) -> None:
    mask = delivery / "files/masks/000000.txt"
    for path in (delivery, delivery / "files/lidar"):
        with pytest.raises(InputError, match="mask"):
            open_path(path, mask=mask)
    with pytest.raises(InputError, match="no mask at"):
        open_path(delivery / "files/lidar/000000.pcd", mask=delivery / "none.txt")


# what is wrong is told, never painted


def test_a_mask_that_does_not_fit_is_never_painted(delivery: Path) -> None:
    (delivery / "files/masks/000001.txt").write_text("[1, 2, 3]")
    job = open_path(delivery)
    frame = job.load_frame(1)
    assert frame.mask is None
    assert frame.label_counts == {}
    assert rules(job, 1) >= {"mask.length"}
    assert job.load_frame(0).mask is not None


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ([1] * (POINTS - 1), "mask.length"),
        ([1] * (POINTS + 1), "mask.length"),
        ([], "mask.length"),
        ([16.5] * POINTS, "mask.unreadable"),
    ],
    ids=["short", "long", "empty", "fractions"],
)
def test_label_keys_that_do_not_fit_are_told_and_no_point_is_lost(delivery: Path, keys: list[Any], rule: str) -> None:
    (delivery / "files/masks/000001.txt").write_text(json.dumps(keys))
    job = open_path(delivery)
    frame = job.load_frame(1)
    assert (len(frame.cloud or ()), frame.mask, frame.label_counts) == (POINTS, None, {})
    (finding,) = [finding for finding in frame.findings if finding.rule == rule]
    assert finding.frame_id == "000001"
    if rule == "mask.length":
        assert f"{len(keys):,} label key" in finding.message
        assert f"{POINTS:,} points" in finding.message
    assert not rules(job, 0) & {"mask.length", "mask.unreadable"}


@pytest.mark.parametrize(
    "keys",
    [[-1] * POINTS, [65_536 + row for row in range(POINTS)], [1 << 40] * POINTS, [float(row) for row in range(POINTS)]],
    ids=["negative", "beyond every palette", "beyond 32 bits", "whole numbers written as floats"],
)
def test_label_keys_that_no_legend_has_are_kept_as_they_are(delivery: Path, keys: list[float]) -> None:
    (delivery / "files/masks/000001.txt").write_text(json.dumps(keys))
    job = open_path(delivery)
    frame = job.load_frame(1)
    assert frame.label_counts == Counter(map(int, keys))
    assert "legend.unmapped-keys" in rules(job, 1)
    assert frame.mask is not None
    assert frame.mask.label_keys.tolist() == keys


def test_a_mask_that_cannot_be_read_leaves_the_points(delivery: Path) -> None:
    (delivery / "files/masks/000001.txt").write_text("[1, 2, ")
    job = open_path(delivery)
    frame = job.load_frame(1)
    assert (len(frame.cloud or ()), frame.mask) == (POINTS, None)
    assert "mask.unreadable" in rules(job, 1)


def test_a_mask_of_absurd_size_is_not_read(delivery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.jobs.files.MAX_READ", 100)
    assert "mask.unreadable" in rules(open_path(delivery), 0)


def test_a_mask_without_its_cloud_is_not_kept(delivery: Path) -> None:
    (delivery / "files/lidar/000001.pcd").unlink()
    job = open_path(delivery)
    frame = job.load_frame(1)
    assert (frame.cloud, frame.mask) == (None, None)
    assert "scan.unreadable" in rules(job, 1)
    assert job.points_in_image(frame, "front") is None
    assert [job.has_frame(index) for index in range(3)] == [True, False, True]
    assert job.missing_urls == ("https://data.example/street/lidar/000001.pcd",)


def test_a_missing_and_a_broken_picture_are_told(delivery: Path) -> None:
    (delivery / "files/cameras/front/000000.jpg").unlink()
    (delivery / "files/cameras/left/000000.jpg").write_bytes(b"GIF89a")
    job = open_path(delivery)
    messages = " ".join(finding.message for finding in job.load_frame(0).findings if finding.rule == "image.unreadable")
    assert "front" in messages
    assert "left" in messages
    assert job.has_frame(0)
    with pytest.raises(InputError, match="is not here"):
        job.load_image(0, "front")
    with pytest.raises(ImageFormatError):
        job.load_image(0, "left")
    with pytest.raises(InputError, match="no picture"):
        job.load_image(0, "rear")


def test_addresses_in_the_document_never_leave_the_folder(delivery: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(json.dumps([1] * POINTS))
    rewrite(delivery, {"https://data.example/street/masks/000000.txt": "../outside.txt"})
    job = open_path(delivery)
    assert job.load_frame(0).mask is None
    assert job.missing_urls == ("../outside.txt",)


def test_a_signature_in_an_address_is_not_told(delivery: Path) -> None:
    rewrite(delivery, {"lidar/000000.pcd": "lidar/gone.pcd?X-Amz-Signature=CANARY"})
    findings = open_path(delivery).load_frame(0).findings
    assert any("gone.pcd" in finding.message for finding in findings)
    assert "CANARY" not in repr(findings)


def test_points_count_in_source_coordinates_and_only_finite_ones(delivery: Path) -> None:
    job = open_path(delivery)
    frame = job.load_frame(0)
    xyz = np.array([[5, 0, 0], [np.nan, 0, 0], [-5, 0, 0], [0.4, 0, 0]], dtype=np.float32)
    (delivery / "files/lidar/000000.pcd").write_bytes(pcd_bytes(xyz, np.zeros(4)))
    changed = job.load_frame(0)
    assert job.points_in_image(changed, "front") == (1, pytest.approx((IMAGE_SIZE[0] / 2, IMAGE_SIZE[1] / 2)))
    assert frame.cloud is not changed.cloud


# tracking


def test_boxes_of_a_delivery_are_in_pixels_of_its_pictures(delivery: Path) -> None:
    job = open_path(delivery)
    boxes = job.boxes(1, "front")
    assert [(box.label, box.track_id, box.x, box.height) for box in boxes.tracked] == [
        ("Car", 0, 24.0, 30.5),
        ("Pedestrian", 2, 118.0, 45.0),
    ]
    assert [box.score for box in boxes.detected] == [0.93, 0.5]
    assert [(track.camera, track.track_id, track.first, track.last, track.count) for track in job.tracks()] == [
        ("front", 0, 0, 2, 3),
        ("front", 2, 0, 2, 3),
        ("left", 0, 0, 2, 3),
        ("left", 2, 0, 2, 3),
    ]


def test_a_camera_without_results_has_no_boxes(delivery: Path) -> None:
    (delivery / "tracking/front.json").unlink()
    (delivery / "tracking/left.json").write_text("<html>")
    job = open_path(delivery)
    assert job.tracking("front") is None
    assert (job.tracking_of("front").problem, job.tracking_of("left").problem != "") == ("", True)
    for camera in ("front", "left"):
        assert job.boxes(0, camera).tracked == ()
    assert job.tracks() == ()


def stored_boxes(workspace: Workspace, link: CameraLink, answer: dict[str, Any]) -> LocalJob:
    job_id = identifier("street", "job")
    workspace.save_camera_links(job_id, [link])
    service = FakeEdgeImpulse([json.dumps(answer).encode()])
    download_tracking(workspace, service, link, progress=Progress())
    return open_workspace_job(workspace, job_id)


def test_a_link_brings_boxes_with_its_frame_offset(workspace: Workspace) -> None:
    link = CameraLink("front", 7, 11, "sample", 5, "int8", frame_offset=1)
    job = stored_boxes(workspace, link, tracking_answer(3))
    assert [box.x for box in job.boxes(0, "front").tracked] == [24.0, 118.0]
    assert job.boxes(2, "front").tracked == ()
    assert {(track.first, track.last) for track in job.tracks()} == {(-1, 1)}
    assert job.boxes(0, "left").tracked == ()


def test_ratios_are_spread_over_the_picture(workspace: Workspace) -> None:
    link = CameraLink("front", 7, 11, "sample", 5, "int8")
    answer = tracking_answer(1)
    for kind in ("objectTracking", "objectDetection"):
        for box in answer["results"][kind]["frames"][0]["objects"]:
            box |= {"x": 0.5, "y": 0.25, "width": 0.1, "height": 0.5}
    job = stored_boxes(workspace, link, answer)
    width, height = IMAGE_SIZE
    box = job.boxes(0, "front").tracked[0]
    assert (box.x, box.y, box.width, box.height) == pytest.approx((width / 2, height / 4, width / 10, height / 2))
    assert job.tracking_of("front").space is CoordinateSpace.RATIO


def test_a_new_link_shows_at_once(workspace: Workspace) -> None:
    link = CameraLink("front", 7, 11, "sample", 5, "int8")
    job = stored_boxes(workspace, link, tracking_answer(3))
    assert [box.x for box in job.boxes(0, "front").tracked] == [20.0, 120.0]
    moved = CameraLink("front", 7, 11, "sample", 5, "int8", frame_offset=2)
    workspace.save_camera_links(job.job_id, [moved])
    assert [box.x for box in job.boxes(0, "front").tracked] == [28.0, 116.0]


def test_files_that_arrive_while_the_job_is_open_are_seen(tmp_path: Path, delivery: Path) -> None:
    telus = FakeTelus(delivery)
    seen: Counter[int] = Counter()
    with Workspace.open(tmp_path / "ws") as workspace:

        def look(index: int) -> None:
            job = open_workspace_job(workspace, telus.job.job_id)
            assert job.has_frame(index)
            assert job.load_frame(index).mask is not None
            seen[index] += 1

        download_job(workspace, telus, project_id="p", job_id=telus.job.job_id, progress=Progress(), on_frame=look)
    assert set(seen) == {0, 1, 2}


def test_several_threads_read_one_job(workspace: Workspace) -> None:
    job = open_workspace_job(workspace, "street")
    found: list[object] = []

    def read(index: int) -> None:
        for _ in range(5):
            frame = job.load_frame(index)
            found.append((index, frame.mask is not None, len(job.boxes(index, "front").tracked)))

    threads = [threading.Thread(target=read, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted((index, True, 0) for index in range(3) for _ in range(5))


def labelled_pcd(keys: list[int]) -> str:
    header = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z label_key\nSIZE 4 4 4 4\nTYPE F F F F\n"
        f"COUNT 1 1 1 1\nWIDTH {len(keys)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(keys)}\nDATA ascii\n"
    )
    return header + "".join(f"{index} 0 0 {key}\n" for index, key in enumerate(keys))


def test_labels_are_counted_from_the_masks_alone(delivery: Path) -> None:
    truth = json.loads((delivery / "truth.json").read_text())["frames"]
    job = open_path(delivery)
    for scan in delivery.rglob("*.pcd"):
        scan.unlink()
    for index, frame in enumerate(job.sequence.frames):
        expected = {int(key): points for key, points in truth[frame.frame_id]["label_counts"].items() if points}
        assert dict(job.label_counts(index)) == expected
