"""Settings of learn blocks: how a model is to be trained, and the limits that it works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.impulse.parameters import Parameter
from app.domain.impulse.record import Record, Scalar, nothing


@dataclass(frozen=True)
class ThresholdOption(Record):
    """One choice of a threshold."""

    description: str = ""
    value: str = ""


@dataclass(frozen=True)
class Threshold(Record):
    """One adjustable limit of a learn block: a number, or a word of ``dropdown_options``."""

    key: str = ""
    description: str = ""
    help_text: str = ""
    suggested_value: float | None = None
    suggested_value_text: str = ""
    value: Scalar | None = None
    dropdown_options: tuple[ThresholdOption, ...] = ()

    @property
    def label(self) -> str:
        """What to call it."""
        return self.description or self.key


@dataclass(frozen=True)
class Dependencies(Record):
    """What a learn block is fed with."""

    classes: tuple[str, ...] = ()
    classes_per_key: Mapping[str, tuple[str, ...]] = field(default_factory=nothing)
    block_names: tuple[str, ...] = ()
    feature_count: int | None = None
    sample_count: int | None = None
    output_classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LearnConfig(Record):
    """What the settings of every learn block have; the thresholds are those in force now."""

    dependencies: Dependencies | None = None
    name: str = ""
    trained: bool | None = None
    minimum_confidence_rating: float | None = None
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True)
class VisualLayer(Record):
    """One layer as it is drawn for a person to edit."""

    type: str = ""
    neurons: int | None = None
    kernel_size: int | None = None
    dropout_rate: float | None = None
    columns: int | None = None
    stack: int | None = None
    enabled: bool | None = None
    organization_model_id: int | None = None


@dataclass(frozen=True)
class SpectrogramAugmentation(Record):
    """How spectrograms are varied for training."""

    enabled: bool | None = None
    warping: bool | None = None
    freq_masking: str = ""
    time_masking: str = ""
    gaussian_noise: str = ""


@dataclass(frozen=True)
class BlockUnavailable(Record):
    """Why a model is no longer offered; the HTML is the service's, never to be shown as it is."""

    reason_markdown: str = ""
    reason_html: str = ""


@dataclass(frozen=True)
class TransferLearningModel(Record):
    """A model that training may start from."""

    name: str = ""
    short_name: str = ""
    abbreviated_name: str = ""
    description: str = ""
    has_neurons: bool | None = None
    has_dropout: bool | None = None
    default_neurons: int | None = None
    default_dropout: float | None = None
    default_learning_rate: float | None = None
    default_training_cycles: float | None = None
    has_image_augmentation: bool | None = None
    type: str = ""
    learn_block_type: str = ""
    organization_model_id: int | None = None
    implementation_version: int | None = None
    repository_url: str = ""
    custom_block_ref: str = ""
    author: str = ""
    block_type: str = ""
    custom_parameters: tuple[Parameter, ...] = ()
    display_category: str = ""
    block_no_longer_available: BlockUnavailable | None = None
    has_expert_mode: bool | None = None


@dataclass(frozen=True)
class AkidaEdgeLearning(Record):
    """Learning on the device, on Akida."""

    enabled: bool | None = None
    additional_classes: float | None = None
    neurons_per_class: float | None = None


@dataclass(frozen=True)
class BlockParameters(Record):
    """Settings of visual anomaly models; all but ``backbone`` are for PatchCore."""

    backbone: str = ""
    num_layers: int | None = None
    pool_size: int | None = None
    sampling_ratio: float | None = None
    num_nearest_neighbors: int | None = None


@dataclass(frozen=True)
class KFoldsValidation(Record):
    """How validation in several folds is done."""

    num_folds: float | None = None
    include_final_training_run: bool | None = None
    extra_epochs: float | None = None


@dataclass(frozen=True)
class KerasConfig(LearnConfig):
    """Settings of a neural network; ``shape`` is the service's text of its input's shape."""

    type: str = ""
    script: str = ""
    selected_model_type: str = ""
    mode: str = ""
    visual_layers: tuple[VisualLayer, ...] = ()
    training_cycles: int | None = None
    learning_rate: float | None = None
    batch_size: int | None = None
    default_batch_size: int | None = None
    shape: str = ""
    train_test_split: float | None = None
    auto_class_weights: bool | None = None
    use_learned_optimizer: bool | None = None
    augmentation_policy_image: str = ""
    augmentation_policy_spectrogram: SpectrogramAugmentation | None = None
    transfer_learning_models: tuple[TransferLearningModel, ...] = ()
    profile_int8: bool | None = None
    skip_embeddings_and_memory: bool | None = None
    akida_edge_learning_config: AkidaEdgeLearning | None = None
    custom_validation_metadata_key: str = ""
    show_advanced_training_settings: bool | None = None
    show_augmentation_training_settings: bool | None = None
    custom_parameters: Mapping[str, str] = field(default_factory=nothing)
    anomaly_capacity: str = ""
    last_shown_model_variant: str = ""
    block_parameters: BlockParameters | None = None
    k_folds_validation_config: KFoldsValidation | None = None
    is_multi_head: bool | None = None


@dataclass(frozen=True)
class AnomalyAxis(Record):
    """An axis that anomalies may be looked for on; ``ix`` is its position among the features."""

    ix: int | None = None
    label: str = ""
    selected: bool | None = None
    favourite: bool | None = None


@dataclass(frozen=True)
class AnomalyConfig(LearnConfig):
    """Settings of an anomaly detector; ``selected_axes`` are positions among the features."""

    axes: tuple[AnomalyAxis, ...] = ()
    cluster_count: int | None = None
    selected_axes: tuple[int, ...] = ()
