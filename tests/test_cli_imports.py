"""What a command loads: nothing that a person at a terminal would have to wait for, and never Qt where no window is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from builders import small_delivery

REPOSITORY = Path(__file__).resolve().parent.parent
QT = ("PySide6", "shiboken6", "qtpy", "pyvistaqt")
DRAWING = ("vtk", "vtkmodules", "pyvista", "matplotlib")

# runs a command in a process in which importing the named packages fails, and reports its code and what it loaded
PROBE = """
import json, sys
from importlib.abc import MetaPathFinder

refused = set(json.loads(sys.argv[1]))

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ImportError("this command may not load " + name)

sys.meta_path.insert(0, Refuse())
from app.__main__ import main
try:
    code = main(sys.argv[2:])
except SystemExit as ended:
    code = ended.code
sys.stderr.write("\\n" + json.dumps({"code": code, "loaded": sorted(sys.modules)}))
"""


def run_without(packages: tuple[str, ...], *arguments: str) -> tuple[int, set[str], str]:
    """Exit code, loaded modules and stderr of ``pointproof ARGUMENTS`` where importing ``packages`` fails."""
    command = [sys.executable, "-c", PROBE, json.dumps(packages), *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    complaints, _, report = done.stderr.rpartition("\n")
    answer = json.loads(report)
    return answer["code"], set(answer["loaded"]), complaints


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "job", frames=1)


def test_the_probe_itself_notices_qt(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run_without(QT, "open", str(tmp_path / "nothing"), "--snapshot", str(tmp_path / "x.png"))
    assert "may not load" in failed.value.stderr


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["inspect", "--help"]])
def test_version_and_help_load_no_numbers_and_no_network(arguments: list[str]) -> None:
    code, loaded, _ = run_without((*QT, *DRAWING, "numpy", "httpx", "msgspec", "PIL", "sqlite3"), *arguments)
    assert code == 0
    assert "app.cli.parser" in loaded


def test_inspect_loads_neither_qt_nor_drawing_nor_network(delivery: Path) -> None:
    code, loaded, complaints = run_without((*QT, *DRAWING, "httpx"), "inspect", str(delivery))
    assert code == 0, complaints
    assert "app.jobs" in loaded


@pytest.mark.parametrize("kind", ["semantic-kitti", "pcd", "npz"])
def test_export_loads_neither_qt_nor_drawing_nor_network(delivery: Path, tmp_path: Path, kind: str) -> None:
    arguments = ("export", str(delivery), "--format", kind, "-o", str(tmp_path / "out"))
    code, loaded, complaints = run_without((*QT, *DRAWING, "httpx"), *arguments)
    assert code == 0, complaints
    assert "app.jobs.export" in loaded


def test_impulses_loads_neither_qt_nor_drawing(tmp_path: Path) -> None:
    document = tmp_path / "impulses.json"
    document.write_text('{"success": true, "impulses": []}', encoding="utf-8")
    code, loaded, complaints = run_without((*QT, *DRAWING), "impulses", str(document))
    assert code == 0, complaints
    assert "app.formats.records" in loaded


def test_bundle_and_import_load_neither_qt_nor_drawing_nor_network(delivery: Path, tmp_path: Path) -> None:
    path, refused = str(tmp_path / "job.ppb"), (*QT, *DRAWING, "httpx")
    code, loaded, complaints = run_without(refused, "bundle", str(delivery), "-o", path)
    assert code == 0, complaints
    assert "app.workspace.bundle_writer" in loaded
    code, loaded, complaints = run_without(refused, "import", path, "--workspace", str(tmp_path / "workspace"))
    assert code == 0, complaints
    assert "app.workspace.bundle_import" in loaded


@pytest.mark.gl
def test_the_window_with_a_picture_in_it_loads_neither_plotting_nor_network_nor_video(
    delivery: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "window.png"
    code, loaded, complaints = run_without((), "open", str(delivery), "--snapshot", str(picture))
    assert code == 0, complaints
    assert picture.stat().st_size
    assert "app.scene.scene" in loaded
    assert not {"matplotlib", "pyvista", "pyvistaqt", "httpx", "av"} & loaded


@pytest.mark.gl
def test_render_loads_no_qt(delivery: Path, tmp_path: Path) -> None:
    picture = tmp_path / "top.png"
    code, loaded, complaints = run_without(QT, "render", str(delivery), "-o", str(picture), "--size", "64x48")
    assert code == 0, complaints
    assert "app.scene.render" in loaded
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_doctor_loads_neither_qt_nor_drawing_nor_network_itself() -> None:
    code, loaded, complaints = run_without((*QT, *DRAWING, "httpx"), "doctor")
    assert code in (0, 1), complaints
    assert "app.doctor.examination" in loaded


def test_fetch_loads_neither_qt_nor_drawing(tmp_path: Path) -> None:
    code, loaded, complaints = run_without(
        (*QT, *DRAWING), "fetch", "--project", "p", "--out", str(tmp_path / "workspace")
    )
    assert code == 3  # there is no key
    assert "app.api.telus" in loaded
    assert "POINTPROOF_TELUS_API_KEY" in complaints


@pytest.mark.parametrize(("command", "module"), [(("samples",), "samples"), (("tracking", "--job", "j"), "tracking")])
def test_tracking_commands_load_neither_qt_nor_drawing(command: tuple[str, ...], module: str) -> None:
    code, loaded, complaints = run_without((*QT, *DRAWING), *command)
    assert code == 3  # there is no key
    assert f"app.cli.{module}" in loaded
    assert "POINTPROOF_EDGE_IMPULSE_API_KEY" in complaints


@pytest.mark.parametrize("arguments", [[], ["--offline"]])
def test_jobs_loads_neither_qt_nor_drawing(tmp_path: Path, arguments: list[str]) -> None:
    code, loaded, complaints = run_without(
        (*QT, *DRAWING), "jobs", "--project", "p", "--out", str(tmp_path / "workspace"), *arguments
    )
    assert code == 3  # there is no key, and no workspace
    assert "app.cli.jobs" in loaded
    assert "POINTPROOF_TELUS_API_KEY" in complaints or "no workspace" in complaints


def test_bench_can_be_asked_for_help_without_anything_heavy() -> None:
    code, _, _ = run_without((*QT, *DRAWING, "numpy"), "bench", "--help")
    assert code == 0
