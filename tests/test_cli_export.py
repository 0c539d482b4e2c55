"""``export`` from the terminal: what it writes reads as the same job, and its exit codes tell scripts the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import run
from app.cli.windows import Windows
from builders import small_delivery


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


def pointproof(*arguments: str | Path) -> int:
    return run([str(argument) for argument in arguments], Windows(window=refuse, demo=refuse))


def inspect(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, Any]:
    assert pointproof("inspect", path, "--json") == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def facts(report: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What an export must not change about the frames."""
    return [
        (
            frame["points"],
            frame["nonfinite_points"],
            frame["bounds"],
            frame["label_counts"],
            frame["cloud"]["xyz_sha256"],
        )
        for frame in report["frames"]
    ]


def test_an_exported_delivery_inspects_as_its_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    delivery = small_delivery(tmp_path / "job", frames=3)
    assert pointproof("export", delivery, "--format", "pcd", "-o", tmp_path / "out") == 0
    assert capsys.readouterr().out == f"3 frames, 1,500 points: {tmp_path / 'out'}\n"
    assert facts(inspect(capsys, tmp_path / "out")) == facts(inspect(capsys, delivery))


def test_the_exported_street_inspects_as_its_truth(
    tmp_path: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    street = shared_data / "deliveries" / "street"
    assert pointproof("export", street, "--format", "pcd", "-o", tmp_path / "out") == 0
    assert pointproof("export", street, "--format", "pcd", "--whole", "-o", tmp_path / "whole") == 0
    capsys.readouterr()
    truth = json.loads((street / "truth.json").read_text(encoding="utf-8"))["frames"].values()
    report = inspect(capsys, tmp_path / "out")
    assert [(frame["points"], frame["label_counts"]) for frame in report["frames"]] == [
        (frame["points"], frame["label_counts"]) for frame in truth
    ]
    (whole,) = inspect(capsys, tmp_path / "whole")["frames"]
    assert whole["points"] == sum(frame["points"] for frame in truth)
    for key, points in whole["label_counts"].items():
        assert points == sum(frame["label_counts"].get(key, 0) for frame in truth)


def test_frames_are_chosen_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    delivery = small_delivery(tmp_path / "job", frames=4)
    arguments = ("--format", "npz", "--frame", "2", "0", "--frame", "2", "-o", tmp_path / "out")
    assert pointproof("export", delivery, *arguments) == 0
    manifest = json.loads((tmp_path / "out" / "export.json").read_text(encoding="utf-8"))
    assert [frame["frame_id"] for frame in manifest["frames"]] == ["000000", "000002"]
    assert pointproof("export", delivery, "--format", "npz", "--frame", "9", "-o", tmp_path / "more") == 3
    assert "0 to 3" in capsys.readouterr().err


def test_a_mask_that_does_not_fit_ends_with_1_and_a_line_that_names_the_frame(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = small_delivery(tmp_path / "job", frames=2)
    (delivery / "files" / "masks" / "000001.txt").write_text("[1, 1]")
    assert pointproof("export", delivery, "--format", "semantic-kitti", "-o", tmp_path / "out") == 1
    captured = capsys.readouterr()
    assert "pointproof: frame 000001: Exported without labels. The mask has 2 label keys" in captured.err
    assert captured.out.startswith("2 frames")
    assert not (tmp_path / "out" / "labels" / "000001.label").exists()


def test_notes_go_to_stderr_and_are_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    delivery = small_delivery(tmp_path / "job", frames=1)
    assert pointproof("export", delivery, "--format", "semantic-kitti", "-o", tmp_path / "out") == 0
    assert "times.txt" in capsys.readouterr().err


def test_an_earlier_export_needs_force_and_anything_else_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = small_delivery(tmp_path / "job", frames=1)
    arguments = ("export", delivery, "--format", "pcd", "-o")
    assert pointproof(*arguments, tmp_path / "out") == 0
    assert pointproof(*arguments, tmp_path / "out") == 3
    assert "--force" in capsys.readouterr().err
    assert pointproof(*arguments, tmp_path / "out", "--force") == 0
    before = sorted(path.name for path in delivery.iterdir())
    assert pointproof(*arguments, delivery, "--force") == 3
    assert sorted(path.name for path in delivery.iterdir()) == before


def test_names_in_a_document_cannot_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    delivery = small_delivery(tmp_path / "job", frames=1)
    document = (delivery / "result.json").read_text(encoding="utf-8")
    (delivery / "result.json").write_text(document.replace('"000000"', '"\\u001b[2J"'), encoding="utf-8")
    (delivery / "files" / "masks" / "000000.txt").write_text("[1]")
    assert pointproof("export", delivery, "--format", "pcd", "-o", tmp_path / "out") == 1
    captured = capsys.readouterr()
    assert "[2J" in captured.err
    assert "\x1b[2J" not in captured.err


def test_a_format_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        pointproof("export", tmp_path, "--format", "las", "-o", tmp_path / "out")
    assert ended.value.code == 2
