"""A file store in a process of its own, so that the program and its peer are measured against the same server."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.sandbox.faults import Fault, FaultKind
from app.sandbox.generated import Generated
from app.sandbox.origin import OriginServer
from app.sandbox.ranges import ranged_reply

_CODE = "import sys; sys.path[:] = {path!r}; from app.bench.served import serve; serve({size})"


@contextmanager
def file_store(size: int) -> Iterator[str]:
    """The address of a store: below it ``/whole`` is a file of ``size`` bytes made while it is sent, ``/cut`` the same
    from a store that closes the connection after half of it."""
    code = _CODE.format(path=sys.path, size=size)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as store:
        assert store.stdout is not None
        try:
            yield store.stdout.readline().decode().strip()
        finally:
            store.communicate()  # closes its input, which ends it


def serve(size: int) -> None:
    """Serve until the input closes; the first line of the output is the address."""
    file = Generated(size)
    server = OriginServer("files", lambda asked: ranged_reply(file, "x/y", asked, etag=f'"{size}"'))
    server.faults.add(Fault(FaultKind.CUT, path_contains="/cut", after_bytes=(size + 1) // 2, times=sys.maxsize))
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()
