"""Everything that two impulses may be compared by, as text under a section and a name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.impulse.blocks import Block, DspBlock, InputBlock, LearnBlock, PostProcessingBlock
from app.domain.impulse.impulse_list import Impulse
from app.domain.impulse.learning import AnomalyConfig, KerasConfig
from app.domain.impulse.parameters import Parameter, visible_parameters
from app.domain.impulse.performance import ValidationMetrics
from app.domain.impulse.secrets import MASK, SECRET, masked, masked_metrics, secret_names
from app.domain.impulse.state import state_words
from app.domain.impulse.table_columns import CATEGORIES
from app.domain.impulse.training import KerasMetadata, LearnBlockConfig
from app.domain.impulse.values import exact_text, value_text
from app.domain.impulse.variants import variant_results


@dataclass(frozen=True)
class Fact:
    """One thing that is known of an impulse; blocks of one kind are numbered from the second on."""

    section: str
    name: str
    text: str


def facts_of(impulse: Impulse) -> Iterator[Fact]:
    """State, figures, then the blocks in the order of the data; what the service does not say is left out."""
    yield from _facts("Impulse", _impulse(impulse))
    for metric in masked_metrics(impulse):
        section = f"{CATEGORIES.get(metric.category, metric.category) or 'Other'} figures"
        yield from _facts(section, [(metric.label, value_text(metric.value))])
    for number, given in enumerate(impulse.input_blocks):
        yield from _facts(_title("Input", number), [*_block(given), *_input(given)])
    for number, dsp in enumerate(impulse.dsp_blocks):
        yield from _facts(_title("Processing", number), [*_block(dsp), *_dsp(impulse, dsp)])
    for number, learn in enumerate(impulse.learn_blocks):
        yield from _learn(impulse, learn, _title("Learning", number))
    for number, after in enumerate(impulse.post_processing_blocks):
        yield from _facts(_title("Post-processing", number), [*_block(after), *_post_processing(impulse, after)])


Pairs = Iterable[tuple[str, str]]


def _facts(section: str, pairs: Pairs) -> Iterator[Fact]:
    return (Fact(section, name, text) for name, text in pairs if text)


def _title(kind: str, number: int) -> str:
    return f"{kind} block {number + 1}" if number else f"{kind} block"


def _impulse(impulse: Impulse) -> Pairs:
    user, version = impulse.created_by_user, impulse.dataset_version
    yield "State", ", ".join(state_words(impulse))
    yield "Tags", ", ".join(impulse.tags)
    yield "Kind", impulse.design.type
    yield "Author", user.label if user else ""
    yield "Pretrained model", impulse.pretrained_model_info.file_name if impulse.pretrained_model_info else ""
    yield "Tuner trial", exact_text(impulse.created_from_tuner_trial_id)
    yield "Data version", value_text(version.version_index) if version else ""


def _block(block: Block) -> Pairs:
    yield "Name", block.label
    yield "Type", block.type


def _input(block: InputBlock) -> Pairs:
    subset, size = block.dataset_subset, block.image_size
    yield "Size", f"{size[0]} × {size[1]} px" if size else ""
    yield "Resizing", block.resize_mode
    yield "Resampling", block.resize_method
    yield "Crop anchor", block.crop_anchor
    yield "Axes", ", ".join(block.axes)
    yield "Window", _with_unit(block.window_size_ms, "ms")
    yield "Window increase", _with_unit(block.window_increase_ms, "ms")
    yield "Rate", _with_unit(block.frequency_hz, "Hz")
    yield "Zero padding", value_text(block.pad_zeros)
    yield "Share of the data", _with_unit(subset.include_percentage, "%") if subset else ""


def _dsp(impulse: Impulse, block: DspBlock) -> Pairs:
    found = impulse.dsp_config(block)
    config, made = (found.config, found.metadata) if found else (None, None)
    yield "Axes", ", ".join(block.axes)
    yield "Version", value_text(block.implementation_version)
    yield "Features", value_text(made.feature_count) if made else ""
    yield "Windows", value_text(made.window_count) if made else ""
    groups = config.config if config else ()
    yield from _parameters((item for group in groups for item in group.items), block)
    yield "Problem", config.config_error if config else ""


def _post_processing(impulse: Impulse, block: PostProcessingBlock) -> Pairs:
    config = impulse.post_processing_config(block.block_id)
    yield "Version", value_text(block.implementation_version)
    yield "Enabled", value_text(config.enabled) if config else ""
    yield from _parameters(config.parameters if config else (), block)


def _parameters(parameters: Iterable[Parameter], block: DspBlock | PostProcessingBlock) -> Pairs:
    for parameter in visible_parameters(parameters, implementation_version=block.implementation_version):
        yield parameter.label, MASK if parameter.type == SECRET else parameter.effective_value


def _learn(impulse: Impulse, block: LearnBlock, section: str) -> Iterator[Fact]:
    config = impulse.learn_config(block)
    yield from _facts(section, [*_block(block), ("Fed by", ", ".join(dsp.label for dsp in impulse.feeding(block)))])
    if config is not None:
        yield from _facts(section, [*_training(config, secret_names(impulse)), *_model(config)])
        yield from _facts(f"{section}: thresholds", _thresholds(config))
        yield from _facts(f"{section}: variants", _variants(config))


def _training(config: LearnBlockConfig, secrets: frozenset[str]) -> Pairs:
    known = config.config
    yield "Trained", value_text(config.trained)
    if known is None:
        return
    yield "Classes", ", ".join(known.dependencies.classes) if known.dependencies else ""
    yield "Minimum confidence", exact_text(known.minimum_confidence_rating)
    if isinstance(known, KerasConfig):
        yield from _network(known, secrets)
    if isinstance(known, AnomalyConfig):
        yield "Clusters", value_text(known.cluster_count)
        yield "Looks at", ", ".join(axis.label for axis in known.axes if axis.selected)


def _network(known: KerasConfig, secrets: frozenset[str]) -> Pairs:
    yield "Training cycles", value_text(known.training_cycles)
    yield "Learning rate", exact_text(known.learning_rate)
    yield "Batch size", value_text(known.batch_size)
    yield "Share for validation", exact_text(known.train_test_split)
    yield "Class weights", value_text(known.auto_class_weights)
    yield "Learned optimizer", value_text(known.use_learned_optimizer)
    yield "Image augmentation", known.augmentation_policy_image
    yield "Anomaly capacity", known.anomaly_capacity
    yield "Layers", ", ".join(layer.type for layer in known.visual_layers if layer.enabled is not False)
    yield "Input shape", known.shape
    yield from masked(known.custom_parameters, secrets).items()
    yield "Script", known.script


def _model(config: LearnBlockConfig) -> Pairs:
    made = config.metadata
    yield "Trained at", made.created if made else ""
    yield "Recommended variant", config.recommended_variant
    if isinstance(made, KerasMetadata):
        yield "Last layer", made.object_detection_last_layer
        yield "Scaling of images", made.image_input_scaling


def _thresholds(config: LearnBlockConfig) -> Pairs:
    for when, thresholds in (("now", config.thresholds), ("at training", config.trained_thresholds)):
        for threshold in thresholds:
            yield f"{threshold.label}, {when}", exact_text(threshold.value)


def _variants(config: LearnBlockConfig) -> Pairs:
    for result in variant_results(config):
        metrics = result.metrics or ValidationMetrics()
        yield f"{result.variant} accuracy", exact_text(metrics.accuracy)
        yield f"{result.variant} loss", exact_text(metrics.loss)
        yield from ((f"{result.variant} {each.name}", each.value) for each in metrics.additional_metrics)


def _with_unit(value: float | None, unit: str) -> str:
    return "" if value is None else f"{exact_text(value)} {unit}"
