"""Arguments of the commands that open a window or stand in for what it talks to."""

import argparse
from pathlib import Path

from app.cli.arguments.shared import mask_of_one_cloud, report_as_json, snapshot
from app.cli.arguments.values import index, port, size


def demo(parser: argparse.ArgumentParser) -> None:
    """``pointproof demo``."""
    parser.add_argument("--root", type=Path, metavar="DIR", help="a delivery folder to serve instead of the street")
    snapshot(parser)
    parser.add_argument("--theme", choices=("dark", "light"), help="colours of the window")
    parser.add_argument("--frame", type=index, metavar="N", help="frame to show, counted from 0")
    parser.add_argument("--size", type=size, metavar="WxH", help="size of the window in pixels")


def open_path(parser: argparse.ArgumentParser) -> None:
    """``pointproof open``."""
    parser.add_argument("path", type=Path, metavar="PATH")
    mask_of_one_cloud(parser)
    snapshot(parser)


def sandbox(parser: argparse.ArgumentParser) -> None:
    """``pointproof sandbox``."""
    parser.add_argument(
        "--root", type=Path, metavar="DIR", action="append", default=[], help="a delivery folder (repeatable)"
    )
    parser.add_argument("--port", type=port, default=0, metavar="N", help="port of the annotation service")


def doctor(parser: argparse.ArgumentParser) -> None:
    """``pointproof doctor``."""
    report_as_json(parser)


def bench(parser: argparse.ArgumentParser) -> None:
    """``pointproof bench``."""
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="parts to measure; without any: all")
