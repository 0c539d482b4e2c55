"""The command line from arguments to exit codes; windows are replaced, everything else is real."""

import subprocess
import sys
from pathlib import Path

import pytest

import app
from app.cli import shown
from app.cli.main import run
from app.cli.windows import DemoRequest, WindowRequest, Windows
from app.errors import InputError

REPOSITORY = Path(__file__).resolve().parent.parent


class RecordedWindows:
    """Stands where the desktop program would be and remembers what it was asked for."""

    def __init__(self, exit_code: int = 0) -> None:
        self.exit_code = exit_code
        self.requests: list[WindowRequest | DemoRequest] = []

    def __call__(self, request: WindowRequest | DemoRequest) -> int:
        self.requests.append(request)
        return self.exit_code

    @property
    def windows(self) -> Windows:
        return Windows(window=self, demo=self)


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


NO_WINDOWS = Windows(window=refuse, demo=refuse)


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":77")


@pytest.fixture
def started_displays(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without a display; what it starts is counted, not started."""
    started: list[str] = []
    monkeypatch.setattr(shown, "has_display", lambda: False)
    monkeypatch.setattr(shown, "ensure_display", lambda: started.append("private"))
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    return started


@pytest.mark.usefixtures("display")
def test_without_arguments_the_window_opens() -> None:
    recorded = RecordedWindows()
    assert run([], recorded.windows) == 0
    assert recorded.requests == [WindowRequest()]


@pytest.mark.usefixtures("display")
def test_gui_is_the_same_as_no_command() -> None:
    recorded = RecordedWindows()
    run(["gui"], recorded.windows)
    assert recorded.requests == [WindowRequest()]


@pytest.mark.usefixtures("display")
def test_open_hands_path_mask_and_snapshot_to_the_window() -> None:
    recorded = RecordedWindows()
    run(["open", "a.pcd", "--mask", "a.txt", "--snapshot", "a.png"], recorded.windows)
    assert recorded.requests == [WindowRequest(Path("a.pcd"), Path("a.txt"), Path("a.png"))]


@pytest.mark.usefixtures("display")
def test_demo_hands_every_option_on() -> None:
    recorded = RecordedWindows()
    options = ["--root", "d", "--snapshot", "s.png", "--theme", "light", "--frame", "3", "--size", "1280x720"]
    run(["demo", *options], recorded.windows)
    assert recorded.requests == [DemoRequest(Path("d"), Path("s.png"), "light", 3, (1280, 720))]


@pytest.mark.usefixtures("display")
def test_the_exit_code_of_the_window_is_the_commands() -> None:
    assert run(["gui"], RecordedWindows(exit_code=3).windows) == 3


@pytest.mark.usefixtures("display")
def test_demo_with_a_display_saves_no_picture_unasked() -> None:
    recorded = RecordedWindows()
    run(["demo"], recorded.windows)
    assert recorded.requests == [DemoRequest()]


def test_demo_without_a_display_saves_a_picture_under_a_private_one(started_displays: list[str]) -> None:
    recorded = RecordedWindows()
    assert run(["demo"], recorded.windows) == 0
    assert recorded.requests == [DemoRequest(snapshot=Path("pointproof-demo.png"))]
    assert started_displays == ["private"]


def test_open_with_a_snapshot_needs_no_display(started_displays: list[str]) -> None:
    recorded = RecordedWindows()
    assert run(["open", "x", "--snapshot", "x.png"], recorded.windows) == 0
    assert started_displays == ["private"]


@pytest.mark.usefixtures("started_displays")
@pytest.mark.parametrize("arguments", [[], ["gui"], ["open", "x"]])
def test_a_window_without_a_display_is_refused_in_words(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments, NO_WINDOWS) == 3
    assert "There is no display" in capsys.readouterr().err


@pytest.mark.usefixtures("display")
def test_a_failure_is_one_line_on_stderr_and_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_request: object) -> int:
        raise InputError("The folder is empty.", next_step="Choose another.")

    assert run(["gui"], Windows(window=fail, demo=fail)) == 3
    captured = capsys.readouterr()
    assert captured.err == "pointproof: The folder is empty. Choose another.\n"
    assert captured.out == ""


@pytest.mark.usefixtures("display")
def test_ctrl_c_ends_with_130_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_request: object) -> int:
        raise KeyboardInterrupt

    assert run(["gui"], Windows(window=interrupt, demo=interrupt)) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["explode"], "invalid choice"),
        (["inspect"], "PATH"),
        (["fetch", "job"], "--project"),
        (["render", "x"], "-o"),
        (["render", "x", "-o", "x.jpg"], "does not end in .png"),
        (["render", "x", "-o", "x.png", "--size", "big"], "not a size like 1280x800"),
        (["render", "x", "-o", "x.png", "--size", "99999x2"], "not a size like 1280x800"),
        (["render", "x", "-o", "x.png", "--frame", "-1"], "not a whole number"),
        (["render", "x", "-o", "x.png", "--view", "inside"], "invalid choice"),
        (["render", "x", "-o", "x.png", "--color-map", "plaid"], "choose from viridis"),
        (["render", "x", "-o", "x.png", "--color-by", ""], "the name is empty"),
        (["render", "x", "-o", "x.png", "--range", "3", "3"], "3 is not lower than 3"),
        (["render", "x", "-o", "x.png", "--ceiling", "nan"], "not a number"),
        (["render", "x", "-o", "x.png", "--farthest", "0"], "not over 0"),
        (["render", "x", "-o", "x.png", "--ahead", "361"], "not an angle"),
        (["render", "x", "-o", "x.png", "--box", "0", "0", "0", "1", "1"], "X Y Z LX LY LZ [YAW]"),
        (["render", "x", "-o", "x.png", "--box", "0", "0", "0", "1", "-1", "1"], "lengths over 0"),
        (["render", "x", "-o", "x.png", "--point-size", "3cm"], "not a width"),
        (["render", "x", "-o", "x.png", "--frames-around", "11"], "invalid choice"),
        (["render", "x", "-o", "x.png", "--guides", "rings,stars"], "'stars'"),
        (["render", "x", "-o", "x.png", "--class-colors", "neon"], "invalid choice"),
        (["sandbox", "--port", "65536"], "not a port"),
        (["demo", "--theme", "pink"], "invalid choice"),
        (["inspect", "x", "--js"], "unrecognized arguments"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments, NO_WINDOWS)
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_version_names_the_program_and_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--version"], NO_WINDOWS)
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"pointproof {app.__version__}\n"


def test_help_lists_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--help"], NO_WINDOWS)
    text = capsys.readouterr().out
    for command in ("demo", "open", "sandbox", "fetch", "verify", "inspect", "render", "bench"):
        assert f"\n    {command}" in text
    assert "3 could not be read or fetched" in text


def test_a_reader_that_hangs_up_causes_no_traceback(tmp_path: Path) -> None:
    from builders import small_delivery

    small_delivery(tmp_path / "job", frames=2)
    command = [sys.executable, "-m", "app", "inspect", str(tmp_path / "job"), "--json"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        complaints = process.stderr.read()
        process.stderr.close()
    assert b"Traceback" not in complaints
    assert b"Exception ignored" not in complaints
