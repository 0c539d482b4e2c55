"""Looking at everything that the report tells."""

import os
import platform
import re
import shutil
import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

import app
from app.doctor.drawing import examine_drawing
from app.doctor.report import Display, DoctorReport, Drawing, MemoryState, WorkspaceState
from app.errors import AppError
from app.formats.cloud_room import SHOWING
from app.logs import Redaction
from app.memory import memory_now
from app.settings import Credentials, Settings, settings_path
from app.workspace import Workspace
from app.workspace.workspace import is_workspace

LIBRARIES = {
    "PySide6 with Qt": "PySide6_Essentials",
    "VTK": "vtk",
    "pyvista": "pyvista",
    "pyvistaqt": "pyvistaqt",
    "numpy": "numpy",
}
BYTES_PER_POINT = 16 + SHOWING  # x, y, z and an intensity, decoded and shown
_QT_PLATFORMS = {"darwin": "cocoa", "win32": "windows"}


def examine(
    settings: Settings, credentials: Credentials, *, qt_platform: str = "", window_renderer: str = ""
) -> DoctorReport:
    """Look at this machine for some seconds; keys and the home folder are taken out of every text.

    ``qt_platform`` and ``window_renderer`` are what a window knows about itself.
    """
    report = DoctorReport(
        program=app.__version__,
        python=f"{platform.python_version()} ({platform.python_implementation()})",
        system=f"{platform.platform()} · {os.cpu_count() or 1} processors",
        libraries={name: _version_of(package) for name, package in LIBRARIES.items()},
        display=Display(qt_platform or expected_platform(os.environ), display_server(os.environ), window_renderer),
        drawing=examine_drawing(),
        memory=_memory(),
        workspace=_workspace(settings.workspace_path),
        settings_file=str(settings_path()),
        settings_exist=settings_path().is_file(),
        keys={"annotation service": bool(credentials.telus_key), "Edge Impulse": bool(credentials.edge_impulse_key)},
    )
    return _cleaned(report, Redaction((credentials.telus_key, credentials.edge_impulse_key)))


def expected_platform(environment: Mapping[str, str]) -> str:
    """What Qt will choose: its own variable first, then what there is."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return chosen
    if sys.platform in _QT_PLATFORMS:
        return _QT_PLATFORMS[sys.platform]
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else "none"


def display_server(environment: Mapping[str, str]) -> str:
    """Wayland, X11 with the name of its server (``X11 :7 (Xvfb)``), the system's own, or none."""
    if not sys.platform.startswith("linux"):
        return "the system's own"
    remote = " over SSH" if environment.get("SSH_CONNECTION") else ""
    wayland, display = environment.get("WAYLAND_DISPLAY"), environment.get("DISPLAY")
    if wayland:
        return f"Wayland{remote}"
    if not display:
        return "none (a window needs one; commands in the terminal do not)"
    server = _server_of(display)
    return f"X11 {display}{f' ({server})' if server else ''}{remote}"


def _server_of(display: str) -> str:
    """The program that serves a display of this machine, told from who answers at its socket; else empty."""
    number = re.match(r":(\d+)", display)
    if number is None:
        return ""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(1)
        asked.connect(f"/tmp/.X11-unix/X{number[1]}")
        told = asked.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        process = struct.unpack("3i", told)[0]
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    return ""


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _memory() -> MemoryState | None:
    memory = memory_now()
    if memory is None:
        return None
    return MemoryState(memory.total, memory.available, memory.available // BYTES_PER_POINT)


def _workspace(root: Path) -> WorkspaceState:
    """Only looked at: a workspace that is not there yet is not made."""
    existing = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    state = WorkspaceState(
        path=str(root),
        exists=is_workspace(root),
        writable=os.access(existing, os.W_OK),
        free_bytes=_free_bytes(existing),
    )
    if not state.exists:
        return state
    try:
        with Workspace.open(root, read_only=True) as workspace:
            return msgspec.structs.replace(state, bytes=workspace.usage())
    except AppError as error:
        return msgspec.structs.replace(state, problem=str(error))


def _free_bytes(folder: Path) -> int | None:
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return None


def _cleaned(report: DoctorReport, redaction: Redaction) -> DoctorReport:
    """No text of it may open a door or tell a name."""
    clean, replace = redaction.clean, msgspec.structs.replace
    drawing: Drawing = replace(report.drawing, problem=clean(report.drawing.problem))
    workspace = replace(report.workspace, path=clean(report.workspace.path), problem=clean(report.workspace.problem))
    return replace(report, drawing=drawing, workspace=workspace, settings_file=clean(report.settings_file))
