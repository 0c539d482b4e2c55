"""The doctor's report: true, complete, without secrets, also where nothing can be drawn."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.doctor import drawing as doctor_drawing
from app.doctor import examination
from app.doctor.drawing import drawing_of, examine_drawing
from app.doctor.examination import BYTES_PER_POINT, display_server, examine, expected_platform
from app.doctor.report import Drawing, as_text
from app.memory import Memory
from app.scene.budget import PointBudget
from app.scene.drawing_facts import DrawingFacts
from app.settings import Credentials, Settings
from app.workspace import Workspace
from tests.commands import pointproof

REPOSITORY = Path(__file__).resolve().parents[2]
CANARY = "CANARY-key-7f3a9b1c5d"
WORKS = Drawing(works=True, renderer="llvmpipe", version="4.5", software=True, points_per_second=4_000_000)
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the way to take OpenGL away is Mesa's")


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is not measured: it takes a second."""
    monkeypatch.setattr(examination, "examine_drawing", lambda: WORKS)


def doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, without a display."""
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "app", "doctor", *arguments],
        cwd=REPOSITORY,
        env=bare | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_the_report_tells_what_draws_and_how_fast_and_ends_with_0() -> None:
    done = doctor("--json")
    report = json.loads(done.stdout)
    if not report["drawing"]["works"]:
        pytest.skip(report["drawing"]["problem"])
    assert done.returncode == 0
    drawing = report["drawing"]
    assert drawing["renderer"]
    assert drawing["version"][0] in "3456789"
    assert drawing["points_per_second"] > 50_000
    assert drawing["points_in_motion"] == PointBudget(drawing["points_per_second"]).in_motion
    assert report["display"]["server"].startswith("none") or not sys.platform.startswith("linux")


@on_linux
def test_without_opengl_the_report_says_why_and_what_to_do_and_ends_with_1(tmp_path: Path) -> None:
    done = doctor(__EGL_VENDOR_LIBRARY_FILENAMES=str(tmp_path / "none.json"))
    assert done.returncode == 1
    assert "does not work: This machine has no OpenGL 3.2" in done.stdout
    assert "libegl1" in done.stdout
    assert done.stderr == ""


def test_no_key_and_no_home_folder_is_in_the_report(home: Path, tmp_path: Path) -> None:
    keys = {"POINTPROOF_TELUS_API_KEY": CANARY, "POINTPROOF_EDGE_IMPULSE_API_KEY": f"ei_{CANARY}"}
    address = f"https://user:{CANARY}@example.invalid/?token={CANARY}"
    for arguments in ([], ["--json"]):
        done = doctor(*arguments, POINTPROOF_TELUS_URL=address, POINTPROOF_WORKSPACE=str(home / "ws"), **keys)
        assert "CANARY" not in done.stdout + done.stderr
        assert str(home) not in done.stdout
        assert "~" in done.stdout
    assert "annotation service set, Edge Impulse set" in doctor(**keys).stdout
    assert "annotation service not set, Edge Impulse not set" in doctor().stdout
    assert not (home / "ws").exists()  # looking makes nothing


def test_the_process_that_draws_learns_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTPROOF_TELUS_API_KEY", CANARY)
    seen: list[dict[str, str]] = []

    def run(_command: object, *, env: dict[str, str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        seen.append(env)
        return subprocess.CompletedProcess([], 0, b'{"renderer": "card"}', b"")

    monkeypatch.setattr(doctor_drawing.subprocess, "run", run)
    assert examine_drawing().renderer == "card"
    assert CANARY not in repr(seen)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (subprocess.CompletedProcess([], -11, b"", b""), "crashed (signal 11)"),
        (subprocess.CompletedProcess([], 1, b"", b"Traceback\nImportError: libGL.so.1: no such file"), "libGL.so.1"),
        (subprocess.CompletedProcess([], 0, b"", b""), "they gave no answer"),
        (subprocess.TimeoutExpired("x", 60), "no answer within 60 seconds"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_a_driver_that_breaks_is_reported_and_breaks_nothing_else(
    outcome: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_arguments: object, **_options: object) -> object:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(doctor_drawing.subprocess, "run", run)
    found = examine_drawing()
    assert not found.works
    assert words in found.problem
    assert found.next_step


@pytest.mark.parametrize(
    ("renderer", "software"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("softpipe", True),
        ("GDI Generic", True),
        ("Microsoft Basic Render Driver", True),
        ("Apple Software Renderer", True),
        ("NVIDIA GeForce RTX 4070/PCIe/SSE2", False),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
        ("AMD Radeon RX 6600 (navi23, LLVM 17.0.6, DRM 3.57)", False),
    ],
)
def test_software_is_told_from_cards(renderer: str, software: bool) -> None:
    assert drawing_of(DrawingFacts(renderer=renderer)).software is software


@pytest.mark.parametrize(
    ("environment", "platform", "server"),
    [
        ({}, "none", "none (a window needs one; commands in the terminal do not)"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wayland", "Wayland"),
        ({"DISPLAY": "other:3.0"}, "xcb", "X11 other:3.0"),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "x"}, "xcb", "X11 localhost:10.0 over SSH"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "offscreen", "none (a window needs one; commands in the terminal do not)"),
    ],
)
@on_linux
def test_the_display_is_told_from_the_surroundings(environment: dict[str, str], platform: str, server: str) -> None:
    assert expected_platform(environment) == platform
    assert display_server(environment) == server


@pytest.mark.gl
@pytest.mark.skipif(not os.environ.get("DISPLAY", "").startswith(":"), reason="no X server of this machine")
def test_the_server_of_this_display_is_named() -> None:
    assert "(X" in display_server(os.environ)  # Xvfb, Xorg, Xwayland


@pytest.mark.usefixtures("no_drawing")
def test_the_workspace_is_described_and_not_made(tmp_path: Path) -> None:
    settings = Settings(workspace=str(tmp_path / "deep" / "ws"))
    state = examine(settings, Credentials()).workspace
    assert (state.exists, state.writable, state.bytes) == (False, True, 0)
    assert not (tmp_path / "deep").exists()
    with Workspace.open(tmp_path / "deep" / "ws") as workspace, workspace.receive("https://x.example/a") as sink:
        sink.write(b"12345")
    state = examine(settings, Credentials()).workspace
    assert (state.exists, state.writable, state.bytes) == (True, True, 5)
    assert state.free_bytes
    assert state.free_bytes > 0


@pytest.mark.usefixtures("no_drawing")
def test_a_damaged_workspace_is_reported_and_stops_nothing(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "ws"):
        pass
    (tmp_path / "ws" / "catalogue.sqlite").write_bytes(b"not a catalogue" * 500)
    report = examine(Settings(workspace=str(tmp_path / "ws")), Credentials())
    assert report.workspace.problem
    assert report.workspace.problem in as_text(report)


@pytest.mark.usefixtures("no_drawing")
def test_the_largest_cloud_is_what_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "memory_now", lambda: Memory(8_000_000_000, BYTES_PER_POINT * 35_000_000))
    report = examine(Settings(), Credentials())
    assert report.memory is not None
    assert report.memory.largest_cloud == 35_000_000
    assert "enough for a cloud of 35 million points" in as_text(report)
    monkeypatch.setattr(examination, "memory_now", lambda: None)
    assert "Memory        unknown" in as_text(examine(Settings(), Credentials()))


@pytest.mark.usefixtures("no_drawing")
def test_the_command_takes_the_settings_of_the_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POINTPROOF_WORKSPACE", str(tmp_path / "mine"))
    assert pointproof("doctor", "--json") == 0
    assert json.loads(capsys.readouterr().out)["workspace"]["path"] == str(tmp_path / "mine")
