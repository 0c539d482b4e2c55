"""Exports hold the points of their job: order, number, coordinates, columns and label keys."""

import errno
import io
import json
import os
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.camera import Camera, CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.errors import InputError, WorkspaceError
from app.formats.clouds import read_cloud
from app.jobs import LocalJob, open_path
from app.jobs.export import ExportFormat, ExportRequest, ExportSummary, export_job
from app.progress import Cancelled, Progress, Step
from tests.builders import small_delivery
from tests.jobs.exported import EASY, job_of, manifest, names, pcd, read_with_pypcd4

UTM = {"x": 689_012.3456 + np.arange(4) / 1000, "y": 5_334_567.8912 - np.arange(4) / 1000, "z": np.full(4, 512.25)}
PINHOLE = Intrinsics(CameraModel.BROWN_CONRADY, fx=500.0, fy=510.0, cx=320.0, cy=240.0)
EVERY_KIND = [(kind, whole) for kind in ExportFormat for whole in (False, True) if not whole or kind.can_be_whole]


def export(job: LocalJob, folder: Path, kind: ExportFormat = ExportFormat.PCD, **request: object) -> ExportSummary:
    return export_job(job, ExportRequest(folder, kind, **request), Progress())  # type: ignore[arg-type]


def test_pcd_keeps_columns_types_order_and_points_that_are_not_finite(tmp_path: Path) -> None:
    columns = {
        "x": np.array([1, np.nan, np.inf, -0.0], "<f4"),
        "intensity": np.array([3, 1, 4, 1], "<u2"),
        "y": np.array([5, 5, np.nan, 5], "<f4"),
        "z": np.array([1, 2, 3, 4], "<f4"),
        "normal": np.arange(12, dtype="<f8").reshape(4, 3),
        "ring": np.array([-1, 2, -3, 4], "i1"),
    }
    summary = export(job_of(tmp_path / "job", [pcd(columns)], [[11, 1, 0, 11]]), tmp_path / "out")
    read = read_with_pypcd4(tmp_path / "out" / "000000.pcd")
    assert (summary.frames, summary.points, summary.problems) == (1, 4, ())
    assert read.metadata.version == "0.7"
    for name in ("x", "y", "z", "intensity", "ring"):
        np.testing.assert_array_equal(read.pc_data[name], columns[name])
        assert read.pc_data[name].dtype == columns[name].dtype
    np.testing.assert_array_equal(read.pc_data["normal__0002"], columns["normal"][:, 2])
    np.testing.assert_array_equal(read.pc_data["label_key"], np.array([11, 1, 0, 11], np.uint16))
    assert read.pc_data["label_key"].dtype == np.uint16


def test_an_organised_cloud_stays_organised_and_keeps_its_viewpoint(tmp_path: Path) -> None:
    viewpoint = (0.1, -2.0, 3e-7, 0.5, 0.5, 0.5, 0.5)
    source = pcd(EASY, width=2, height=2, viewpoint=viewpoint)
    export(job_of(tmp_path / "job", [source], [[1, 1, 1, 1]]), tmp_path / "out")
    read = read_with_pypcd4(tmp_path / "out" / "000000.pcd").metadata
    assert (read.width, read.height, read.points, read.viewpoint) == (2, 2, 4, viewpoint)


@pytest.mark.parametrize(("keys", "dtype"), [([0, 65_535], "u2"), ([-1, 70_000], "i4"), ([1 << 40, -5], "i8")])
def test_label_keys_have_the_narrowest_type_that_holds_them(tmp_path: Path, keys: list[int], dtype: str) -> None:
    export(job_of(tmp_path / "job", [pcd({k: v[:2] for k, v in EASY.items()})], [keys]), tmp_path / "out")
    read = read_with_pypcd4(tmp_path / "out" / "000000.pcd").pc_data["label_key"]
    assert (read.dtype, read.tolist()) == (np.dtype(dtype), keys)


