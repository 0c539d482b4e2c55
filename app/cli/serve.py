"""``pointproof sandbox``: both services on this machine until Ctrl-C."""

import argparse
import shlex
import sys
from pathlib import Path

from app.cli.bar import progress_bar
from app.cli.exit_codes import FINE
from app.cli.windows import Windows
from app.sandbox.server import Sandbox


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Serve until KeyboardInterrupt; the variables that point the program here go to stdout. Raises AppError."""
    deliveries = options.root or [_street()]
    with Sandbox(deliveries, port=options.port) as sandbox:
        sys.stdout.write(variables(sandbox))
        sys.stdout.flush()
        sys.stderr.write("Serving until Ctrl-C. Signed addresses are at " + sandbox.store_url + "\n")
        sandbox.wait()
    return FINE


def variables(sandbox: Sandbox) -> str:
    """Lines for a shell to evaluate: base URLs and keys, which are the sandbox's own and open nothing else."""
    values = {
        "POINTPROOF_TELUS_URL": sandbox.telus_url,
        "POINTPROOF_TELUS_API_KEY": sandbox.telus_key,
        "POINTPROOF_EDGE_IMPULSE_URL": sandbox.edge_impulse_url,
        "POINTPROOF_EDGE_IMPULSE_API_KEY": sandbox.edge_impulse_key,
    }
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def _street() -> Path:
    from app.sandbox.street import street_folder

    with progress_bar("Making the street") as progress:
        return street_folder(progress)
