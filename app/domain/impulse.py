"""Impulses of the object-tracking service, with their blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

IMAGE_INPUT = "image"
TRACKING_BLOCK_TYPES = frozenset({"object-tracking", "sort-object-tracking"})


@dataclass(frozen=True)
class BlockParameter:
    """One setting of a block; values are text, as the service keeps them. ``value`` is None where it was never set."""

    param: str
    name: str
    value: str | None
    default_value: str
    type: str = ""
    help: str = ""
    options: tuple[str, ...] = ()

    @property
    def effective_value(self) -> str:
        """The value in force."""
        return self.default_value if self.value is None else self.value


@dataclass(frozen=True)
class PostProcessingConfig:
    """Settings of a post-processing block; ``type`` is empty where the service did not name one."""

    enabled: bool
    parameters: tuple[BlockParameter, ...] = ()
    type: str = ""

    @property
    def values(self) -> dict[str, str]:
        """Values in force by parameter, in the service's order."""
        return {parameter.param: parameter.effective_value for parameter in self.parameters}


@dataclass(frozen=True)
class InputBlock:
    """What an impulse takes in; ``image_size`` (width, height) in pixels only where it takes images."""

    block_id: int
    type: str
    name: str = ""
    image_size: tuple[int, int] | None = None
    resize_mode: str = ""
    resize_method: str = ""
    crop_anchor: str = ""
    window_ms: float | None = None
    window_increase_ms: float | None = None
    frequency_hz: float | None = None


@dataclass(frozen=True)
class DspBlock:
    """A processing block."""

    block_id: int
    type: str
    name: str = ""


@dataclass(frozen=True)
class Threshold:
    """One adjustable limit of a learn block; ``value`` is text because the service sends numbers and words."""

    key: str
    value: str
    description: str = ""
    suggested_value: str = ""


@dataclass(frozen=True)
class ValidationMetrics:
    """How one variant did in training; ``confusion`` rows and columns follow the block's ``class_names``."""

    variant: str
    loss: float | None = None
    accuracy: float | None = None
    confusion: tuple[tuple[float, ...], ...] = ()
    additional: tuple[tuple[str, str], ...] = ()  # (name, value as the service writes it)


@dataclass(frozen=True)
class LearnBlock:
    """A model. ``variants`` it can run as; ``thresholds`` in force now, ``trained_thresholds`` at training.

    ``trained`` is None where the service sends no state.
    """

    block_id: int
    type: str
    name: str = ""
    trained: bool | None = None
    variants: tuple[str, ...] = ()
    recommended_variant: str = ""
    selected_variant: str = ""
    last_layer: str = ""
    class_names: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    trained_thresholds: tuple[Threshold, ...] = ()
    validation: tuple[ValidationMetrics, ...] = ()


@dataclass(frozen=True)
class PostProcessingBlock:
    """A block after the model; ``config`` is None where the document lists none for it."""

    block_id: int
    type: str
    name: str = ""
    config: PostProcessingConfig | None = None

    @property
    def tracks_objects(self) -> bool:
        """Whether its results are tracks."""
        return self.type in TRACKING_BLOCK_TYPES


@dataclass(frozen=True)
class Metric:
    """One figure of an impulse; ``value`` is text or a yes/no, ``sort_value`` orders it where the text cannot."""

    category: str
    name: str
    value: str | bool
    type: str = ""
    title: str = ""
    description: str = ""
    hint: str = ""
    sort_value: float | None = None


@dataclass(frozen=True)
class MetricKey:
    """A column that the service offers for its table of impulses."""

    name: str
    description: str = ""
    type: str = ""
    filtering: str = ""
    options: tuple[str, ...] = ()
    show_in_table: bool = False


@dataclass(frozen=True)
class Impulse:
    """One impulse with its blocks in the service's order. Stale: its data changed after training."""

    impulse_id: int
    name: str
    type: str = ""
    input_blocks: tuple[InputBlock, ...] = ()
    dsp_blocks: tuple[DspBlock, ...] = ()
    learn_blocks: tuple[LearnBlock, ...] = ()
    post_processing_blocks: tuple[PostProcessingBlock, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tags: tuple[str, ...] = ()
    is_stale: bool = False
    is_configured: bool = False
    is_complete: bool = False

    @property
    def model_size(self) -> tuple[int, int] | None:
        """(width, height) in pixels that images are resized to; None without an image input."""
        sizes = (block.image_size for block in self.input_blocks if block.type == IMAGE_INPUT)
        return next((size for size in sizes if size is not None), None)

    @property
    def tracking_blocks(self) -> tuple[PostProcessingBlock, ...]:
        """The post-processing blocks that track objects."""
        return tuple(block for block in self.post_processing_blocks if block.tracks_objects)

    @property
    def variants(self) -> tuple[str, ...]:
        """Every variant that a learn block can run as, recommended ones first, without repeats."""
        recommended = [block.recommended_variant for block in self.learn_blocks]
        available = [variant for block in self.learn_blocks for variant in block.variants]
        return tuple(dict.fromkeys(variant for variant in (*recommended, *available) if variant))


@dataclass(frozen=True)
class ImpulseList:
    """All impulses of a project, with the metric columns per category."""

    impulses: tuple[Impulse, ...]
    metric_keys: Mapping[str, tuple[MetricKey, ...]] = field(default_factory=dict)
    extra_columns: tuple[str, ...] = ()