def test_survey_coordinates_are_written_in_eight_bytes_to_the_millimetre(tmp_path: Path) -> None:
    export(job_of(tmp_path / "job", [pcd(UTM)], [[1] * 4]), tmp_path / "pcd")
    read = read_with_pypcd4(tmp_path / "pcd" / "000000.pcd").pc_data
    export(job_of(tmp_path / "job", [pcd(UTM)], [[1] * 4]), tmp_path / "npz", ExportFormat.NPZ)
    with np.load(tmp_path / "npz" / "000000.npz", allow_pickle=False) as arrays:
        xyz = arrays["xyz"]
    assert xyz.dtype == np.float64
    for place, axis in enumerate("xyz"):
        assert read[axis].dtype == np.float64
        np.testing.assert_allclose(read[axis], UTM[axis], rtol=0, atol=0.0005)
        np.testing.assert_array_equal(xyz[:, place], read[axis])


def test_semantic_kitti_is_relative_to_an_origin_that_the_manifest_states(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [pcd(UTM)], [[1] * 4], world_from_ego=Pose.identity())
    summary = export(job, tmp_path / "out", ExportFormat.SEMANTIC_KITTI)
    points = np.fromfile(tmp_path / "out" / "velodyne" / "000000.bin", "<f4").reshape(-1, 4)
    origin = np.array(manifest(tmp_path / "out")["frames"][0]["origin"])
    for place, axis in enumerate("xyz"):
        np.testing.assert_allclose(points[:, place] + origin[place], UTM[axis], rtol=0, atol=0.0005)
    assert any("origin" in note for note in summary.notes)
    assert "poses.txt" not in names(tmp_path / "out")  # the vehicle's poses say nothing about survey coordinates


def test_semantic_kitti_has_remission_labels_poses_and_linear_cameras(tmp_path: Path) -> None:
    delivery = small_delivery(tmp_path / "job", frames=2, points=50)
    with closing(open_path(delivery)) as job:
        export(job, tmp_path / "out", ExportFormat.SEMANTIC_KITTI)
    assert names(tmp_path / "out") == {
        *(f"velodyne/00000{number}.bin" for number in range(2)),
        *(f"labels/00000{number}.label" for number in range(2)),
        *("poses.txt", "calib.txt", "legend.yaml", "export.json"),
    }
    written = np.fromfile(tmp_path / "out" / "velodyne" / "000001.bin", "<f4").reshape(-1, 4)
    source = (delivery / "files" / "lidar" / "000001.pcd").read_bytes().partition(b"DATA binary\n")[2]
    assert written.tobytes() == source
    labels = np.fromfile(tmp_path / "out" / "labels" / "000001.label", "<u4")
    assert labels.tolist() == json.loads((delivery / "files" / "masks" / "000001.txt").read_text())
    poses = np.loadtxt(tmp_path / "out" / "poses.txt").reshape(-1, 3, 4)
    np.testing.assert_array_equal(poses, [np.eye(3, 4)] * 2)


def test_a_calibration_projects_where_the_program_projects(tmp_path: Path) -> None:
    with closing(open_path(small_delivery(tmp_path / "job", frames=1, points=2000, cameras=("front", "left")))) as job:
        export(job, tmp_path / "out", ExportFormat.SEMANTIC_KITTI)
        expected = [job.points_in_image(job.load_frame(0), camera) for camera in job.cameras]
        size = job.image_size(0, "front")
    assert manifest(tmp_path / "out")["cameras"] == {"P0": "front", "P1": "left"}
    lines = dict(line.split(": ") for line in (tmp_path / "out" / "calib.txt").read_text().splitlines())
    points = np.fromfile(tmp_path / "out" / "velodyne" / "000000.bin", "<f4").reshape(-1, 4).astype(float)
    points[:, 3] = 1
    assert np.array_equal(np.array(lines["Tr"].split(), float).reshape(3, 4), np.eye(3, 4))
    for name, seen in zip(("P0", "P1"), expected, strict=True):
        u, v, depth = np.array(lines[name].split(), float).reshape(3, 4) @ points.T
        inside = (depth > 0.5) & (u >= 0) & (u < size[0] * depth) & (v >= 0) & (v < size[1] * depth)
        assert seen is not None
        assert np.count_nonzero(inside) == seen[0] > 0


