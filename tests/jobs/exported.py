"""Small jobs to export, from clouds and label keys in memory, and independent readers of what came out."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypcd4
from numpy.typing import NDArray

from app.domain.camera import Camera
from app.domain.legend import Legend, LegendEntry
from app.domain.sequence import Sequence as FrameSequence
from app.domain.sequence import SequenceFrame
from app.formats.pcd_write import pcd_header, pcd_record, pcd_records
from app.jobs import LocalJob
from app.workspace.delivery import LooseFiles

LEGEND = Legend((LegendEntry(1, "Ground", "Ground", (71, 153, 193)), LegendEntry(11, "Car # 1", "Car", (220, 60, 40))))
EASY = {"x": np.arange(4, dtype="<f4"), "y": np.zeros(4, "<f4"), "z": np.ones(4, "<f4")}


def pcd(columns: Mapping[str, NDArray[Any]], **header: Any) -> bytes:
    """A binary PCD; ``header`` may give width, height and viewpoint."""
    record = pcd_record(columns)
    points = len(next(iter(columns.values())))
    return pcd_header(record, **{"width": points, **header}) + pcd_records(columns, record).tobytes()


def job_of(
    folder: Path,
    clouds: Sequence[bytes | None],
    masks: Sequence[Sequence[int] | None],
    *,
    cameras: tuple[Camera, ...] = (),
    **frame: Any,
) -> LocalJob:
    """A job whose frames are named ``../a``, ``../b``, …; None is a file that is not here, or no mask at all."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, frames = {}, []
    for number, (cloud, keys) in enumerate(zip(clouds, masks, strict=True)):
        scan, mask = folder / f"{number}.cloud", folder / f"{number}.mask"
        if cloud is not None:
            scan.write_bytes(cloud)
        if keys is not None:
            mask.write_text(json.dumps(list(keys)))
        paths |= {f"scan/{number}": scan, f"mask/{number}": mask}
        mask_url = "" if keys is None else f"mask/{number}"
        frame_id = f"../{chr(ord('a') + number)}"
        frames.append(SequenceFrame(frame_id, f"scan/{number}", mask_url, **{"legend": LEGEND, **frame}))
    return LocalJob("street", FrameSequence(tuple(frames), cameras), LooseFiles(paths))


def read_with_pypcd4(path: Path) -> pypcd4.PointCloud:
    return pypcd4.PointCloud.from_path(path)


def names(folder: Path) -> set[str]:
    """Every file below the folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    return document
