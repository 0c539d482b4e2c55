"""The impulses-detailed document as domain values."""

from msgspec import UNSET

from app.domain.impulse import (
    DspBlock,
    Impulse,
    ImpulseList,
    InputBlock,
    LearnBlock,
    Metric,
    MetricKey,
    PostProcessingBlock,
    Threshold,
    ValidationMetrics,
)
from app.errors import DocumentFormatError
from app.formats.documents import flag, number, part, rows, text, texts, whole
from app.formats.edge_impulse_impulse_records import (
    AdditionalMetricRecord,
    BlockRecord,
    DetailedImpulseRecord,
    FilteringRecord,
    ImpulseRecord,
    ImpulsesAnswer,
    InputBlockRecord,
    LearnBlockConfig,
    LearnConfig,
    LearnMetadata,
    MetricKeyRecord,
    MetricKeysRecord,
    MetricRecord,
    PostProcessingBlockConfig,
    ThresholdRecord,
    ValidationRecord,
)
from app.formats.edge_impulse_records import ConfigRecord
from app.formats.edge_impulse_settings import read_config, read_size

# The service lists a state among its variants; it cannot be asked for results.
NOT_VARIANTS = frozenset({"requiresRetrain"})


def read_impulses(answer: ImpulsesAnswer) -> ImpulseList:
    """Every impulse that has an id, in the service's order; raises DocumentFormatError for another document."""
    if answer.impulses is UNSET:
        raise DocumentFormatError("The impulses document lists no impulses: it is the answer to another question.")
    impulses = (_impulse(record) for record in rows(answer.impulses, DetailedImpulseRecord))
    return ImpulseList(
        impulses=tuple(impulse for impulse in impulses if impulse is not None),
        metric_keys={
            text(group.category): tuple(_metric_key(key) for key in rows(group.metric_keys, MetricKeyRecord))
            for group in rows(answer.metric_keys_by_category, MetricKeysRecord)
        },
        extra_columns=texts(answer.extra_table_columns),
    )


def _impulse(detailed: DetailedImpulseRecord) -> Impulse | None:
    record = part(detailed.impulse, ImpulseRecord)
    impulse_id = whole(record.id) if record else None
    if record is None or impulse_id is None:
        return None
    return Impulse(
        impulse_id=impulse_id,
        name=text(record.name) or f"Impulse {impulse_id}",
        type=text(record.type),
        input_blocks=_input_blocks(record),
        dsp_blocks=tuple(DspBlock(*block) for block in _blocks(rows(record.dsp_blocks, BlockRecord))),
        learn_blocks=_learn_blocks(record, detailed),
        post_processing_blocks=_post_processing_blocks(record, detailed),
        metrics=tuple(_metric(metric) for metric in rows(detailed.metrics, MetricRecord)),
        tags=texts(detailed.tags),
        is_stale=flag(detailed.is_stale),
        is_configured=flag(detailed.configured),
        is_complete=flag(detailed.complete),
    )


def _blocks(records: list[BlockRecord]) -> list[tuple[int, str, str]]:
    """(block id, type, name) of every block that has an id."""
    found = ((whole(record.id), text(record.type), text(record.name)) for record in records)
    return [(block_id, kind, name) for block_id, kind, name in found if block_id is not None]


def _input_blocks(record: ImpulseRecord) -> tuple[InputBlock, ...]:
    known = ((whole(block.id), block) for block in rows(record.input_blocks, InputBlockRecord))
    return tuple(_input_block(block_id, block) for block_id, block in known if block_id is not None)


def _input_block(block_id: int, block: InputBlockRecord) -> InputBlock:
    return InputBlock(
        block_id=block_id,
        type=text(block.type),
        name=text(block.name),
        image_size=read_size(block.image_width, block.image_height),
        resize_mode=text(block.resize_mode),
        resize_method=text(block.resize_method),
        crop_anchor=text(block.crop_anchor),
        window_ms=number(block.window_size_ms),
        window_increase_ms=number(block.window_increase_ms),
        frequency_hz=number(block.frequency_hz),
    )