def test_a_bent_lens_is_left_out_of_the_calibration_and_that_is_said(tmp_path: Path) -> None:
    bent = Intrinsics(CameraModel.BROWN_CONRADY, 500.0, 500.0, 320.0, 240.0, distortion=(0.1,))
    job = job_of(tmp_path / "job", [pcd(EASY)], [[1] * 4], cameras=(Camera("front", "1", bent),))
    summary = export(job, tmp_path / "out", ExportFormat.SEMANTIC_KITTI)
    assert (tmp_path / "out" / "calib.txt").read_text().startswith("Tr: ")
    assert any("front" in note and "calib.txt" in note for note in summary.notes)


def test_a_missing_intensity_becomes_zero_and_that_is_said(tmp_path: Path) -> None:
    summary = export(job_of(tmp_path / "job", [pcd(EASY)], [[1] * 4]), tmp_path / "out", ExportFormat.SEMANTIC_KITTI)
    assert not np.fromfile(tmp_path / "out" / "velodyne" / "000000.bin", "<f4")[3::4].any()
    assert any("remission is 0" in note for note in summary.notes)


@pytest.mark.parametrize("keys", [[-1, 1, 1, 1], [1, 1, 65_536, 1]])
def test_label_keys_that_16_bits_cannot_hold_are_refused_by_name(tmp_path: Path, keys: list[int]) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY), pcd(EASY)], [[65_535] * 4, keys])
    with pytest.raises(InputError) as refused:
        export(job, tmp_path / "out", ExportFormat.SEMANTIC_KITTI)
    wrong = next(key for key in keys if not 0 <= key <= 65_535)
    assert str(wrong) in refused.value.message
    assert "../b" in refused.value.message
    assert not (tmp_path / "out").exists()


def test_an_npz_has_every_array_and_needs_no_pickle(tmp_path: Path) -> None:
    columns = {**EASY, "file": np.arange(4, dtype="<i8"), "xyz": np.arange(4, dtype="u1")}
    export(job_of(tmp_path / "job", [pcd(columns)], [[11, 1, 0, 11]]), tmp_path / "out", ExportFormat.NPZ)
    with np.load(tmp_path / "out" / "000000.npz", allow_pickle=False) as arrays:
        assert arrays["xyz"].tolist() == [[x, 0, 1] for x in range(4)]
        assert arrays["label_key"].tolist() == [11, 1, 0, 11]
        assert arrays["file"].dtype == np.int64
        assert arrays["xyz_2"].tolist() == [0, 1, 2, 3]
        assert str(arrays["frame_id"]) == "../a"
        assert arrays["legend_label_key"].tolist() == [1, 11]
        assert arrays["legend_text"].tolist() == ["Ground", "Car # 1"]
        assert arrays["legend_color"].tolist() == [[71, 153, 193], [220, 60, 40]]


@pytest.mark.parametrize("kind", [ExportFormat.PCD, ExportFormat.NPZ])
def test_a_whole_is_all_frames_in_order_each_in_its_own_coordinates(tmp_path: Path, kind: ExportFormat) -> None:
    ring = {"ring": np.arange(4, dtype="<u2")}
    job = job_of(tmp_path / "job", [pcd({**EASY, **ring}), pcd({**UTM, **ring})], [[1, 2, 3, 4], [70_000] * 4])
    summary = export(job, tmp_path / "out", kind, whole=True)
    assert (summary.frames, summary.points, summary.problems) == (2, 8, ())
    if kind is ExportFormat.PCD:
        read = read_with_pypcd4(tmp_path / "out" / "cloud.pcd").pc_data
        xyz = np.stack([read[axis] for axis in "xyz"], axis=1)
        assert read["frame"].tolist() == [0] * 4 + [1] * 4
    else:
        read = np.load(tmp_path / "out" / "cloud.npz", allow_pickle=False)
        xyz = read["xyz"]
        assert read["frame_offsets"].tolist() == [0, 4, 8]
        assert read["frame_id"].tolist() == ["../a", "../b"]
    np.testing.assert_array_equal(xyz[:4], np.stack([EASY[axis] for axis in "xyz"], axis=1))
    np.testing.assert_allclose(xyz[4:], np.stack([UTM[axis] for axis in "xyz"], axis=1), rtol=0, atol=0.0005)
    assert read["label_key"].tolist() == [1, 2, 3, 4] + [70_000] * 4
    assert read["ring"].tolist() == [0, 1, 2, 3] * 2
    if kind is ExportFormat.NPZ:
        read.close()


