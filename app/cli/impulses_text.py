"""The report of ``impulses`` for people."""

from collections.abc import Iterable, Iterator, Mapping

from app.cli.inspect_text import Row, table
from app.domain.finding import counted, listed, printable, shortened
from app.domain.impulse import Impulse, ImpulseList
from app.domain.impulse.blocks import Block, DspBlock, InputBlock, LearnBlock, PostProcessingBlock
from app.domain.impulse.comparison import compare_impulses, differing
from app.domain.impulse.parameters import Parameter, visible_parameters
from app.domain.impulse.performance import ValidationMetrics
from app.domain.impulse.record import Scalar
from app.domain.impulse.secrets import masked_metrics
from app.domain.impulse.state import state_words
from app.domain.impulse.values import value_text
from app.domain.impulse.variants import threshold_pairs, variant_results

UNKNOWN = "-"  # the service does not say


def to_text(documents: Mapping[str, ImpulseList]) -> str:
    """Everything, one part for each place that impulses come from."""
    return "\n".join(line for name, impulses in documents.items() for line in _document(name, impulses)) + "\n"


def comparison_text(left: Impulse, right: Impulse) -> str:
    """What differs between two impulses, one line for each thing."""
    header = ("part", "what", *(f"{printable(each.name)} (id {each.impulse_id})" for each in (left, right)))
    rows = [
        (row.section, row.name, *(shortened(printable(text)) or UNKNOWN for text in (row.left, row.right)))
        for row in differing(compare_impulses(left, right))
    ]
    lines = table(header, rows) if rows else ["  Nothing differs."]
    return "\n".join(lines) + "\n"


def _document(name: str, impulses: ImpulseList) -> Iterator[str]:
    yield f"{printable(name)}: {counted(len(impulses.impulses), 'impulse')}"
    for impulse in impulses.impulses:
        yield from ("", *_impulse(impulse))
    if impulses.remarks:
        yield from ("", "Remarks", *(f"  {remark}" for remark in impulses.remarks))


def _impulse(impulse: Impulse) -> Iterator[str]:
    tags = f", tagged {listed(map(printable, impulse.tags))}" if impulse.tags else ""
    yield f"{printable(impulse.name)} (id {impulse.impulse_id}): {', '.join(state_words(impulse))}{tags}"
    yield from _section("Blocks", ("block", "id", "type", "name", "what it does"), [*_blocks(impulse)])
    yield from _section(
        "Thresholds", ("block", "threshold", "now", "at training", "suggested"), [*_thresholds(impulse)]
    )
    yield from _section("Variants", ("block", "variant", "accuracy", "loss", "more"), [*_variants(impulse)])
    yield from _section("Metrics", ("category", "metric", "value"), [*_metrics(impulse)])


def _section(title: str, header: Row, rows: list[Row]) -> list[str]:
    return [f"  {title}", *table(header, rows)] if rows else []


def _blocks(impulse: Impulse) -> Iterator[Row]:
    for given in impulse.input_blocks:
        yield ("input", *_named(given), _input(given))
    for dsp in impulse.dsp_blocks:
        yield ("processing", *_named(dsp), _dsp(impulse, dsp))
    for learn in impulse.learn_blocks:
        yield ("learning", *_named(learn), _learn(impulse, learn))
    for after in impulse.post_processing_blocks:
        yield ("post-processing", *_named(after), _post_processing(impulse, after))


def _named(block: Block) -> Row:
    return str(block.block_id), block.type, block.label


def _input(block: InputBlock) -> str:
    size = f"{block.image_size[0]} x {block.image_size[1]} px" if block.image_size else ""
    window = f"windows of {_value(block.window_size_ms)} ms" if block.window_size_ms is not None else ""
    rate = f"{_value(block.frequency_hz)} Hz" if block.frequency_hz is not None else ""
    return ", ".join(filter(None, (size, block.resize_mode, window, rate)))


def _dsp(impulse: Impulse, block: DspBlock) -> str:
    found = impulse.dsp_config(block)
    groups = found.config.config if found and found.config else ()
    parameters = tuple(parameter for group in groups for parameter in group.items)
    return "; ".join(filter(None, (f"axes {listed(block.axes)}" if block.axes else "", _settings(parameters, block))))


def _learn(impulse: Impulse, block: LearnBlock) -> str:
    feeds = [f"{dsp.label} ({dsp.block_id})" for dsp in impulse.feeding(block)]
    lost = [f"{block_id} (does not exist)" for block_id in impulse.lost_feeds(block)]
    model = impulse.learn_config(block)
    state = {True: "trained", False: "not trained", None: ""}[model.trained if model else None]
    return "; ".join(filter(None, (f"from {listed([*feeds, *lost])}" if block.dsp else "", state)))


def _post_processing(impulse: Impulse, block: PostProcessingBlock) -> str:
    config = impulse.post_processing_config(block.block_id)
    if config is None:
        return "settings unknown"
    off = "off" if config.enabled is False else ""
    return "; ".join(filter(None, (off, _settings(config.parameters, block))))


def _settings(parameters: Iterable[Parameter], block: DspBlock | PostProcessingBlock) -> str:
    shown = visible_parameters(parameters, implementation_version=block.implementation_version)
    return ", ".join(f"{parameter.label} {parameter.effective_value}" for parameter in shown)


def _thresholds(impulse: Impulse) -> Iterator[Row]:
    for block in impulse.learn_blocks:
        for pair in threshold_pairs(impulse.learn_config(block)):
            values = (_value(threshold.value if threshold else None) for threshold in (pair.now, pair.trained))
            yield (block.label, pair.label, *values, _value(pair.suggestion))


def _variants(impulse: Impulse) -> Iterator[Row]:
    for block in impulse.learn_blocks:
        for result in variant_results(impulse.learn_config(block)):
            recommended = " (recommended)" if result.recommended else ""
            yield (block.label, result.variant + recommended, *_figures(result.metrics or ValidationMetrics()))


def _figures(metrics: ValidationMetrics) -> Row:
    more = (f"{each.name} {each.value}" for each in metrics.additional_metrics)
    return _value(metrics.accuracy), _value(metrics.loss), ", ".join(more)


def _metrics(impulse: Impulse) -> Iterator[Row]:
    for metric in masked_metrics(impulse):
        hint = f" ({metric.value_hint})" if metric.value_hint else ""
        yield metric.category, metric.label, _value(metric.value) + hint


def _value(value: Scalar | None) -> str:
    return value_text(value, missing=UNKNOWN)
