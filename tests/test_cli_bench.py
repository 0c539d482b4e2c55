"""``bench`` picks sections and prints their rows; what it measures has tests of its own."""

import pytest

from app import bench
from app.bench.rows import Row
from app.cli.main import run
from app.cli.windows import Windows

ROW = Row("open a door", 1.0, "a window", 4.0, 0.25, 0.5)


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    """Two sections that cost nothing: one without and one with a window."""
    monkeypatch.setattr("app.bench.SECTIONS", {"doors": lambda: [ROW]})
    monkeypatch.setattr("app.cli.measure.SECTIONS", bench.SECTIONS)
    beat = Row("longest wait", 3.0, "10 ms", None, None, None)
    return Windows(window=refuse, demo=refuse, benchmarks={"heartbeat": lambda: [beat]})


def test_all_sections_are_measured_unless_some_are_named(windows: Windows, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench"], windows) == 0
    printed = capsys.readouterr()
    assert "open a door" in printed.out
    assert "longest wait" in printed.out
    assert "measuring" not in printed.out


def test_a_named_section_is_measured_alone(windows: Windows, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "heartbeat"], windows) == 0
    printed = capsys.readouterr().out
    assert "longest wait" in printed
    assert "open a door" not in printed


def test_an_unknown_section_is_refused_with_the_known_ones(
    windows: Windows, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["bench", "chairs"], windows) == 3
    assert "Choose from: doors, heartbeat." in capsys.readouterr().err
