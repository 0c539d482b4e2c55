"""Samples as the object-tracking service lists them."""

from app.domain.sample import Sample
from app.formats.documents import flag, number, part, rows, spoken, text, whole
from app.formats.edge_impulse_records import Datastream, Dimensions, SampleRecord
from app.formats.edge_impulse_settings import read_size


def read_sample(record: SampleRecord) -> Sample | None:
    """One recording; None without an id, as nothing could be asked about it."""
    sample_id = whole(record.id)
    if sample_id is None:
        return None
    stream = next(iter(rows(record.datastreams, Datastream)), None) or Datastream()
    size = part(record.image_dimensions, Dimensions) or part(stream.image_dimensions, Dimensions) or Dimensions()
    failed = flag(record.processing_error)
    return Sample(
        sample_id=sample_id,
        name=text(record.filename) or f"Sample {sample_id}",
        category=text(record.category),
        label=text(record.label),
        kind=text(record.chart_type),
        frame_rate=_positive(number(record.frequency)) or _positive(number(stream.frequency_hz)),
        frame_count=whole(record.values_count) if record.values_count is not None else whole(stream.values_count),
        image_size=read_size(size.width, size.height),
        is_processing=flag(record.is_processing),
        is_disabled=flag(record.is_disabled),
        problem=(spoken(record.processing_error_string) or "Processing failed.") if failed else "",
    )


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None
