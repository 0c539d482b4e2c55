"""What training made of learn blocks: variants, figures, and what they cost on devices."""

from dataclasses import dataclass

from app.domain.impulse.learning import AnomalyConfig, KerasConfig, LearnConfig, Threshold
from app.domain.impulse.performance import ValidationMetrics
from app.domain.impulse.record import Record

NOT_VARIANTS = frozenset({"requiresRetrain"})  # a state that the service lists among its variants


@dataclass(frozen=True)
class LearnMetadata(Record):
    """State of a learn block at its last training; the thresholds are those of then."""

    created: str = ""
    available_model_types: tuple[str, ...] = ()
    recommended_model_type: str = ""
    model_validation_metrics: tuple[ValidationMetrics, ...] = ()
    has_trained_model: bool | None = None
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True)
class LayerEnd(Record):
    """Input or output of a layer: ``shape`` counts its values, ``type`` is such as "<dtype: 'float32'>"."""

    shape: int | None = None
    name: str = ""
    type: str = ""


@dataclass(frozen=True)
class Layer(Record):
    """One layer of the trained model."""

    input: LayerEnd | None = None
    output: LayerEnd | None = None


@dataclass(frozen=True)
class GraphSeries(Record):
    """One line of a graph, a value for each step."""

    title: str = ""
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class TrainingGraph(Record):
    """A graph that training recorded for TensorBoard."""

    title: str = ""
    x_label: str = ""
    y_label: str = ""
    description: str = ""
    hide_in_ui: bool | None = None
    data: tuple[GraphSeries, ...] = ()


@dataclass(frozen=True)
class ModelMetadata(LearnMetadata):
    """State of a neural network; confusion matrices follow ``class_names``."""

    layers: tuple[Layer, ...] = ()
    class_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    mode: str = ""
    object_detection_last_layer: str = ""
    image_input_scaling: str = ""
    tensorboard_graphs: tuple[TrainingGraph, ...] = ()


@dataclass(frozen=True)
class FoldMetadata(ModelMetadata):
    """State after one fold of the validation."""

    fold_id: int | None = None
    fold_name: str = ""


@dataclass(frozen=True)
class KFoldsMetadata(Record):
    """All folds, and which of them the model in use comes from."""

    folds: tuple[FoldMetadata, ...] = ()
    has_final_run: bool | None = None
    persisted_fold_id: int | None = None
    persisted_fold_name: str = ""
    persisted_fold_metric_type: str = ""


@dataclass(frozen=True)
class KerasMetadata(ModelMetadata):
    """State of a neural network, with its folds where it was validated so."""

    k_folds_metadata: KFoldsMetadata | None = None


@dataclass(frozen=True)
class Cluster(Record):
    """A cluster of normal data."""

    center: tuple[float, ...] = ()
    max_error: float | None = None


@dataclass(frozen=True)
class AnomalyMetadata(LearnMetadata):
    """State of an anomaly detector; ``axes`` are positions among the features."""

    scale: tuple[float, ...] = ()
    mean: tuple[float, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    axes: tuple[int, ...] = ()
    default_minimum_confidence_rating: float | None = None


@dataclass(frozen=True)
class GmmMetadata(Record):
    """A Gaussian mixture of k components over d features: means (k, d), covariances (k, d, d), weights (k)."""

    means: tuple[tuple[float, ...], ...] = ()
    covariances: tuple[tuple[tuple[float, ...], ...], ...] = ()
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class LearnBlockConfig(Record):
    """What belongs to the learn block of the same id, whatever its kind; ``metadata`` is None until it was trained."""

    block_id: int
    config: LearnConfig | None = None
    metadata: LearnMetadata | None = None

    @property
    def trained(self) -> bool | None:
        """Whether there is a model; None where the service does not say."""
        told = self.metadata.has_trained_model if self.metadata else None
        return told if told is not None else self.config.trained if self.config else None

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants that results can be asked of."""
        available = self.metadata.available_model_types if self.metadata else ()
        return tuple(variant for variant in available if variant not in NOT_VARIANTS)

    @property
    def recommended_variant(self) -> str:
        """The variant that the service recommends; empty where it names none."""
        recommended = self.metadata.recommended_model_type if self.metadata else ""
        return "" if recommended in NOT_VARIANTS else recommended

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Those in force now."""
        return self.config.thresholds if self.config else ()

    @property
    def trained_thresholds(self) -> tuple[Threshold, ...]:
        """Those of the training."""
        return self.metadata.thresholds if self.metadata else ()

    @property
    def validation(self) -> tuple[ValidationMetrics, ...]:
        """How each variant did."""
        return self.metadata.model_validation_metrics if self.metadata else ()


@dataclass(frozen=True)
class KerasBlockConfig(LearnBlockConfig):
    """Settings and state of a neural network."""

    config: KerasConfig | None = None
    metadata: KerasMetadata | None = None


@dataclass(frozen=True)
class AnomalyBlockConfig(LearnBlockConfig):
    """Settings and state of an anomaly detector."""

    config: AnomalyConfig | None = None
    metadata: AnomalyMetadata | None = None
    gmm_metadata: GmmMetadata | None = None
