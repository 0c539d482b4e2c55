"""Memory of work in a process of its own: what its first run takes, and keeps, counts."""

import subprocess
import sys
from collections.abc import Callable

from app.bench.rows import grown_by

_CODE = """import sys; sys.path[:] = {path!r}
from {module} import {name}
from app.bench.fresh import report
report(lambda: {name}(*{arguments!r}))
"""


def grown_by_first(work: Callable[..., object], *arguments: str | int) -> int:
    """Bytes by which a new process grows at most while it runs ``work``, a function of a module, for the first time.

    Its imports are done before.
    """
    code = _CODE.format(path=sys.path, module=work.__module__, name=work.__name__, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def report(work: Callable[[], object]) -> None:
    """Write that number."""
    sys.stdout.write(f"{grown_by(work)}\n")
