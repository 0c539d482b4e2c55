"""How well a variant of a model does, and what it costs on a device."""

from dataclasses import dataclass

from app.domain.impulse.record import Json, Record


@dataclass(frozen=True)
class MemoryUse(Record):
    """Bytes that a model takes on a device."""

    ram_required: int | None = None
    rom_required: int | None = None
    arena_size: int | None = None
    model_size: int | None = None


@dataclass(frozen=True)
class CustomMetric(Record):
    """A figure that only some devices have."""

    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class DevicePerformance(Record):
    """Estimates for one device: ``latency`` in milliseconds, memory by the engine that runs the model."""

    mcu: str = ""
    name: str = ""
    is_default: bool | None = None
    latency: float | None = None
    tflite: MemoryUse | None = None
    eon: MemoryUse | None = None
    eon_ram_optimized: MemoryUse | None = None
    custom_metrics: tuple[CustomMetric, ...] = ()
    has_performance: bool | None = None
    profiling_error: str = ""


@dataclass(frozen=True)
class AdditionalMetric(Record):
    """One more figure: ``value`` as the service writes it, ``full_precision_value`` to compare by."""

    name: str = ""
    value: str = ""
    full_precision_value: float | None = None
    tooltip_text: str = ""
    link: str = ""


@dataclass(frozen=True)
class ValidationMetrics(Record):
    """How one variant (``type``) did in training.

    ``confusion_matrix``: a row for each true class, a column for each predicted one, in the order of the block's class
    names; counts or shares. ``report`` is an object of free form. ``predictions`` is a list of objects, one for each
    window of the validation set, and can be enormous.
    """

    type: str = ""
    loss: float | None = None
    accuracy: float | None = None
    confusion_matrix: tuple[tuple[float, ...], ...] = ()
    report: Json = None
    on_device_performance: tuple[DevicePerformance, ...] = ()
    predictions: Json = None
    visualization: str = ""
    is_supported_on_mcu: bool | None = None
    mcu_support_error: str = ""
    profiling_job_id: int | None = None
    profiling_job_failed: bool | None = None
    additional_metrics: tuple[AdditionalMetric, ...] = ()
