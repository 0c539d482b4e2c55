"""The blocks that an impulse is made of, as its author arranged them."""

from dataclasses import dataclass

from app.domain.impulse.record import Record

IMAGE_INPUT = "image"
TRACKING_BLOCK_TYPES = frozenset({"object-tracking", "sort-object-tracking"})
ANOMALY_BLOCK_TYPES = frozenset({"anomaly", "anomaly-gmm"})


@dataclass(frozen=True)
class Block(Record):
    """What every block has; ``created_at`` is ISO 8601 as sent. Ids are looked up among blocks of one kind only."""

    block_id: int
    type: str = ""
    name: str = ""
    title: str = ""
    created_by: str = ""
    created_at: str = ""

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or self.title or self.type


@dataclass(frozen=True)
class DatasetSubset(Record):
    """The share of the data that is used, in percent."""

    include_percentage: float | None = None
    seed: int | None = None


@dataclass(frozen=True)
class LabelingMethod(Record):
    """How a window that holds several labels gets one."""

    type: str = ""
    labels: tuple[str, ...] = ()
    min_percentage: float | None = None


@dataclass(frozen=True)
class InputBlock(Block):
    """What an impulse takes in. Images: pixels. Time series: milliseconds and Hz; both kinds may carry both."""

    axes: tuple[str, ...] = ()
    window_size_ms: float | None = None
    window_increase_ms: float | None = None
    frequency_hz: float | None = None
    classification_window_increase_ms: float | None = None
    pad_zeros: bool | None = None
    labeling_method_multi_label: LabelingMethod | None = None
    image_width: int | None = None
    image_height: int | None = None
    resize_mode: str = ""
    resize_method: str = ""
    crop_anchor: str = ""
    dataset_subset: DatasetSubset | None = None

    @property
    def image_size(self) -> tuple[int, int] | None:
        """(width, height) in pixels; None unless both are positive."""
        width, height = self.image_width or 0, self.image_height or 0
        return (width, height) if min(width, height) > 0 else None


@dataclass(frozen=True)
class OrganizationDsp(Record):
    """Whose own processing block it is."""

    id: int | None = None
    dsp_id: int | None = None


@dataclass(frozen=True)
class NamedAxis(Record):
    """An input of a processing block that takes particular axes."""

    name: str = ""
    description: str = ""
    required: bool | None = None
    selected_axis: str = ""


@dataclass(frozen=True)
class DspBlock(Block):
    """A processing block; ``input`` is the id of its input block, None where it takes whatever there is."""

    axes: tuple[str, ...] = ()
    values_per_axis: int | None = None
    input: int | None = None
    implementation_version: int | None = None
    organization: OrganizationDsp | None = None
    custom_url: str = ""
    named_axes: tuple[NamedAxis, ...] = ()


@dataclass(frozen=True)
class LearnBlock(Block):
    """A model; ``dsp`` are the ids of the processing blocks that feed it, some of which may not exist."""

    dsp: tuple[int, ...] = ()
    training_processor: str = ""


@dataclass(frozen=True)
class PostProcessingBlock(Block):
    """A block after the model."""

    implementation_version: int | None = None

    @property
    def tracks_objects(self) -> bool:
        """Whether its results are tracks."""
        return self.type in TRACKING_BLOCK_TYPES


@dataclass(frozen=True)
class ImpulseDesign(Record):
    """An impulse's blocks in the service's order."""

    impulse_id: int
    name: str = ""
    type: str = ""
    input_blocks: tuple[InputBlock, ...] = ()
    dsp_blocks: tuple[DspBlock, ...] = ()
    learn_blocks: tuple[LearnBlock, ...] = ()
    post_processing_blocks: tuple[PostProcessingBlock, ...] = ()
    dataset_version_id: int | None = None
