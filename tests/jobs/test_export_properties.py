"""Whatever a cloud holds comes back from every kind of export."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypcd4
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from app.formats.clouds import read_cloud
from app.jobs.export import ExportFormat, ExportRequest, export_job
from app.progress import Progress
from tests.jobs.exported import job_of, pcd

DTYPES = ("<f4", "<f8", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8")
NAMES = ("intensity", "label", "frame", "xyz", "file", "Ü/..", "a:b")
HALF_A_MILLIMETRE = 0.0005
WIDEST = {"16 bits": (0, 65_535), "32 bits": (-(1 << 31), (1 << 31) - 1), "64 bits": (-(1 << 63), (1 << 63) - 1)}


@dataclass(frozen=True)
class Case:
    """One frame as its file has it."""

    xyz: NDArray[Any]
    columns: dict[str, NDArray[Any]]
    keys: list[int]

    @property
    def source(self) -> bytes:
        return pcd({**{axis: self.xyz[:, place] for place, axis in enumerate("xyz")}, **self.columns})


@st.composite
def cases(draw: st.DrawFn, *, survey: bool | None = None, keys: str = "64 bits") -> Case:
    points = draw(st.integers(0, 12))
    wide = draw(st.booleans()) if survey is None else survey
    near = st.floats(-900, 900, width=32) | st.sampled_from([np.nan, np.inf, -np.inf, -0.0])
    xyz = draw(arrays.arrays("<f4", (points, 3), elements=near))
    if wide:
        xyz = xyz.astype("<f8") + draw(st.sampled_from([(689_012.3456, 5_334_567.8912, 512.25), (0.0, -3e6, 0.0)]))
    columns = {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3)):
        shape = (points,) if draw(st.booleans()) else (points, 3)
        columns[name] = draw(arrays.arrays(draw(st.sampled_from(DTYPES)), shape))
    low, high = WIDEST[keys]
    return Case(xyz, columns, draw(st.lists(st.integers(low, high), min_size=points, max_size=points)))


def export(folder: Path, cases: list[Case], kind: ExportFormat, *, whole: bool = False) -> Path:
    job = job_of(folder / "job", [case.source for case in cases], [case.keys for case in cases])
    assert not export_job(job, ExportRequest(folder / "out", kind, whole=whole), Progress()).problems
    return folder / "out"


def assert_same_place(read: NDArray[Any], source: NDArray[Any]) -> None:
    """(N, 3): float32 comes back bit by bit; survey coordinates of finite points to half a millimetre."""
    if source.dtype == np.float32:
        np.testing.assert_array_equal(read, source)
        return
    np.testing.assert_array_equal(np.isnan(read), np.isnan(source))
    np.testing.assert_array_equal(np.isposinf(read), np.isposinf(source))
    finite = np.isfinite(source).all(axis=1)
    np.testing.assert_allclose(read[finite], source[finite], rtol=0, atol=HALF_A_MILLIMETRE)


def axes(records: NDArray[Any]) -> NDArray[Any]:
    return np.stack([records[axis] for axis in "xyz"], axis=1)


def column(read: NDArray[Any], name: str, width: int) -> NDArray[Any]:
    """A field as pypcd4 spreads it over several."""
    return read[name] if width == 1 else np.stack([read[f"{name}__{part:04d}"] for part in range(width)], axis=1)


@given(case=cases())
def test_pcd_as_an_independent_reader_sees_it(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = export(Path(folder), [case], ExportFormat.PCD) / "000000.pcd"
        read = pypcd4.PointCloud.from_path(path).pc_data
        with path.open("rb") as stream:
            ours = read_cloud(stream)
    assert_same_place(axes(read), case.xyz)
    assert_same_place(ours.xyz + ours.origin if ours.origin.any() else ours.xyz, case.xyz)
    assert read["label_key"].tolist() == ours.columns["label_key"].tolist() == case.keys
    for name, values in case.columns.items():
        written = name.replace("/", "_").replace(":", "_")
        found = column(read, written, 1 if values.ndim == 1 else 3)
        assert found.dtype == values.dtype
        assert found.tobytes() == values.tobytes() == ours.columns[written].tobytes()


@given(case=cases())
def test_npz_as_numpy_sees_it(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = export(Path(folder), [case], ExportFormat.NPZ) / "000000.npz"
        with np.load(path, allow_pickle=False) as read:
            assert read["xyz"].dtype == np.float64
            assert_same_place(read["xyz"], case.xyz)
            assert read["label_key"].tolist() == case.keys
            others = [name for name in read.files if not name.startswith(("legend_", "frame_id"))]
            found = sorted(read[name].tobytes() for name in others if name not in ("xyz", "label_key"))
    assert found == sorted(values.tobytes() for values in case.columns.values())


@given(case=cases(keys="16 bits"))
def test_semantic_kitti_as_numpy_sees_it(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = export(Path(folder), [case], ExportFormat.SEMANTIC_KITTI)
        points = np.fromfile(out / "velodyne" / "000000.bin", "<f4").reshape(-1, 4)
        labels = np.fromfile(out / "labels" / "000000.label", "<u4")
        with (Path(folder) / "job" / "0.cloud").open("rb") as stream:
            origin = read_cloud(stream).origin
    assert labels.tolist() == case.keys
    assert_same_place(points[:, :3].astype(np.float64) + origin if origin.any() else points[:, :3], case.xyz)
    strength = case.columns.get("intensity")
    expected = np.zeros(len(points)) if strength is None or strength.ndim > 1 else strength
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(points[:, 3], expected.astype("<f4"))


@given(frames=st.lists(cases(survey=False, keys="32 bits") | cases(survey=True), min_size=1, max_size=4))
def test_a_whole_is_its_frames_one_after_the_other(frames: list[Case]) -> None:
    frames = [Case(frame.xyz, {}, frame.keys) for frame in frames]
    keys = [key for frame in frames for key in frame.keys]
    numbers = [number for number, frame in enumerate(frames) for _ in frame.keys]
    with tempfile.TemporaryDirectory() as folder:
        path = export(Path(folder) / "pcd", frames, ExportFormat.PCD, whole=True) / "cloud.pcd"
        read = pypcd4.PointCloud.from_path(path).pc_data
        npz = export(Path(folder) / "npz", frames, ExportFormat.NPZ, whole=True) / "cloud.npz"
        with np.load(npz, allow_pickle=False) as loaded:
            xyz, offsets, npz_keys = loaded["xyz"], loaded["frame_offsets"], loaded["label_key"]
    assert read["frame"].tolist() == numbers
    assert read["label_key"].tolist() == npz_keys.tolist() == keys
    for number, frame in enumerate(frames):
        rows = slice(offsets[number], offsets[number + 1])
        assert_same_place(xyz[rows], frame.xyz)
        assert_same_place(axes(read)[rows], frame.xyz)