@pytest.mark.parametrize("kind", [ExportFormat.PCD, ExportFormat.NPZ])
def test_a_whole_leaves_out_columns_that_not_every_frame_has_and_says_so(tmp_path: Path, kind: ExportFormat) -> None:
    odd = [{"ring": np.zeros(4, "<u2"), "same": np.ones(4, "<f4")}, {"same": np.ones(4, "<f4")}]
    job = job_of(tmp_path / "job", [pcd({**EASY, **columns}) for columns in odd], [[1] * 4] * 2)
    summary = export(job, tmp_path / "out", kind, whole=True)
    assert ["ring" in problem.message for problem in summary.problems] == [True]
    if kind is ExportFormat.PCD:
        assert read_with_pypcd4(tmp_path / "out" / "cloud.pcd").fields == ("x", "y", "z", "same", "label_key", "frame")
    else:
        with np.load(tmp_path / "out" / "cloud.npz") as arrays:
            assert "same" in arrays
            assert "ring" not in arrays


def test_points_of_a_frame_without_a_mask_are_unlabelled_in_a_whole(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)] * 2, [[7] * 4, [7] * 3])
    summary = export(job, tmp_path / "out", whole=True)
    assert read_with_pypcd4(tmp_path / "out" / "cloud.pcd").pc_data["label_key"].tolist() == [7] * 4 + [-1] * 4
    assert [problem.frame_id for problem in summary.problems] == ["../b"]
    assert any("-1" in note for note in summary.notes)


@pytest.mark.parametrize(("kind", "whole"), EVERY_KIND)
def test_a_frame_whose_mask_does_not_fit_goes_without_labels_and_that_is_a_problem(
    tmp_path: Path, kind: ExportFormat, whole: bool
) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)] * 2, [[1] * 4, [1] * 5])
    summary = export(job, tmp_path / "out", kind, whole=whole)
    (problem,) = summary.problems
    assert problem.frame_id == "../b"
    assert "without labels" in problem.message
    assert "5 label keys" in problem.message
    assert [frame["labelled"] for frame in manifest(tmp_path / "out")["frames"]] == [True, False]
    assert "labels/000001.label" not in names(tmp_path / "out")


@pytest.mark.parametrize(("kind", "whole"), EVERY_KIND)
def test_a_frame_without_a_cloud_is_left_out_and_the_numbers_stay_without_gaps(
    tmp_path: Path, kind: ExportFormat, whole: bool
) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY), None, pcd(EASY)], [[1] * 4] * 3)
    summary = export(job, tmp_path / "out", kind, whole=whole)
    assert [(problem.frame_id, "Not exported" in problem.message) for problem in summary.problems] == [("../b", True)]
    frames = manifest(tmp_path / "out")["frames"]
    assert [(frame["number"], frame["position"], frame["frame_id"]) for frame in frames] == [
        (0, 0, "../a"),
        (1, 2, "../c"),
    ]


def test_a_loose_cloud_is_complete_without_a_mask(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)], [None], mask_expected=False)
    assert export(job, tmp_path / "out").problems == ()
    assert read_with_pypcd4(tmp_path / "out" / "000000.pcd").fields == ("x", "y", "z")


def test_a_missing_mask_that_is_expected_is_a_problem(tmp_path: Path) -> None:
    (problem,) = export(job_of(tmp_path / "job", [pcd(EASY)], [None]), tmp_path / "out").problems
    assert "no mask" in problem.message


def test_a_mask_inside_of_the_cloud_appears_once(tmp_path: Path) -> None:
    source = tmp_path / "clouds" / "a.pcd"
    source.parent.mkdir()
    source.write_bytes(pcd({**EASY, "label_key": np.array([3, 1, 4, 1], "<f4")}))
    with closing(open_path(source)) as job:
        export(job, tmp_path / "out")
    read = read_with_pypcd4(tmp_path / "out" / "000000.pcd")
    assert read.fields == ("x", "y", "z", "label_key")
    assert read.pc_data["label_key"].tolist() == [3, 1, 4, 1]
    assert read.pc_data["label_key"].dtype == np.uint16


