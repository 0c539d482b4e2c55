"""Settings of processing blocks and what they made of the data, and settings of post-processing blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.impulse.parameters import Parameter, ParameterGroup, values_in_force
from app.domain.impulse.record import Json, Record, nothing


@dataclass(frozen=True)
class DspFeatures(Record):
    """What a processing block has made so far."""

    generated: bool | None = None
    count: int | None = None
    labels: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DspPerformance(Record):
    """What a processing block costs on a device: ``latency`` in milliseconds, ``ram`` in bytes."""

    latency: float | None = None
    ram: float | None = None
    custom_dsp_string: str = ""


@dataclass(frozen=True)
class DspInfo(Record):
    """A processing block and its state; ``window_length`` in milliseconds."""

    id: int | None = None
    name: str = ""
    window_length: float | None = None
    type: str = ""
    classes: tuple[str, ...] = ()
    classes_per_key: Mapping[str, tuple[str, ...]] = field(default_factory=nothing)
    features: DspFeatures | None = None
    expected_window_count: int | None = None
    input_axes: tuple[str, ...] = ()
    performance: DspPerformance | None = None
    can_calculate_feature_importance: bool | None = None
    calculate_feature_importance: bool | None = None
    can_normalize_data: bool | None = None
    normalize_data: str = ""
    has_auto_tune: bool | None = None
    minimum_version_for_autotune: float | None = None
    has_autotuner_results: bool | None = None
    uses_state: bool | None = None


@dataclass(frozen=True)
class DspConfig(Record):
    """Settings of a processing block; ``config_error`` says why they cannot be had."""

    dsp: DspInfo | None = None
    config: tuple[ParameterGroup, ...] = ()
    config_error: str = ""


@dataclass(frozen=True)
class OutputShape(Record):
    """Size of what comes out; for anything but pictures and spectrograms only ``width`` is there."""

    width: int | None = None
    height: int | None = None
    channels: int | None = None
    frames: int | None = None


@dataclass(frozen=True)
class OutputConfig(Record):
    """What comes out: ``type`` is such as "image", "spectrogram" or "flat"."""

    type: str = ""
    shape: OutputShape | None = None


@dataclass(frozen=True)
class DspMetadata(Record):
    """How features were made: windows in milliseconds, ``frequency`` in Hz, ``dsp_config`` the settings of then.

    ``included_samples`` is a list of objects with ``id`` and ``windowCount``, one for every sample of the project.
    """

    created: str = ""
    generated: bool | None = None
    dsp_config: Mapping[str, str] = field(default_factory=nothing)
    labels: tuple[str, ...] = ()
    feature_labels: tuple[str, ...] = ()
    window_count: int | None = None
    feature_count: int | None = None
    included_samples: Json = None
    window_size_ms: float | None = None
    window_increase_ms: float | None = None
    pad_zeros: bool | None = None
    frequency: float | None = None
    output_config: OutputConfig | None = None
    fft_used: tuple[int, ...] = ()
    resampling_algorithm_version: float | None = None
    feature_explorer_job_id: int | None = None
    feature_explorer_job_failed: bool | None = None
    feature_importance_job_id: int | None = None
    feature_importance_job_failed: bool | None = None


@dataclass(frozen=True)
class DspBlockConfig(Record):
    """Belongs to the processing block of the same id; ``metadata`` is None until features were made."""

    block_id: int
    config: DspConfig | None = None
    metadata: DspMetadata | None = None


@dataclass(frozen=True)
class PostProcessingConfig(Record):
    """Settings of a post-processing block; ``type`` is empty where the service did not name one."""

    enabled: bool | None = None
    parameters: tuple[Parameter, ...] = ()
    type: str = ""

    @property
    def values(self) -> dict[str, str]:
        """Values in force by parameter, in the service's order."""
        return values_in_force(self.parameters)


@dataclass(frozen=True)
class PostProcessingBlockConfig(Record):
    """Belongs to the post-processing block of the same id."""

    block_id: int
    config: PostProcessingConfig | None = None
