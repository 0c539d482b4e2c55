"""Arguments of the commands that read whatever lies at a path."""

import argparse
from pathlib import Path

from app.cli.arguments.looking import looking
from app.cli.arguments.shared import camera_poses, mask_of_one_cloud, report_as_json
from app.cli.arguments.values import index, picture, size
from app.domain.export_format import ExportFormat


def inspect(parser: argparse.ArgumentParser) -> None:
    """``pointproof inspect``."""
    parser.add_argument("path", type=Path, metavar="PATH")
    mask_of_one_cloud(parser)
    camera_poses(parser)
    parser.add_argument("--alignment", action="store_true", help="compare points with pictures, which takes a while")
    report_as_json(parser)


def render(parser: argparse.ArgumentParser) -> None:
    """``pointproof render``."""
    parser.add_argument("path", type=Path, metavar="PATH")
    mask_of_one_cloud(parser)
    parser.add_argument("--frame", type=index, metavar="N", help="frame, counted from 0 (default 0, or the picture's)")
    parser.add_argument("-o", "--output", type=picture, required=True, metavar="FILE.png")
    parser.add_argument("--size", type=size, metavar="WxH", help="pixels (default 1280x800, or the picture's)")
    parser.add_argument(
        "--view-of",
        type=Path,
        metavar="PICTURE.png",
        help="look as a saved picture does, but for what the options below say",
    )
    camera_poses(parser)
    looking(parser)


def export(parser: argparse.ArgumentParser) -> None:
    """``pointproof export``."""
    parser.add_argument("path", type=Path, metavar="PATH")
    mask_of_one_cloud(parser)
    parser.add_argument(
        "--format", choices=[kind.value for kind in ExportFormat], required=True, help="kind of files to write"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="a new or an empty folder")
    parser.add_argument(
        "--frame", type=index, action="extend", nargs="+", default=[], metavar="N", help="frames, counted from 0"
    )
    parser.add_argument("--whole", action="store_true", help="all frames in one file (pcd and npz)")
    parser.add_argument("--force", action="store_true", help="replace an earlier export in DIR")
