"""How much memory this machine has and how much of it this program may still take.

Read from where each system tells it: ``/proc/meminfo`` and the control groups of Linux
(https://docs.kernel.org/admin-guide/cgroup-v2.html#memory), ``GlobalMemoryStatusEx`` of Windows, ``sysctl`` and
``vm_stat`` of macOS.
"""

import ctypes
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_KB = 1024
_NO_LIMIT = 1 << 60  # bytes: the first version of control groups writes a number as large where there is none


@dataclass(frozen=True)
class Memory:
    """Bytes of this machine, or of the control group that this program runs in where that is less."""

    total: int
    available: int


def memory_now() -> Memory | None:
    """What there is at this moment; None where the system does not tell."""
    with suppress(OSError, ValueError, AttributeError, subprocess.SubprocessError):
        if sys.platform == "linux":
            return linux_memory(Path("/"))
        if sys.platform == "win32":
            return _windows_memory()
        if sys.platform == "darwin":
            return mac_memory(_output_of("sysctl", "-n", "hw.memsize"), _output_of("vm_stat"))
    return None


def available_bytes() -> int | None:
    """Bytes that may still be taken; None where the system does not tell."""
    memory = memory_now()
    return None if memory is None else memory.available


def linux_memory(root: Path) -> Memory:
    """From the files below ``root``; raises OSError or ValueError where they are not Linux's."""
    text = (root / "proc/meminfo").read_text(encoding="ascii", errors="replace")
    found = {name: int(kilobytes) * _KB for name, kilobytes in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}
    if not {"MemTotal", "MemAvailable"} <= found.keys():
        raise ValueError("not the meminfo of Linux")
    limits = [Memory(found["MemTotal"], found["MemAvailable"]), *_group_limits(root)]
    return Memory(min(limit.total for limit in limits), min(limit.available for limit in limits))


def mac_memory(total: str, statistics: str) -> Memory:
    """From what ``sysctl -n hw.memsize`` and ``vm_stat`` print; raises ValueError where that is something else."""
    page = re.search(r"page size of (\d+) bytes", statistics)
    pages = dict(re.findall(r"^Pages (free|inactive|speculative|purgeable):\s+(\d+)\.$", statistics, re.MULTILINE))
    if page is None or "free" not in pages:
        raise ValueError("not what vm_stat prints")
    return Memory(int(total), int(page[1]) * sum(map(int, pages.values())))


def _group_limits(root: Path) -> list[Memory]:
    """What the control groups around this program allow, of either version."""
    limits = []
    for line in _lines(root / "proc/self/cgroup"):
        number, controllers, place = line.split(":", 2)
        second = number == "0" and not controllers
        if second or "memory" in controllers.split(","):
            mounts = ("sys/fs/cgroup",) if second else ("sys/fs/cgroup/memory",)
            limits += [limit for mount in mounts for limit in _limits_of(root / mount, place, second=second)]
    return limits


def _limits_of(mount: Path, place: str, *, second: bool) -> list[Memory]:
    """The limit of a group and of those around it; within a container only the outermost may be in sight."""
    group = Path(place.strip().lstrip("/"))
    folders = [mount / part for part in (group, *group.parents)]
    names = ("memory.max", "memory.current", "inactive_file")
    if not second:
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    return [limit for folder in dict.fromkeys(folders) if (limit := _limit_in(folder, *names)) is not None]


def _limit_in(folder: Path, limit_name: str, used_name: str, cache_name: str) -> Memory | None:
    """None where a group has no limit, or none that could be read. Files kept in memory are given back on demand."""
    limit = next(iter(_lines(folder / limit_name)), "max")
    if not limit.isdecimal() or int(limit) >= _NO_LIMIT:
        return None
    used = int(next(iter(_lines(folder / used_name)), "0"))
    cached = dict(line.split() for line in _lines(folder / "memory.stat")).get(cache_name, "0")
    return Memory(int(limit), max(0, int(limit) - max(0, used - int(cached))))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []


def _output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout.strip()


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of sysinfoapi.h."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        *((name, ctypes.c_uint64) for name in ("total_page", "available_page", "total_virtual", "available_virtual")),
        ("available_extended", ctypes.c_uint64),
    )


def _windows_memory() -> Memory | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - a name that only Windows has
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return Memory(status.total, status.available)
