"""What a process took at most: read by children whose work is measured, as no other test has raised their peak."""

import re
import sys
from pathlib import Path

import pytest

only_where_it_is_told = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak in this way")


def peak_memory() -> int:
    """Bytes of memory that this process held at most; ``getrusage`` would count those of its parent too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return 1024 * int(found[1])
