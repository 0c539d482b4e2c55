"""The benchmarks run, compare equal work, and say where a peer is missing."""

from pathlib import Path

import numpy as np
import pytest

import app.bench as bench
from app.bench import decoding
from app.bench.peers import installed
from app.bench.report import as_table
from app.bench.rows import Row, compare, compare_memory
from app.errors import InputError


def test_every_row_of_the_decoding_section_is_measured() -> None:
    rows = decoding.measure(points=2000, many_points=3000, keys=(1000,), repeats=1)
    names = {row.name.partition(",")[0] for row in rows}
    assert names == {"binary PCD", "binary_compressed PCD", "ascii PCD", "mask"}
    assert all(row.ours > 0 and row.goal for row in rows)
    measured = [row for row in rows if row.theirs is not None]
    assert {row.peer for row in measured} >= {"pypcd4, to the same arrays", "orjson + np.array", "page cache read"}
    assert all(row.ratio is not None and row.met == (row.ratio <= row.goal) for row in measured if row.goal)


def test_a_missing_peer_gives_a_row_that_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(decoding, "installed", lambda _name: None)
    rows = decoding.mask_rows(keys=100, repeats=1)
    assert [(row.peer, row.ratio, row.met) for row in rows] == [("orjson + np.array (not installed)", None, None)] * 2
    assert "not installed" in as_table(decoding.compressed_rows(tmp_path, points=100, repeats=1))


def test_the_data_are_the_same_in_every_run_and_every_encoding(tmp_path: Path) -> None:
    scan = decoding.synthetic_scan(500)
    np.testing.assert_array_equal(scan["x"], decoding.synthetic_scan(500)["x"])
    path = tmp_path / "cloud.pcd"
    for raw in (decoding._compressed(scan), decoding._ascii(scan, number="{:.9g}")):
        path.write_bytes(raw)
        cloud = decoding._read(path)
        np.testing.assert_array_equal(cloud.xyz, np.stack([scan[axis] for axis in "xyz"], axis=1))
        np.testing.assert_array_equal(cloud.columns["intensity"], scan["intensity"])


def test_both_sides_are_timed_in_turn() -> None:
    order: list[str] = []
    row = compare("work", lambda: order.append("a"), peer="b", theirs=lambda: order.append("b"), goal=1, repeats=3)
    assert order == ["a", "b"] * 4
    assert row.ratio is not None


def test_memory_is_the_peak_of_the_work() -> None:
    row = compare_memory("work", lambda: np.zeros(4_000_000, np.uint8), result_bytes=4_000_000, goal=1.1)
    assert row.ratio == pytest.approx(1.0, abs=0.05)
    assert row.met


def test_a_table_has_a_line_per_row_and_marks_what_misses_its_goal() -> None:
    rows = [
        Row("quick", 1.0, "peer", 4.0, 0.25, 0.5),
        Row("slow", 3.0, "peer", 4.0, 0.75, 0.5),
        Row("alone", 1.0, "peer (not installed)", None, None, 0.5),
    ]
    lines = as_table(rows).splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["yes", "NO", "-"]
    assert "0.25" in lines[2]
    assert "4.00 ms" in lines[2]


def test_sections_are_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row("one", 1.0, "peer", None, None, None)]
    monkeypatch.setattr(bench, "SECTIONS", {"a": lambda: rows, "b": lambda: rows * 2})
    assert len(bench.run()) == 3
    assert len(bench.run(["b"])) == 2
    with pytest.raises(InputError, match="no benchmark called c"):
        bench.run(["a", "c"])


def test_a_peer_that_cannot_be_imported_counts_as_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_peer.py").write_text("import a_library_that_is_not_there")
    monkeypatch.syspath_prepend(tmp_path)
    assert installed("broken_peer") is None
    assert installed("a_library_that_is_not_there") is None
    assert installed("numpy") is np
