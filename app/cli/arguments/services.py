"""Arguments of the commands that ask the services."""

import argparse
from pathlib import Path

from app.cli.arguments.shared import report_as_json, workspace_folder
from app.cli.arguments.values import camera_link, files_at, gigabytes
from app.domain.sample import CATEGORIES, POST_PROCESSING


def jobs(parser: argparse.ArgumentParser) -> None:
    """``pointproof jobs``."""
    parser.add_argument("--project", required=True, metavar="P", help="project id")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--batch", metavar="B", help="batch id; without one: every batch of the project")
    which.add_argument("--find", metavar="NAME", help="look for one job by its id or reference id")
    parser.add_argument("--offline", action="store_true", help="as listed last, without asking the service")
    workspace_folder(parser)
    report_as_json(parser)


def fetch(parser: argparse.ArgumentParser) -> None:
    """``pointproof fetch``."""
    parser.add_argument(
        "jobs", nargs="*", metavar="JOB", help="job ids or reference ids; without any: every completed job"
    )
    parser.add_argument("--project", required=True, metavar="P", help="project id")
    parser.add_argument("--batch", metavar="B", help="batch id; without one: every batch of the project")
    workspace_folder(parser)
    parser.add_argument(
        "--files-at",
        type=files_at,
        action="append",
        default=[],
        metavar="URL_PREFIX=FOLDER",
        help="files whose address starts so lie in this folder; remembered for the project (repeatable)",
    )
    parser.add_argument(
        "--quota",
        type=gigabytes,
        metavar="GB",
        help="most that the workspace may hold; jobs opened longest ago make room, pinned ones stay (0: any size)",
    )
    report_as_json(parser)


def samples(parser: argparse.ArgumentParser) -> None:
    """``pointproof samples``."""
    parser.add_argument("--category", choices=CATEGORIES, default=POST_PROCESSING, help="by default post-processing")
    parser.add_argument("--search", default="", metavar="TEXT", help="only samples with this in their name")
    report_as_json(parser)


def tracking(parser: argparse.ArgumentParser) -> None:
    """``pointproof tracking``."""
    parser.add_argument("--job", required=True, metavar="JOB", help="job id or reference id")
    parser.add_argument(
        "--link",
        type=camera_link,
        action="append",
        default=[],
        metavar="CAMERA=SAMPLE[:BLOCK[:VARIANT]]",
        help="sample id or name for a camera (repeatable); without any: the links that the job has",
    )
    workspace_folder(parser)
    parser.add_argument(
        "--classify", action="store_true", help="have missing results made: uses compute of the project"
    )
    parser.add_argument("--refresh", action="store_true", help="ask again for what is here already")
    report_as_json(parser)


def impulses(parser: argparse.ArgumentParser) -> None:
    """``pointproof impulses``."""
    help_text = "a file with the service's answer, or a workspace; without it the service is asked"
    parser.add_argument("path", type=Path, nargs="?", metavar="PATH", help=help_text)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the service's document with all that was understood of it")
    form.add_argument("--csv", action="store_true", help="the table of impulses and metrics, for spreadsheets")
    form.add_argument("--table-json", action="store_true", help="the same table as JSON")
    form.add_argument(
        "--compare", type=int, nargs=2, metavar="ID", help="what differs between two impulses, by their ids"
    )
    parser.add_argument(
        "--all-columns", action="store_true", help="in a table also columns that are not shown at first"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the table here instead of stdout")
