"""The arguments of every command, without loading what the commands need."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

import app
from app.cli.windows import Size

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

exit codes: 0 fine, 1 findings of severity error or damaged files, 2 usage, 3 could not be read or fetched
"""

EXPORT_FORMATS = ("semantic-kitti", "pcd", "npz")
CATEGORIES = ("post-processing", "training", "testing", "validation", "all")
LINK = re.compile(r"[^=]+=[^:]+(:[0-9]+(:[^:]+)?)?")
SIDE = range(16, 8_193)  # pixels: more than any screen, less than what exhausts memory


def size(text: str) -> Size:
    """Parse ``1280x800``; raises ArgumentTypeError."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) in SIDE and int(height) in SIDE):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 1280x800 (each {SIDE[0]} to {SIDE[-1]} pixels)")
    return int(width), int(height)


def index(text: str) -> int:
    """Parse a position counted from 0; raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def port(text: str) -> int:
    """Parse a TCP port, 0 meaning any free one; raises ArgumentTypeError."""
    if not (text.isdecimal() and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def camera_link(text: str) -> str:
    """Check the form ``CAMERA=SAMPLE[:BLOCK[:VARIANT]]``; raises ArgumentTypeError."""
    if not LINK.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not CAMERA=SAMPLE[:BLOCK[:VARIANT]], BLOCK being an id")
    return text


def files_at(text: str) -> tuple[str, Path]:
    """Parse ``https://bucket.example/scans/=FOLDER``; either side may hold an equals sign itself.

    Raises ArgumentTypeError unless one of them parts an address from a folder that exists.
    """
    for place, letter in enumerate(text):
        if letter == "=" and "://" in text[:place] and text[place + 1 :] and Path(text[place + 1 :]).is_dir():
            return text[:place], Path(text[place + 1 :])
    raise argparse.ArgumentTypeError(f"{text!r} is not URL_PREFIX=FOLDER with a folder that exists")


def gigabytes(text: str) -> float:
    """Parse an amount of data, 0 meaning no limit; raises ArgumentTypeError."""
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of gigabytes such as 20 or 0.5")
    return amount


def picture(text: str) -> Path:
    """Parse the path of a picture to write; raises ArgumentTypeError for a name that is not PNG."""
    if Path(text).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png")
    return Path(text)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; ``command`` is None where only the window is wanted."""
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="pointproof",
        description="Accept or reject LiDAR annotation.",
        epilog=EXAMPLES,
        formatter_class=formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pointproof {app.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for add in (
        _gui,
        _demo,
        _open,
        _sandbox,
        _jobs,
        _fetch,
        _samples,
        _tracking,
        _verify,
        _bundle,
        _import,
        _inspect,
        _impulses,
        _render,
        _export,
        _bench,
    ):
        add(lambda name, text: commands.add_parser(name, help=text, description=text, allow_abbrev=False))
    return parser


_Add = Callable[[str, str], argparse.ArgumentParser]


def _gui(add: _Add) -> None:
    add("gui", "open the window (the same as no command)")


def _demo(add: _Add) -> None:
    parser = add("demo", "show a job fetched from services that run on this machine")
    parser.add_argument("--root", type=Path, metavar="DIR", help="a delivery folder to serve instead of the street")
    parser.add_argument("--snapshot", type=picture, metavar="FILE.png", help="save the complete picture and end")
    parser.add_argument("--theme", choices=("dark", "light"), help="colours of the window")
    parser.add_argument("--frame", type=index, metavar="N", help="frame to show, counted from 0")
    parser.add_argument("--size", type=size, metavar="WxH", help="size of the window in pixels")


def _open(add: _Add) -> None:
    parser = add("open", "open a job, a delivery folder, a bundle, a result.json or a point cloud in the window")
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--mask", type=Path, metavar="FILE", help="mask of a single point cloud")
    parser.add_argument("--snapshot", type=picture, metavar="FILE.png", help="save the complete picture and end")


def _sandbox(add: _Add) -> None:
    parser = add("sandbox", "serve both APIs on this machine until Ctrl-C")
    parser.add_argument(
        "--root", type=Path, metavar="DIR", action="append", default=[], help="a delivery folder (repeatable)"
    )
    parser.add_argument("--port", type=port, default=0, metavar="N", help="port of the annotation service")


def _jobs(add: _Add) -> None:
    parser = add("jobs", "list the batches and jobs of a project and what changed since the last time")
    parser.add_argument("--project", required=True, metavar="P", help="project id")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--batch", metavar="B", help="batch id; without one: every batch of the project")
    which.add_argument("--find", metavar="NAME", help="look for one job by its id or reference id")
    parser.add_argument("--offline", action="store_true", help="as listed last, without asking the service")
    parser.add_argument("--out", type=Path, metavar="DIR", help="workspace folder instead of the usual one")
    parser.add_argument("--json", action="store_true", help="report as JSON on stdout")


def _fetch(add: _Add) -> None:
    parser = add("fetch", "download jobs with all their files for work without a network")
    parser.add_argument(
        "jobs", nargs="*", metavar="JOB", help="job ids or reference ids; without any: every completed job"
    )
    parser.add_argument("--project", required=True, metavar="P", help="project id")
    parser.add_argument("--batch", metavar="B", help="batch id; without one: every batch of the project")
    parser.add_argument("--out", type=Path, metavar="DIR", help="workspace folder to fill instead of the usual one")
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
    parser.add_argument("--json", action="store_true", help="report as JSON on stdout")


def _samples(add: _Add) -> None:
    parser = add("samples", "list the samples of the object-tracking project that the key opens")
    parser.add_argument("--category", choices=CATEGORIES, default=CATEGORIES[0], help="by default post-processing")
    parser.add_argument("--search", default="", metavar="TEXT", help="only samples with this in their name")
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def _tracking(add: _Add) -> None:
    parser = add("tracking", "link cameras of a downloaded job to samples, and fetch their boxes and pictures")
    parser.add_argument("--job", required=True, metavar="JOB", help="job id or reference id")
    parser.add_argument(
        "--link",
        type=camera_link,
        action="append",
        default=[],
        metavar="CAMERA=SAMPLE[:BLOCK[:VARIANT]]",
        help="sample id or name for a camera (repeatable); without any: the links that the job has",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="workspace folder with the job instead of the usual one"
    )
    parser.add_argument(
        "--classify", action="store_true", help="have missing results made: uses compute of the project"
    )
    parser.add_argument("--refresh", action="store_true", help="ask again for what is here already")
    parser.add_argument("--json", action="store_true", help="report as JSON on stdout")


def _verify(add: _Add) -> None:
    parser = add("verify", "name each damaged or missing file of a workspace and the job it belongs to")
    parser.add_argument("workspace", nargs="?", type=Path, metavar="WORKSPACE", help="folder instead of the usual one")
    parser.add_argument("--read-data", action="store_true", help="read every file and compare its SHA-256")
    parser.add_argument("--repair", action="store_true", help="fetch again what is damaged")
    parser.add_argument("--json", action="store_true", help="report as JSON on stdout")


def _bundle(add: _Add) -> None:
    parser = add("bundle", "write a job with all its files, boxes and links into one file")
    parser.add_argument("job", metavar="JOB", help="job id or reference id of the workspace, or the path of a delivery")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.ppb")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="workspace folder instead of the usual one")
    parser.add_argument("--partial", action="store_true", help="go without files that are missing or damaged")


def _import(add: _Add) -> None:
    parser = add("import", "add the job of a bundle to a workspace; what is there already stays as it is")
    parser.add_argument("bundle", type=Path, metavar="FILE.ppb")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="workspace folder instead of the usual one")
    parser.add_argument("--json", action="store_true", help="report as JSON on stdout")


def _inspect(add: _Add) -> None:
    parser = add("inspect", "report points, fields, bounds, legend, cameras, tracks and findings")
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--mask", type=Path, metavar="FILE", help="mask of a single point cloud")
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def _impulses(add: _Add) -> None:
    parser = add("impulses", "report the impulses of an Edge Impulse project: blocks, thresholds, variants, metrics")
    help_text = "a file with the service's answer, or a workspace; without it the service is asked"
    parser.add_argument("path", type=Path, nargs="?", metavar="PATH", help=help_text)
    parser.add_argument("--json", action="store_true", help="the service's document with all that was understood of it")


def _render(add: _Add) -> None:
    parser = add("render", "draw one frame into a PNG file, without a window")
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--mask", type=Path, metavar="FILE", help="mask of a single point cloud")
    parser.add_argument("--frame", type=index, default=0, metavar="N", help="frame, counted from 0 (default 0)")
    parser.add_argument("--view", choices=("top", "side", "ego"), default="top", help="where to look from")
    parser.add_argument("-o", "--output", type=picture, required=True, metavar="FILE.png")
    parser.add_argument("--size", type=size, default=(1280, 800), metavar="WxH", help="pixels (default 1280x800)")


def _export(add: _Add) -> None:
    parser = add("export", "write a job's points with their label keys for other programs")
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--mask", type=Path, metavar="FILE", help="mask of a single point cloud")
    parser.add_argument("--format", choices=EXPORT_FORMATS, required=True, help="kind of files to write")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="a new or an empty folder")
    parser.add_argument(
        "--frame", type=index, action="extend", nargs="+", default=[], metavar="N", help="frames, counted from 0"
    )
    parser.add_argument("--whole", action="store_true", help="all frames in one file (pcd and npz)")
    parser.add_argument("--force", action="store_true", help="replace an earlier export in DIR")


def _bench(add: _Add) -> None:
    parser = add("bench", "measure speed on this machine and print the ratios")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="parts to measure; without any: all")
