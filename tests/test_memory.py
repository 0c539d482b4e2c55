"""How much memory is left, told from files as systems write them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import memory
from app.memory import Memory, available_bytes, linux_memory, mac_memory, memory_now

GIB = 1 << 30
MEMINFO = "MemTotal:       8388608 kB\nMemFree:          10000 kB\nMemAvailable:    4194304 kB\nHugePages_Total:   0\n"
VM_STAT = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               100000.
Pages active:                             400000.
Pages inactive:                            50000.
Pages speculative:                          1000.
Pages wired down:                          90000.
Pages purgeable:                             500.
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """8 GiB of memory, 4 GiB of it free, and no control groups."""
    write(tmp_path / "proc/meminfo", MEMINFO)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def group(folder: Path, *, limit: str, used: int, cached: int, version: int) -> None:
    """A control group as the kernel shows it."""
    names = ("memory.max", "memory.current", "inactive_file")
    if version == 1:
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    write(folder / names[0], f"{limit}\n")
    write(folder / names[1], f"{used}\n")
    write(folder / "memory.stat", f"anon 5\n{names[2]} {cached}\nother 7\n")


def test_a_machine_without_control_groups_has_what_meminfo_says(machine: Path) -> None:
    assert linux_memory(machine) == Memory(8 * GIB, 4 * GIB)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("place", ["/", "/user/job", "/user/job/deeper"])
def test_a_control_group_around_the_program_limits_it(machine: Path, version: int, place: str) -> None:
    """Files that the group keeps in memory are given back on demand, so they count as free."""
    mount = machine / ("sys/fs/cgroup" if version == 2 else "sys/fs/cgroup/memory")
    write(machine / "proc/self/cgroup", f"0::{place}\n" if version == 2 else f"9:cpu:/x\n4:memory:{place}\n")
    where = mount if place == "/" else mount / "user/job"
    group(where, limit=str(2 * GIB), used=GIB, cached=GIB // 2, version=version)
    assert linux_memory(machine) == Memory(2 * GIB, 2 * GIB - GIB // 2)


@pytest.mark.parametrize(("version", "limit"), [(2, "max"), (1, "9223372036854771712"), (2, "12 apples")])
def test_a_control_group_without_a_limit_changes_nothing(machine: Path, version: int, limit: str) -> None:
    write(machine / "proc/self/cgroup", "0::/\n" if version == 2 else "4:memory:/\n")
    mount = machine / ("sys/fs/cgroup" if version == 2 else "sys/fs/cgroup/memory")
    group(mount, limit=limit, used=1, cached=0, version=version)
    assert linux_memory(machine) == Memory(8 * GIB, 4 * GIB)


def test_a_group_that_used_more_than_its_limit_has_nothing_left(machine: Path) -> None:
    write(machine / "proc/self/cgroup", "0::/\n")
    group(machine / "sys/fs/cgroup", limit=str(GIB), used=2 * GIB, cached=0, version=2)
    assert linux_memory(machine).available == 0


def test_macs_count_pages_that_are_free_or_given_back_on_demand() -> None:
    assert mac_memory("17179869184\n", VM_STAT) == Memory(16 * GIB, 16384 * (100_000 + 50_000 + 1000 + 500))


@pytest.mark.parametrize("text", ["", "MemTotal: many kB\n", "\x00\x01"])
def test_what_cannot_be_read_is_refused_and_then_unknown(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "proc/meminfo", text)
    with pytest.raises(ValueError, match="not the meminfo"):
        linux_memory(tmp_path)
    with pytest.raises(ValueError, match="not what vm_stat"):
        mac_memory("1", text)
    monkeypatch.setattr(memory, "Path", lambda _root: tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    assert memory_now() is None
    assert available_bytes() is None


@pytest.mark.skipif(sys.platform != "linux", reason="compares with the program free")
def test_this_machine_has_what_the_system_s_own_tool_says() -> None:
    told = subprocess.run(["free", "-b"], capture_output=True, text=True, check=True).stdout
    total = int(re.findall(r"^Mem:\s+(\d+)", told, re.MULTILINE)[0])
    now = memory_now()
    assert now is not None
    assert 0 < now.available <= now.total <= total
