"""How a command ended, for scripts."""

FINE = 0
FINDINGS = 1  # at least one finding of severity error, or a damaged file
USAGE = 2  # argparse's own
FAILED = 3  # could not be read or fetched
INTERRUPTED = 130  # Ctrl-C, as shells count it
