"""One impulse with everything the service tells about it, and all impulses of a project."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from app.domain.impulse.blocks import (
    ANOMALY_BLOCK_TYPES,
    IMAGE_INPUT,
    DspBlock,
    ImpulseDesign,
    InputBlock,
    LearnBlock,
    PostProcessingBlock,
)
from app.domain.impulse.metrics import Metric, MetricKeys
from app.domain.impulse.origin import DatasetVersion, PretrainedModel, User
from app.domain.impulse.processing import DspBlockConfig, PostProcessingBlockConfig, PostProcessingConfig
from app.domain.impulse.record import OURS, Record
from app.domain.impulse.training import AnomalyBlockConfig, KerasBlockConfig

_Config = TypeVar("_Config", DspBlockConfig, KerasBlockConfig, AnomalyBlockConfig, PostProcessingBlockConfig)


@dataclass(frozen=True)
class Impulse(Record):
    """An impulse: its blocks, a list of settings for each kind of block, its figures and its state.

    Stale: its data changed after training. A block and its settings have the same id, within lists of one kind: an id
    may stand for one thing among processing blocks and for another among learn blocks.
    """

    design: ImpulseDesign
    metrics: tuple[Metric, ...] = ()
    dsp_block_configs: tuple[DspBlockConfig, ...] = ()
    learn_block_keras_configs: tuple[KerasBlockConfig, ...] = ()
    learn_block_anomaly_configs: tuple[AnomalyBlockConfig, ...] = ()
    post_processing_block_configs: tuple[PostProcessingBlockConfig, ...] = ()
    pretrained_model_info: PretrainedModel | None = None
    is_stale: bool | None = None
    configured: bool | None = None
    complete: bool | None = None
    tags: tuple[str, ...] = ()
    created_from_tuner_trial_id: float | None = None
    created_by_user: User | None = None
    dataset_version: DatasetVersion | None = None

    @property
    def impulse_id(self) -> int:
        """Its id in the project."""
        return self.design.impulse_id

    @property
    def name(self) -> str:
        """What to call it."""
        return self.design.name or f"Impulse {self.impulse_id}"

    @property
    def input_blocks(self) -> tuple[InputBlock, ...]:
        """What it takes in."""
        return self.design.input_blocks

    @property
    def dsp_blocks(self) -> tuple[DspBlock, ...]:
        """Its processing blocks."""
        return self.design.dsp_blocks

    @property
    def learn_blocks(self) -> tuple[LearnBlock, ...]:
        """Its models."""
        return self.design.learn_blocks

    @property
    def post_processing_blocks(self) -> tuple[PostProcessingBlock, ...]:
        """What works on the models' results."""
        return self.design.post_processing_blocks

    @property
    def tracking_blocks(self) -> tuple[PostProcessingBlock, ...]:
        """The post-processing blocks that track objects."""
        return tuple(block for block in self.post_processing_blocks if block.tracks_objects)

    @property
    def model_size(self) -> tuple[int, int] | None:
        """(width, height) in pixels that images are resized to; None without an image input."""
        sizes = (block.image_size for block in self.input_blocks if block.type == IMAGE_INPUT)
        return next((size for size in sizes if size is not None), None)

    @property
    def variants(self) -> tuple[str, ...]:
        """Every variant that a learn block can run as, recommended ones first, without repeats."""
        configs = [config for block in self.learn_blocks if (config := self.learn_config(block)) is not None]
        recommended = [config.recommended_variant for config in configs]
        available = [variant for config in configs for variant in config.variants]
        return tuple(dict.fromkeys(variant for variant in (*recommended, *available) if variant))

    def dsp_config(self, block: DspBlock) -> DspBlockConfig | None:
        """Settings and state of a processing block; None where the service lists none."""
        return _of_block(self.dsp_block_configs, block.block_id)

    def learn_config(self, block: LearnBlock) -> KerasBlockConfig | AnomalyBlockConfig | None:
        """Settings and state of a learn block, from the list for its type, else from the other one."""
        keras = _of_block(self.learn_block_keras_configs, block.block_id)
        anomaly = _of_block(self.learn_block_anomaly_configs, block.block_id)
        return (anomaly or keras) if block.type in ANOMALY_BLOCK_TYPES else (keras or anomaly)

    def post_processing_config(self, block_id: int) -> PostProcessingConfig | None:
        """Settings of a post-processing block; None where the service lists none."""
        found = _of_block(self.post_processing_block_configs, block_id)
        return found.config if found else None

    def feeding(self, block: LearnBlock) -> tuple[DspBlock, ...]:
        """The processing blocks that feed a learn block."""
        return tuple(dsp for dsp in self.dsp_blocks if dsp.block_id in block.dsp)

    def lost_feeds(self, block: LearnBlock) -> tuple[int, ...]:
        """Ids of processing blocks that a learn block wants to be fed by but that do not exist."""
        known = {dsp.block_id for dsp in self.dsp_blocks}
        return tuple(block_id for block_id in block.dsp if block_id not in known)


@dataclass(frozen=True)
class ImpulseList(Record):
    """All impulses of a project, with the columns of the service's table. ``error`` beside success means nothing.

    ``remarks`` are sentences about what in the document is not as it should be, each with its place.
    """

    impulses: tuple[Impulse, ...] = ()
    metric_keys_by_category: tuple[MetricKeys, ...] = ()
    extra_table_columns: tuple[str, ...] = ()
    success: bool | None = None
    error: str = ""
    remarks: tuple[str, ...] = field(default=(), compare=False, metadata=OURS)


def _of_block(configs: Iterable[_Config], block_id: int) -> _Config | None:
    return next((config for config in configs if config.block_id == block_id), None)