def test_a_label_column_beside_another_mask_gets_a_name_of_its_own(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [pcd({**EASY, "label_key": np.full(4, 9, "<i4")})], [[1, 2, 3, 4]])
    export(job, tmp_path / "out")
    read = read_with_pypcd4(tmp_path / "out" / "000000.pcd").pc_data
    assert (read["label_key"].tolist(), read["label_key_2"].tolist()) == ([1, 2, 3, 4], [9] * 4)


def test_chosen_frames_come_in_play_order_and_each_once(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)] * 4, [[1] * 4] * 4)
    assert export(job, tmp_path / "out", frames=(3, 1, 3)).frames == 2
    assert [frame["frame_id"] for frame in manifest(tmp_path / "out")["frames"]] == ["../b", "../d"]


def test_file_names_never_come_from_the_job(tmp_path: Path) -> None:
    export(job_of(tmp_path / "job", [pcd(EASY)], [[1] * 4]), tmp_path / "out")
    assert names(tmp_path) == {
        *("job/0.cloud", "job/0.mask"),
        *("out/000000.pcd", "out/export.json", "out/legend.yaml"),
    }


def test_a_frame_that_is_not_there_and_a_job_without_clouds_are_refused(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [None], [[1]])
    with pytest.raises(InputError, match="no frame 5"):
        export(job, tmp_path / "out", frames=(5,))
    for kind, whole in EVERY_KIND:
        with pytest.raises(InputError, match="No frame"):
            export(job, tmp_path / "out", kind, whole=whole)
    assert not (tmp_path / "out").exists()


def test_semantic_kitti_cannot_be_one_file(tmp_path: Path) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)], [[1] * 4])
    with pytest.raises(InputError, match="one file per frame"):
        export(job, tmp_path / "out", ExportFormat.SEMANTIC_KITTI, whole=True)


@pytest.mark.parametrize(("kind", "whole"), EVERY_KIND)
def test_a_cancelled_export_leaves_nothing_at_any_step(tmp_path: Path, kind: ExportFormat, whole: bool) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)] * 3, [[1] * 4] * 3)
    steps: list[Step] = []
    export_job(job, ExportRequest(tmp_path / "whole", kind, whole=whole), Progress(steps.append))
    assert (steps[-1].done, steps[-1].total) == (steps[-1].total, 6 if whole else 3)
    for stop in range(len(steps)):
        with pytest.raises(Cancelled):
            export_job(job, ExportRequest(tmp_path / "deep" / "out", kind, whole=whole), cancelled_at(stop))
        assert not (tmp_path / "deep").exists()


def cancelled_at(step: int) -> Progress:
    """A progress that somebody cancels while the given step is shown."""
    seen: list[Step] = []

    def publish(said: Step) -> None:
        seen.append(said)
        if len(seen) > step:
            progress.cancel()
            progress.check()

    progress = Progress(publish)
    return progress


@pytest.mark.parametrize(("kind", "whole"), EVERY_KIND)
def test_a_full_disk_is_named_and_leaves_the_earlier_export_as_it_was(
    tmp_path: Path, kind: ExportFormat, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)] * 2, [[1] * 4] * 2)
    target = tmp_path / "out"
    export(job, target)
    before = {name: (target / name).read_bytes() for name in names(target)}
    calls = 0

    def full(_descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="disk is full"):
        export(job, target, kind, whole=whole, replace=True)
    assert {name: (target / name).read_bytes() for name in names(target)} == before


def test_a_job_that_is_closed_meanwhile_is_exported_to_its_end(tmp_path: Path) -> None:
    closed: list[str] = []
    inner = job_of(tmp_path / "job", [pcd(EASY)] * 2, [[1] * 4] * 2)
    job = LocalJob("street", inner.sequence, inner.files, on_close=lambda: closed.append("closed"))

    def publish(step: Step) -> None:
        if step.done == 1:
            job.close()
            assert not closed

    assert export_job(job, ExportRequest(tmp_path / "out", ExportFormat.PCD), Progress(publish)).frames == 2
    assert closed == ["closed"]
    with pytest.raises(InputError, match="closed"):
        export(job, tmp_path / "again")


