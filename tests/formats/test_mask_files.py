"""Masks in files of other programs: bare uint32, NumPy arrays, and clouds that carry their keys."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MaskFormatError
from app.formats.masks import decode_mask, is_cloud_with_keys, looks_like_mask
from app.formats.semantic_kitti import CLASSES, SEMANTIC_KITTI_LEGEND
from tests.formats.cloud_files import KINDS, las, npy, npz, ply, scan, stacked

KEYS = [0, 10, (4 << 16) | 10, (65_535 << 16) | 259, 81]


@given(st.lists(st.integers(0, (1 << 32) - 1), max_size=40))
def test_bare_keys_are_kept_whole(keys: list[int]) -> None:
    mask = decode_mask(np.array(keys, "<u4").tobytes(), name="000000.label")
    assert mask.label_keys.tolist() == keys
    assert not mask.label_keys.flags.writeable


@pytest.mark.parametrize(
    ("raw", "words"), [(b"\0" * 7, "7 bytes"), (b"<!DOCTYPE html><html></html>", "HTML or XML page")]
)
def test_bare_keys_that_cannot_be_are_refused(raw: bytes, words: str) -> None:
    with pytest.raises(MaskFormatError, match=words):
        decode_mask(raw, name="https://x.example/a.LABEL?sig=1")


def test_bytes_that_look_like_text_are_keys_in_a_file_of_bare_keys() -> None:
    assert decode_mask(b"[1, 2, 3, 4]", name="a.label").label_keys.tolist() == [0x202C315B, 0x33202C32, 0x5D34202C]
    assert decode_mask(b"[1, 2, 3, 4]", name="a.txt").label_keys.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("dtype", ["u1", "<u2", ">u2", "<i4", "<i8", "<u8", "bool", "<f4", ">f8"])
def test_an_array_is_a_mask_whatever_its_number_type(dtype: str) -> None:
    keys = np.array([0, 1, 1, 0]).astype(dtype)
    for array in (keys, keys.reshape(4, 1), keys.reshape(2, 2)):
        assert decode_mask(npy(array)).label_keys.tolist() == [0, 1, 1, 0]


def test_an_array_of_points_with_labels_is_a_mask_too() -> None:
    image = np.zeros((2, 3, 6))
    image[..., 5] = [[7, 7, 8], [9, 10, 7]]
    assert decode_mask(npy(image)).label_keys.tolist() == [7, 7, 8, 9, 10, 7]
    named = np.zeros(2, [("x", "f4"), ("y", "f4"), ("z", "f4"), ("label", "u4")])
    named["label"] = [5, 70_000]
    assert decode_mask(npy(named)).label_keys.tolist() == [5, 70_000]


@pytest.mark.parametrize("array", [np.array([0.5]), np.array([np.nan]), np.array([object()], object), np.array(["a"])])
def test_an_array_of_anything_else_is_no_mask(array: np.ndarray) -> None:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    with pytest.raises(MaskFormatError) as caught:
        decode_mask(buffer.getvalue())
    assert caught.value.next_step


def test_a_cloud_of_any_kind_may_carry_the_keys() -> None:
    columns = {**scan(3), "label": np.array([1, 2, 2], np.int32)}
    assert decode_mask(ply(columns, "binary_big_endian")).counts == {1: 1, 2: 2}
    assert decode_mask(npz(points=stacked(scan(3)), label_key=np.array([3, 3, 3]))).counts == {3: 3}
    xyz = np.zeros((2, 3))
    assert decode_mask(las(xyz, classification=np.array([2, 6]))).counts == {2: 1, 6: 1}


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"[1, 2", "a.txt", True),
        (b"\xef\xbb\xbf [\n -1", "a.txt", True),
        (b"[]", "a.json", True),
        (b'[\n {"obj_id": "1"', "a.json", False),
        (b"{}", "a.json", False),
        (b"0 0 Car 0 0 1.5", "a.txt", False),
        (b"\x1f\x8b\x08", "a.txt.gz", True),
        (b"\0\0\0\0", "a.label", True),
        (KINDS["pcd"][1](scan(1))[:100], "a.pcd", True),
    ],
)
def test_a_mask_is_told_from_other_files_of_the_same_name(head: bytes, name: str, expected: bool) -> None:
    assert looks_like_mask(head, name=name) is expected


def test_only_true_clouds_are_read_as_clouds() -> None:
    assert is_cloud_with_keys(KINDS["ply ascii"][1](scan(1))[:100], name="a.txt")
    assert not is_cloud_with_keys(npy(np.zeros(3, int))[:100], name="a.npy")
    assert not is_cloud_with_keys(b"[1, 2]", name="a.txt")
    assert not is_cloud_with_keys(b"LASF" * 10, name="a.label")


@given(st.sampled_from([npy(np.arange(9)), npz(points=np.zeros((4, 3)), label=np.arange(4))]), st.data())
def test_damage_gives_a_mask_or_a_clear_error_and_nothing_else(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw) - 1))
    damaged = raw[:at] + data.draw(st.binary(max_size=3)) + raw[at + data.draw(st.integers(0, 3)) :]
    try:
        mask = decode_mask(damaged)
    except MaskFormatError:
        return
    assert mask.label_keys.ndim == 1


# the public classes of SemanticKITTI


def test_the_classes_have_their_public_numbers_names_and_colours() -> None:
    assert len(CLASSES) == len(SEMANTIC_KITTI_LEGEND) == 34
    known = {key: (entry.text, entry.color) for key, entry in SEMANTIC_KITTI_LEGEND.by_key.items()}
    assert known[10] == ("car", (100, 150, 245))
    assert known[40] == ("road", (255, 0, 255))
    assert known[50] == ("building", (255, 200, 0))
    assert known[70] == ("vegetation", (0, 175, 0))
    assert known[252] == ("moving-car", (100, 150, 245))


def test_instances_are_rows_of_their_own_named_after_their_class() -> None:
    mask = decode_mask(np.array(KEYS, "<u4").tobytes(), name="a.label")
    legend = SEMANTIC_KITTI_LEGEND.covering(mask.counts)
    assert len(legend) == 36
    car = legend.get((4 << 16) | 10)
    assert car is not None
    assert (car.text, car.class_name, car.track_id, car.color) == ("car # 4", "car", "4", (100, 150, 245))
    assert legend.name((65_535 << 16) | 259) == "moving-other-vehicle # 65535"
    assert [legend.get(key) is not None for key in (*KEYS, 2, (1 << 16) | 2, -1)] == [True] * 5 + [False] * 3
