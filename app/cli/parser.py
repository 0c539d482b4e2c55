"""The whole command line, without loading what the commands need."""

import argparse

import app
from app.cli.commands import COMMANDS

EXAMPLES = """\
without a command the program opens its window

examples:
  pointproof demo                              a job from services that run on this machine
  pointproof open delivery/                    a delivery folder, a bundle, a result.json, a point cloud
  pointproof jobs --project P                  batches and jobs, and what changed since the last time
  pointproof fetch --project P --batch B       download the completed jobs of a batch
  pointproof tracking --job J --link front=42  boxes and pictures of sample 42 for the camera front
  pointproof verify --read-data --repair       check every file, fetch again what is damaged
  pointproof bundle JOB -o job.ppb             a downloaded job as one file to hand on
  pointproof inspect delivery/ --json          counts, bounds, cameras and findings
  pointproof render delivery/ --frame 0 --view ego -o frame.png
  pointproof export delivery/ --format pcd -o points/

exit codes: 0 fine, 1 findings of severity error, damaged files, an export that lacks something, or no 3D (doctor),
            2 usage, 3 could not be read or fetched
"""


def build_parser() -> argparse.ArgumentParser:
    """Of every command; ``command`` is None where only the window is wanted."""
    parser = argparse.ArgumentParser(
        prog="pointproof",
        description="Accept or reject LiDAR annotation.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pointproof {app.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for entry in COMMANDS:
        summary = entry.summary
        entry.add_arguments(commands.add_parser(entry.name, help=summary, description=summary, allow_abbrev=False))
    return parser
