"""How a command ended, for scripts."""

FINE = 0
FINDINGS = 1  # a finding of severity error, a damaged file, an export that lacks something, or a machine without 3D
USAGE = 2  # argparse's own
FAILED = 3  # could not be read or fetched
INTERRUPTED = 130  # Ctrl-C, as shells count it
