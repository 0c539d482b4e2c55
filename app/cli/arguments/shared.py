"""Arguments that mean the same in several commands."""

import argparse
from pathlib import Path

from app.cli.arguments.values import picture, pose_convention


def report_as_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="report as JSON on stdout")


def mask_of_one_cloud(parser: argparse.ArgumentParser) -> None:
    """``--mask FILE``."""
    parser.add_argument("--mask", type=Path, metavar="FILE", help="mask of a single point cloud")


def snapshot(parser: argparse.ArgumentParser) -> None:
    """``--snapshot FILE.png``."""
    parser.add_argument("--snapshot", type=picture, metavar="FILE.png", help="save the complete picture and end")


def workspace_folder(parser: argparse.ArgumentParser) -> None:
    """``--workspace DIR``; ``--out`` is its earlier name."""
    parser.add_argument(
        "--workspace", "--out", type=Path, metavar="DIR", help="workspace folder instead of the usual one"
    )


def camera_poses(parser: argparse.ArgumentParser) -> None:
    """How the camera poses of the job are read."""
    parser.add_argument(
        "--camera-poses",
        type=pose_convention,
        metavar="WORD,...",
        help="read camera poses as pose or inverse, of optical or body axes, in the space of points, ego or world "
        "(default pose,optical,points, or as chosen for the job)",
    )
