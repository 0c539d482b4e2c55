"""Memory of work in a process of its own, where nothing else has run before."""

import subprocess
import sys
from collections.abc import Callable

from app.bench.rows import grown_by

_CODE = """import sys; sys.path[:] = {path!r}
from {module} import {name}
from app.bench.fresh import {report}
{report}({name}, {arguments!r})
"""


def grown_by_first(work: Callable[..., object], *arguments: str | int) -> int:
    """Bytes by which a new process grows at most while it runs ``work``, a function of a module, for the first time.

    Its imports are done before.
    """
    return _told(work, arguments, report=report_growth)


def told_by(work: Callable[..., int], *arguments: str | int) -> int:
    """What ``work``, a function of a module, returns in a new process."""
    return _told(work, arguments, report=report_result)


def report_growth(work: Callable[..., object], arguments: tuple[str | int, ...]) -> None:
    """Write by how much this process grows at most."""
    sys.stdout.write(f"{grown_by(lambda: work(*arguments))}\n")


def report_result(work: Callable[..., int], arguments: tuple[str | int, ...]) -> None:
    """Write what the work returns."""
    sys.stdout.write(f"{work(*arguments)}\n")


def _told(work: Callable[..., object], arguments: tuple[str | int, ...], *, report: Callable[..., None]) -> int:
    code = _CODE.format(
        path=sys.path, module=work.__module__, name=work.__name__, arguments=arguments, report=report.__name__
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    return int(done.stdout)
