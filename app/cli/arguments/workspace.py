"""Arguments of the commands that look after a workspace and carry jobs in and out of it."""

import argparse
from pathlib import Path

from app.cli.arguments.shared import report_as_json, workspace_folder


def verify(parser: argparse.ArgumentParser) -> None:
    """``pointproof verify``."""
    parser.add_argument("workspace", nargs="?", type=Path, metavar="WORKSPACE", help="folder instead of the usual one")
    parser.add_argument("--read-data", action="store_true", help="read every file and compare its SHA-256")
    parser.add_argument("--repair", action="store_true", help="fetch again what is damaged")
    report_as_json(parser)


def bundle(parser: argparse.ArgumentParser) -> None:
    """``pointproof bundle``."""
    parser.add_argument("job", metavar="JOB", help="job id or reference id of the workspace, or the path of a delivery")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.ppb")
    workspace_folder(parser)
    parser.add_argument("--partial", action="store_true", help="go without files that are missing or damaged")


def import_bundle(parser: argparse.ArgumentParser) -> None:
    """``pointproof import``."""
    parser.add_argument("bundle", type=Path, metavar="FILE.ppb")
    workspace_folder(parser)
    report_as_json(parser)
