"""What is exported opens again: the same points, label keys and names."""

from pathlib import Path

import numpy as np
import pytest

from app.jobs import LocalJob, open_path
from app.jobs.export import ExportFormat, ExportRequest, export_job
from app.progress import Progress
from tests.builders import small_delivery
from tests.jobs.dataset_folders import semantic_kitti


def check_equal(job: LocalJob, again: LocalJob) -> None:
    assert len(again.sequence) == len(job.sequence)
    for index in range(len(job.sequence)):
        one, other = job.load_frame(index), again.load_frame(index)
        assert one.cloud is not None
        assert other.cloud is not None
        np.testing.assert_allclose(other.cloud.xyz + other.cloud.origin, one.cloud.xyz + one.cloud.origin, rtol=1e-6)
        assert one.mask is not None
        assert other.mask is not None
        np.testing.assert_array_equal(other.mask.label_keys, one.mask.label_keys)
        names = [{key: frame.legend.name(key) for key in frame.label_counts} for frame in (one, other)]
        assert names[0] == names[1]
    assert not [finding for finding in again.sequence.findings if finding.rule == "layout.damaged"]


@pytest.mark.parametrize("form", ExportFormat)
def test_an_exported_delivery_opens_again(tmp_path: Path, form: ExportFormat) -> None:
    job = open_path(small_delivery(tmp_path / "street", points=300))
    export_job(job, ExportRequest(tmp_path / "out", form), Progress())
    check_equal(job, open_path(tmp_path / "out"))


@pytest.mark.parametrize("form", ExportFormat)
def test_an_exported_dataset_keeps_its_instances(tmp_path: Path, form: ExportFormat) -> None:
    job = open_path(semantic_kitti(tmp_path / "00"))
    export_job(job, ExportRequest(tmp_path / "out", form), Progress())
    check_equal(job, open_path(tmp_path / "out"))


def test_an_exported_dataset_keeps_its_times(tmp_path: Path) -> None:
    job = open_path(semantic_kitti(tmp_path / "00"))
    export_job(job, ExportRequest(tmp_path / "out", ExportFormat.SEMANTIC_KITTI), Progress())
    again = open_path(tmp_path / "out")
    assert [frame.time_s for frame in again.sequence.frames] == [frame.time_s for frame in job.sequence.frames]