def _learn_blocks(record: ImpulseRecord, detailed: DetailedImpulseRecord) -> tuple[LearnBlock, ...]:
    configs = {
        whole(config.block_id): config
        for group in (detailed.learn_block_anomaly_configs, detailed.learn_block_keras_configs)
        for config in rows(group, LearnBlockConfig)
    }
    blocks = _blocks(rows(record.learn_blocks, BlockRecord))
    return tuple(_learn_block(*block, configs.get(block[0]) or LearnBlockConfig()) for block in blocks)


def _learn_block(block_id: int, kind: str, name: str, details: LearnBlockConfig) -> LearnBlock:
    config = part(details.config, LearnConfig) or LearnConfig()
    metadata = part(details.metadata, LearnMetadata) or LearnMetadata()
    states = [state for state in (metadata.has_trained_model, config.trained) if isinstance(state, bool)]
    return LearnBlock(
        block_id=block_id,
        type=kind,
        name=name,
        trained=states[0] if states else None,
        variants=tuple(name for name in texts(metadata.available_model_types) if name not in NOT_VARIANTS),
        recommended_variant=_variant(metadata.recommended_model_type),
        selected_variant=_variant(config.selected_model_type),
        last_layer=text(metadata.object_detection_last_layer),
        class_names=texts(metadata.class_names),
        thresholds=_thresholds(rows(config.thresholds, ThresholdRecord)),
        trained_thresholds=_thresholds(rows(metadata.thresholds, ThresholdRecord)),
        validation=tuple(_validation(metrics) for metrics in rows(metadata.model_validation_metrics, ValidationRecord)),
    )


def _variant(value: object) -> str:
    return "" if text(value) in NOT_VARIANTS else text(value)


def _thresholds(records: list[ThresholdRecord]) -> tuple[Threshold, ...]:
    return tuple(
        Threshold(
            key=text(record.key),
            value=text(record.value),
            description=text(record.description),
            suggested_value=text(record.suggested_value_text) or text(record.suggested_value),
        )
        for record in records
    )


def _validation(record: ValidationRecord) -> ValidationMetrics:
    additional = rows(record.additional_metrics, AdditionalMetricRecord)
    return ValidationMetrics(
        variant=text(record.type),
        loss=number(record.loss),
        accuracy=number(record.accuracy),
        confusion=_matrix(record.confusion_matrix),
        additional=tuple((text(metric.name), text(metric.value)) for metric in additional),
    )


def _matrix(value: object) -> tuple[tuple[float, ...], ...]:
    """A matrix of numbers, empty where any row or cell is something else."""
    lines = value if isinstance(value, list) else []
    matrix = [[number(cell) for cell in line] if isinstance(line, list) else [None] for line in lines]
    complete = [tuple(cell for cell in line if cell is not None) for line in matrix]
    same = all(len(kept) == len(line) for kept, line in zip(complete, matrix, strict=True))
    return tuple(complete) if same else ()


def _post_processing_blocks(record: ImpulseRecord, detailed: DetailedImpulseRecord) -> tuple[PostProcessingBlock, ...]:
    listed = rows(detailed.post_processing_block_configs, PostProcessingBlockConfig)
    configs = {whole(entry.block_id): part(entry.config, ConfigRecord) for entry in listed}
    return tuple(
        PostProcessingBlock(block_id, kind, name, read_config(config) if config else None)
        for block_id, kind, name in _blocks(rows(record.post_processing_blocks, BlockRecord))
        for config in [configs.get(block_id)]
    )


def _metric(record: MetricRecord) -> Metric:
    return Metric(
        category=text(record.category),
        name=text(record.name),
        value=record.value if isinstance(record.value, bool) else text(record.value),
        type=text(record.type),
        title=text(record.title),
        description=text(record.description),
        hint=text(record.value_hint),
        sort_value=number(record.value_for_sorting),
    )


def _metric_key(record: MetricKeyRecord) -> MetricKey:
    filtering = part(record.filtering_type, FilteringRecord) or FilteringRecord()
    return MetricKey(
        name=text(record.name),
        description=text(record.description),
        type=text(record.type),
        filtering=text(filtering.type),
        options=texts(filtering.options),
        show_in_table=flag(record.show_in_table),
    )
