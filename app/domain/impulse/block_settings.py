"""All settings and the state of one block, as groups of rows."""

from collections.abc import Iterator
from dataclasses import replace

from app.domain.impulse.blocks import Block, DspBlock, LearnBlock, PostProcessingBlock
from app.domain.impulse.entries import (
    Entry,
    field_entries,
    group_entries,
    parameter_entries,
    record_entries,
)
from app.domain.impulse.impulse_list import Impulse
from app.domain.impulse.learning import AnomalyConfig, KerasConfig, TransferLearningModel
from app.domain.impulse.processing import DspBlockConfig
from app.domain.impulse.record import Record
from app.domain.impulse.secrets import MASK, masked, secret_names
from app.domain.impulse.training import AnomalyBlockConfig, KerasBlockConfig, LearnBlockConfig

AUGMENTATION = ("augmentation_policy_image", "augmentation_policy_spectrogram", "show_augmentation_training_settings")
_ELSEWHERE = ("thresholds",)  # they have a table of their own, next to those at training
_FIGURES = ("model_validation_metrics", "tensorboard_graphs", "thresholds", "layers", "k_folds_metadata")


def block_entries(impulse: Impulse, block: Block) -> tuple[Entry, ...]:
    """Groups of everything about a block: its parameters first, then what it is and what became of it."""
    groups = (*_specific(impulse, block), Entry("Block", children=record_entries(block)))
    return tuple(group for group in groups if group.children or group.value)


def _specific(impulse: Impulse, block: Block) -> Iterator[Entry]:
    if isinstance(block, DspBlock):
        yield from _dsp(impulse.dsp_config(block), block, secret_names(impulse))
    elif isinstance(block, LearnBlock):
        yield from _learn(impulse.learn_config(block), secret_names(impulse))
    elif isinstance(block, PostProcessingBlock):
        yield from _post_processing(impulse, block)


def _dsp(found: DspBlockConfig | None, block: DspBlock, secrets: frozenset[str]) -> Iterator[Entry]:
    if found is None:
        return
    if found.config is not None:
        yield from group_entries(found.config.config, version=block.implementation_version)
        yield Entry("Settings that the features were made with", children=tuple(_of_then(found, secrets)))
        yield from _group("State", found.config.dsp)
        yield Entry("Config error", found.config.config_error)
    yield from _group("Features", found.metadata, without=("included_samples", "dsp_config"))
    yield Entry("Other", children=record_entries(found, without=("block_id", "config", "metadata")))


def _of_then(found: DspBlockConfig, secrets: frozenset[str]) -> Iterator[Entry]:
    """The settings at the time, those marked that are others now."""
    known = {each.param: each for group in (found.config.config if found.config else ()) for each in group.items}
    for name, value in (found.metadata.dsp_config if found.metadata else {}).items():
        parameter = known.get(name)
        differs = parameter is not None and parameter.effective_value != value
        now = ("It is another value now: the features are of the old one.",) if differs else ()
        label = parameter.label if parameter else name
        yield Entry(label, MASK if name in secrets and value else value, explanation=now, changed=differs)


def _post_processing(impulse: Impulse, block: PostProcessingBlock) -> Iterator[Entry]:
    config = impulse.post_processing_config(block.block_id)
    if config is not None:
        rows = parameter_entries(config.parameters, version=block.implementation_version)
        yield Entry("Parameters", children=rows)
        yield Entry("State", children=record_entries(config, without=("parameters",)))


def _learn(found: KerasBlockConfig | AnomalyBlockConfig | None, secrets: frozenset[str]) -> Iterator[Entry]:
    if found is None:
        return
    if isinstance(found.config, KerasConfig):
        yield from _keras(found.config, secrets)
    elif isinstance(found.config, AnomalyConfig):
        yield Entry("Anomaly detection", children=record_entries(found.config, without=(*_ELSEWHERE, "dependencies")))
    yield from _group("Depends on", found.config.dependencies if found.config else None)
    yield from _trained(found)


def _keras(config: KerasConfig, secrets: frozenset[str]) -> Iterator[Entry]:
    apart = (
        "visual_layers",
        "transfer_learning_models",
        "custom_parameters",
        "block_parameters",
        "akida_edge_learning_config",
        "k_folds_validation_config",
        "dependencies",
        "script",
    )
    yield Entry("Training", children=record_entries(config, without=(*_ELSEWHERE, *AUGMENTATION, *apart)))
    yield Entry("Augmentation", children=field_entries(config, AUGMENTATION))
    yield from _renamed("Layers", field_entries(config, ("visual_layers",)))
    yield Entry("Custom parameters", children=_custom(config, secrets))
    yield from _group("Block parameters", config.block_parameters)
    yield from _group("Validation in folds", config.k_folds_validation_config)
    yield from _group("Learning on the device", config.akida_edge_learning_config)
    for model in config.transfer_learning_models:
        yield Entry(f"Model {model.name or model.short_name}", children=_model(model, config))
    if config.script:
        yield Entry(
            "Script", f"{len(config.script.splitlines()):,} lines", explanation=tuple(config.script.splitlines())
        )


def _custom(config: KerasConfig, secrets: frozenset[str]) -> tuple[Entry, ...]:
    """Values that no model on offer describes."""
    described = {each.param for model in config.transfer_learning_models for each in model.custom_parameters}
    return tuple(
        Entry(name, value) for name, value in masked(config.custom_parameters, secrets).items() if name not in described
    )


def _model(model: TransferLearningModel, config: KerasConfig) -> tuple[Entry, ...]:
    rows = parameter_entries(model.custom_parameters, config.custom_parameters)
    return (*rows, *record_entries(model, without=("custom_parameters",)))


def _trained(found: LearnBlockConfig) -> Iterator[Entry]:
    yield from _group("Trained model", found.metadata, without=_FIGURES)
    if found.metadata is not None:
        known = tuple(name for name in ("layers", "k_folds_metadata") if hasattr(found.metadata, name))
        yield from field_entries(found.metadata, known)
    yield Entry("Other", children=record_entries(found, without=("block_id", "config", "metadata")))


def _renamed(name: str, entries: tuple[Entry, ...]) -> Iterator[Entry]:
    yield from (replace(entry, name=name) for entry in entries)


def _group(name: str, record: Record | None, *, without: tuple[str, ...] = ()) -> Iterator[Entry]:
    if record is not None:
        yield Entry(name, children=record_entries(record, without=without))
