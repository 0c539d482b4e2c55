"""The report and its text."""

from collections.abc import Iterator

import msgspec

from app.domain.amounts import count_text, size_text

_WIDTH = 14  # letters before each value


class Display(msgspec.Struct, frozen=True):
    """Where windows appear: Qt's platform, and the server behind it, ``none`` without one."""

    qt_platform: str
    server: str
    window_renderer: str = ""  # what draws in the window; empty where no window was asked


class Drawing(msgspec.Struct, frozen=True):
    """What draws, and how fast. ``points_in_motion`` are drawn of each picture while the camera moves."""

    works: bool
    vendor: str = ""
    renderer: str = ""
    version: str = ""
    software: bool = False
    points_per_second: int = 0
    points_in_motion: int = 0
    problem: str = ""
    next_step: str = ""


class MemoryState(msgspec.Struct, frozen=True):
    """Bytes; ``largest_cloud`` is the number of points with an intensity that fits into what is available."""

    total: int
    available: int
    largest_cloud: int


class WorkspaceState(msgspec.Struct, frozen=True):
    """The offline folder; ``problem`` says why it cannot be read or written."""

    path: str
    exists: bool
    writable: bool
    bytes: int = 0
    free_bytes: int | None = None  # on its disk
    problem: str = ""


class DoctorReport(msgspec.Struct, frozen=True):
    """Everything that ``pointproof doctor`` tells; of keys only whether they are set."""

    program: str
    python: str
    system: str
    libraries: dict[str, str]
    display: Display
    drawing: Drawing
    memory: MemoryState | None
    workspace: WorkspaceState
    settings_file: str
    settings_exist: bool
    keys: dict[str, bool]


def as_text(report: DoctorReport) -> str:
    """One fact a line, ready to be pasted into a message."""
    return "\n".join(f"{name:<{_WIDTH}}{value}".rstrip() for name, value in _lines(report))


def _lines(report: DoctorReport) -> Iterator[tuple[str, str]]:
    yield "Pointproof", report.program
    yield "Python", report.python
    yield "System", report.system
    yield "Libraries", ", ".join(f"{name} {version}" for name, version in report.libraries.items())
    yield "Display", f"{report.display.server}, Qt platform {report.display.qt_platform}"
    if report.display.window_renderer:
        yield "Window", report.display.window_renderer
    yield from _drawing(report.drawing)
    yield "Memory", _memory(report.memory)
    yield from _workspace(report.workspace)
    yield "Settings", report.settings_file + ("" if report.settings_exist else " (not there yet)")
    yield "Keys", ", ".join(f"{name} {'set' if is_set else 'not set'}" for name, is_set in report.keys.items())


def _drawing(drawing: Drawing) -> Iterator[tuple[str, str]]:
    yield "3D", "works" if drawing.works else f"does not work: {drawing.problem}"
    if not drawing.works:
        yield "What to do", drawing.next_step
        return
    yield "OpenGL", f"{drawing.version} · {drawing.renderer} · {drawing.vendor}"
    yield "Drawn by", "the processor (software)" if drawing.software else "a graphics card"
    speed, budget = count_text(drawing.points_per_second), count_text(drawing.points_in_motion)
    yield "Speed", f"{speed} points a second, so {budget} points while the camera moves"


def _memory(memory: MemoryState | None) -> str:
    if memory is None:
        return "unknown"
    sizes = f"{size_text(memory.available)} of {size_text(memory.total)} free"
    return f"{sizes}, enough for a cloud of {count_text(memory.largest_cloud)} points"


def _workspace(state: WorkspaceState) -> Iterator[tuple[str, str]]:
    yield "Workspace", state.path + ("" if state.exists else " (not there yet)")
    access = "can be written" if state.writable else "cannot be written"
    disk = "" if state.free_bytes is None else f", {size_text(state.free_bytes)} free on its disk"
    yield "", f"{access}, holds {size_text(state.bytes)}{disk}"
    if state.problem:
        yield "", state.problem
