"""Every command: which module carries it out and which function names its arguments. No module is loaded here."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from app.cli.arguments import paths, services, window, workspace


def _none(_parser: argparse.ArgumentParser) -> None:
    """A command without arguments."""


@dataclass(frozen=True)
class Entry:
    """A command: its name, one line about it, the module with its ``run``, and what adds its arguments to a parser."""

    name: str
    summary: str
    module: str
    add_arguments: Callable[[argparse.ArgumentParser], None] = _none


COMMANDS = (
    Entry("gui", "open the window (the same as no command)", "app.cli.shown"),
    Entry("demo", "show a job fetched from services that run on this machine", "app.cli.shown", window.demo),
    Entry(
        "open",
        "open a job, a delivery folder, a bundle, a result.json or a point cloud in the window",
        "app.cli.shown",
        window.open_path,
    ),
    Entry("sandbox", "serve both APIs on this machine until Ctrl-C", "app.cli.serve", window.sandbox),
    Entry(
        "jobs",
        "list the batches and jobs of a project and what changed since the last time",
        "app.cli.jobs",
        services.jobs,
    ),
    Entry("fetch", "download jobs with all their files for work without a network", "app.cli.fetch", services.fetch),
    Entry(
        "samples",
        "list the samples of the object-tracking project that the key opens",
        "app.cli.samples",
        services.samples,
    ),
    Entry(
        "tracking",
        "link cameras of a downloaded job to samples, and fetch their boxes and pictures",
        "app.cli.tracking",
        services.tracking,
    ),
    Entry(
        "verify",
        "name each damaged or missing file of a workspace and the job it belongs to",
        "app.cli.verify",
        workspace.verify,
    ),
    Entry(
        "bundle",
        "write a job with all its files, boxes and links into one file",
        "app.cli.bundle",
        workspace.bundle,
    ),
    Entry(
        "import",
        "add the job of a bundle to a workspace; what is there already stays as it is",
        "app.cli.bundle_import",
        workspace.import_bundle,
    ),
    Entry(
        "inspect",
        "report points, fields, bounds, legend, cameras, tracks and findings",
        "app.cli.inspect",
        paths.inspect,
    ),
    Entry(
        "impulses",
        "report the impulses of an Edge Impulse project: blocks, thresholds, variants, metrics",
        "app.cli.impulses",
        services.impulses,
    ),
    Entry("render", "draw one frame into a PNG file, without a window", "app.cli.render", paths.render),
    Entry(
        "export",
        "write a job's points with their label keys for other programs",
        "app.cli.export",
        paths.export,
    ),
    Entry(
        "doctor",
        "report what draws on this machine and how fast, versions, memory, workspace",
        "app.cli.doctor",
        window.doctor,
    ),
    Entry("bench", "measure speed on this machine and print the ratios", "app.cli.measure", window.bench),
)