@pytest.mark.parametrize("kind", [ExportFormat.PCD, ExportFormat.NPZ])
@pytest.mark.parametrize(
    ("cloud", "keys"),
    [
        ({name: axis[:3] for name, axis in EASY.items()}, [1] * 3),
        ({name: axis[:3] for name, axis in EASY.items()}, [1] * 4),
        (EASY, [70_000] * 4),
        ({**EASY, "ring": np.zeros(4, "u1")}, [1] * 4),
        (UTM, [1] * 4),
    ],
    ids=["fewer points", "a mask that no longer fits", "wider keys", "another type", "other coordinates"],
)
def test_a_file_that_changes_between_looking_and_writing_is_no_export(
    tmp_path: Path, kind: ExportFormat, cloud: dict[str, NDArray[Any]], keys: list[int]
) -> None:
    job = job_of(tmp_path / "job", [pcd({**EASY, "ring": np.zeros(4, "<u2")})], [[1] * 4])

    def publish(step: Step) -> None:
        if step.done == 1:
            (tmp_path / "job" / "0.cloud").write_bytes(pcd(cloud))
            (tmp_path / "job" / "0.mask").write_text(json.dumps(keys))

    with pytest.raises(InputError, match="changed"):
        export_job(job, ExportRequest(tmp_path / "out", kind, whole=True), Progress(publish))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("whole", [False, True])
def test_the_same_job_gives_the_same_bytes(tmp_path: Path, whole: bool) -> None:
    job = job_of(tmp_path / "job", [pcd(EASY)] * 2, [[1] * 4] * 2)
    for kind in (ExportFormat.PCD, ExportFormat.NPZ):
        for folder in ("a", "b"):
            export(job, tmp_path / kind / folder, kind, whole=whole)
        first, second = (
            {name: (tmp_path / kind / f / name).read_bytes() for name in names(tmp_path / kind / f)} for f in "ab"
        )
        assert first == second


@pytest.mark.parametrize(("kind", "whole"), EVERY_KIND)
def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path, kind: ExportFormat, whole: bool) -> None:
    cloud = pcd({name: np.zeros(60_000, np.float32) for name in ("x", "y", "z", "intensity")})
    job = job_of(tmp_path / "job", [cloud] * 12, [[1] * 60_000] * 12)

    def peak(frames: int) -> int:
        tracemalloc.start()
        export(job, tmp_path / str(frames), kind, frames=tuple(range(frames)), whole=whole)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    export(job, tmp_path / "warm", kind, frames=(0,), whole=whole)
    assert peak(12) < 1.2 * peak(2)


def test_the_real_street_comes_back_point_by_point(tmp_path: Path, shared_data: Path) -> None:
    street = shared_data / "deliveries" / "street"
    with closing(open_path(street)) as job:
        export(job, tmp_path / "pcd")
        export(job, tmp_path / "kitti", ExportFormat.SEMANTIC_KITTI)
        export(job, tmp_path / "whole", whole=True)
        frames = [job.load_frame(index) for index in range(len(job.sequence))]
    whole = read_cloud(io.BytesIO((tmp_path / "whole" / "cloud.pcd").read_bytes()))
    for number, frame in enumerate(frames):
        assert frame.cloud is not None
        assert frame.mask is not None
        cloud = read_cloud(io.BytesIO((tmp_path / "pcd" / f"{number:06d}.pcd").read_bytes()))
        assert cloud.xyz.tobytes() == frame.cloud.xyz.tobytes()
        assert {name: column.tolist() for name, column in cloud.columns.items()} == {
            **{name: column.tolist() for name, column in frame.cloud.columns.items()},
            "label_key": frame.mask.label_keys.tolist(),
        }
        points = np.fromfile(tmp_path / "kitti" / "velodyne" / f"{number:06d}.bin", "<f4").reshape(-1, 4)
        assert points[:, :3].tobytes() == frame.cloud.xyz.tobytes()
        labels = np.fromfile(tmp_path / "kitti" / "labels" / f"{number:06d}.label", "<u4")
        np.testing.assert_array_equal(labels, frame.mask.label_keys)
        rows = whole.columns["frame"] == number
        assert whole.xyz[rows].tobytes() == frame.cloud.xyz.tobytes()
