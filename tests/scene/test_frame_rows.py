import numpy as np
import pytest

from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.frame_rows import STANDING_BACK, split_rows, standing_back
from app.scene.prepared import prepare_cloud

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())


def cloud(xyz):
    return PointCloud(np.asarray(xyz, dtype=np.float32), np.zeros(3), {}, SOURCE)


@pytest.mark.parametrize("keys", [2, 200, 300])
@pytest.mark.parametrize("broken", [0, 7])
def test_every_point_keeps_its_key_and_is_told_to_be_of_another_frame(keys, broken):
    random = np.random.default_rng(keys + broken)
    label_keys = random.integers(0, keys, size=2000).astype(np.uint16)
    xyz = random.uniform(-5, 5, size=(2000, 3))
    xyz[random.choice(2000, broken, replace=False)] = np.nan
    other = random.random(2000) < 0.7
    prepared = prepare_cloud(cloud(xyz), Mask(label_keys))
    split = split_rows(prepared, other=other)
    rows = split.label_index.astype(int)
    np.testing.assert_array_equal(np.array(split.label_keys)[rows], label_keys)
    np.testing.assert_array_equal(rows >= len(split.label_keys) // 2, other)
    finite = np.isfinite(xyz).all(axis=1)
    np.testing.assert_array_equal(split.points_per_row, np.bincount(rows[finite], minlength=len(split.label_keys)))
    assert split.label_index.dtype == prepared.label_index.dtype
    assert split.xyz is prepared.xyz


def test_a_cloud_without_a_mask_stays_as_it_is():
    prepared = prepare_cloud(cloud(np.zeros((3, 3))), None)
    assert split_rows(prepared, other=np.array([False, True, True])) is prepared


def test_the_second_half_of_the_table_stands_back_and_hidden_stays_hidden():
    table = np.array([[200, 0, 0, 255], [0, 100, 0, 0]] * 2, dtype=np.uint8)
    colors = standing_back(table, (20, 20, 20))
    np.testing.assert_array_equal(colors[:2], table[:2])
    assert colors[2].tolist() == [round(200 * (1 - STANDING_BACK) + 20 * STANDING_BACK), 11, 11, 255]
    assert colors[3, 3] == 0
    assert table[2].tolist() == [200, 0, 0, 255]
