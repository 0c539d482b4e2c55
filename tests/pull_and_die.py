"""A program of its own: for each number on stdin it pulls a job and dies at that many file operations.

Arguments: the workspace's folder and the service's address. For each number a fork of this process, which has
everything loaded, pulls; what its end looked like is printed: -9 where it was killed, 0 where it came to the end.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from app.workspace.catalogue import Catalogue
from tests.deadly import arm
from tests.pull_server import BUFFER, pull

OPERATIONS = ("open", "write", "fsync", "replace", "unlink", "mkdir", "ftruncate")


def arm_all(number: int) -> None:
    """Let the process die before its ``number``-th operation on a file or the catalogue."""
    Catalogue.write = arm(number, *OPERATIONS)(Catalogue.write)  # type: ignore[method-assign]


def small_buffers() -> None:
    """Let the system hold little of what the server sent and this program has not read."""
    connect = socket.socket.connect

    def call(self: socket.socket, address: Any) -> None:
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        connect(self, address)

    socket.socket.connect = call  # type: ignore[method-assign]


def main(root: Path, service: str) -> None:
    small_buffers()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            arm_all(int(line))
            pull(root, service)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - its only voice


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
