"""``pointproof samples``: what can be linked to cameras."""

import argparse
import sys
from collections.abc import Iterator

import msgspec

from app.cli.bar import progress_bar
from app.cli.edge_impulse import key_info, object_tracking
from app.cli.exit_codes import FINE
from app.cli.inspect_text import table
from app.cli.inspection import to_json
from app.cli.windows import Windows
from app.domain.sample import Sample
from app.sync import list_samples


class SampleRow(msgspec.Struct, frozen=True):
    """One sample; what the service does not say is null. ``state`` is empty for one that can be used."""

    sample_id: int
    name: str
    category: str
    kind: str
    label: str
    frames: int | None
    rate_hz: float | None
    width: int | None
    height: int | None
    state: str


class SamplesReport(msgspec.Struct, frozen=True):
    """What ``samples --json`` writes."""

    project_id: int
    samples: tuple[SampleRow, ...]


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """List the samples of one category; raises AppError."""
    with object_tracking() as edge_impulse, progress_bar("Listing samples") as progress:
        project_id = key_info(edge_impulse, progress).project_id
        samples = list_samples(
            edge_impulse, project_id, category=options.category, search=options.search, progress=progress
        )
    report = SamplesReport(project_id, tuple(_row(sample) for sample in samples))
    sys.stdout.write((to_json(report) if options.json else "\n".join(_lines(report))) + "\n")
    return FINE


def _row(sample: Sample) -> SampleRow:
    width, height = sample.image_size or (None, None)
    return SampleRow(
        sample_id=sample.sample_id,
        name=sample.name,
        category=sample.category,
        kind=sample.kind,
        label=sample.label,
        frames=sample.frame_count,
        rate_hz=sample.frame_rate,
        width=width,
        height=height,
        state=sample.state,
    )


def _lines(report: SamplesReport) -> Iterator[str]:
    yield f"Project {report.project_id}: {len(report.samples)} samples"
    if report.samples:
        header = ("id", "name", "category", "kind", "frames", "Hz", "size", "state")
        yield from table(header, [_cells(row) for row in report.samples], right=frozenset({0, 4, 5}))


def _cells(row: SampleRow) -> tuple[str, ...]:
    frames = "-" if row.frames is None else str(row.frames)
    rate = "-" if row.rate_hz is None else f"{row.rate_hz:g}"
    size = "-" if row.width is None else f"{row.width}x{row.height}"
    return (str(row.sample_id), row.name, row.category, row.kind, frames, rate, size, row.state)
