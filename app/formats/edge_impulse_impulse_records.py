"""The impulses-detailed document as it is on the wire. Metadata of blocks is absent until they are trained."""

from typing import Any

from msgspec import UNSET, UnsetType

from app.formats.documents import Maybe, Rows
from app.formats.edge_impulse_records import ConfigRecord, Envelope, Wire


class InputBlockRecord(Wire):
    """What an impulse takes in; image fields stand on time series blocks, too."""

    id: Any = None
    type: Any = None
    name: Any = None
    image_width: Any = None
    image_height: Any = None
    resize_mode: Any = None
    resize_method: Any = None
    crop_anchor: Any = None
    window_size_ms: Any = None
    window_increase_ms: Any = None
    frequency_hz: Any = None


class BlockRecord(Wire):
    """A processing, learn or post-processing block."""

    id: Any = None
    type: Any = None
    name: Any = None


class ImpulseRecord(Wire):
    """The blocks of one impulse."""

    id: Any = None
    name: Any = None
    type: Any = None
    input_blocks: Rows[InputBlockRecord] = None
    dsp_blocks: Rows[BlockRecord] = None
    learn_blocks: Rows[BlockRecord] = None
    post_processing_blocks: Rows[BlockRecord] = None


class FilteringRecord(Wire):
    """How the service's own table filters by a metric."""

    type: Any = None
    options: Any = None


class MetricRecord(Wire):
    """One figure; ``value`` is text or a boolean."""

    name: Any = None
    type: Any = None
    category: Any = None
    description: Any = None
    value: Any = None
    title: Any = None
    value_for_sorting: Any = None
    value_hint: Any = None


class ThresholdRecord(Wire):
    """One limit; ``value`` is a number or text."""

    key: Any = None
    description: Any = None
    value: Any = None
    suggested_value: Any = None
    suggested_value_text: Any = None


class AdditionalMetricRecord(Wire):
    """One more figure of a variant."""

    name: Any = None
    value: Any = None


class ValidationRecord(Wire):
    """How one variant did; its ``predictions`` can be enormous and are skipped."""

    type: Any = None
    loss: Any = None
    accuracy: Any = None
    confusion_matrix: Any = None
    additional_metrics: Rows[AdditionalMetricRecord] = None


class LearnConfig(Wire):
    """Settings of a learn block."""

    trained: Any = None
    selected_model_type: Any = None
    thresholds: Rows[ThresholdRecord] = None


class LearnMetadata(Wire):
    """State of a learn block at its last training."""

    class_names: Any = None
    available_model_types: Any = None
    recommended_model_type: Any = None
    model_validation_metrics: Rows[ValidationRecord] = None
    has_trained_model: Any = None
    object_detection_last_layer: Any = None
    thresholds: Rows[ThresholdRecord] = None


class LearnBlockConfig(Wire):
    """Joined with its block by ``blockId``, within its own list only."""

    block_id: Any = None
    config: Maybe[LearnConfig] = None
    metadata: Maybe[LearnMetadata] = None


class PostProcessingBlockConfig(Wire):
    """Joined with its block by ``blockId``, within its own list only."""

    block_id: Any = None
    config: Maybe[ConfigRecord] = None


class DetailedImpulseRecord(Wire):
    """One impulse with everything around it."""

    impulse: Maybe[ImpulseRecord] = None
    metrics: Rows[MetricRecord] = None
    learn_block_keras_configs: Rows[LearnBlockConfig] = None
    learn_block_anomaly_configs: Rows[LearnBlockConfig] = None
    post_processing_block_configs: Rows[PostProcessingBlockConfig] = None
    is_stale: Any = None
    configured: Any = None
    complete: Any = None
    tags: Any = None


class MetricKeyRecord(Wire):
    """A column that the service offers."""

    name: Any = None
    description: Any = None
    type: Any = None
    filtering_type: Maybe[FilteringRecord] = None
    show_in_table: Any = None


class MetricKeysRecord(Wire):
    """The columns of one category."""

    category: Any = None
    metric_keys: Rows[MetricKeyRecord] = None


class ImpulsesAnswer(Envelope):
    """All impulses of a project."""

    impulses: Rows[DetailedImpulseRecord] | UnsetType = UNSET
    metric_keys_by_category: Rows[MetricKeysRecord] = None
    extra_table_columns: Any = None
