"""What each variant costs on each device, a row for every engine that can run it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.amounts import size_text
from app.domain.finding import listed, quoted
from app.domain.impulse.impulse_list import Impulse
from app.domain.impulse.performance import DevicePerformance, MemoryUse, ValidationMetrics
from app.domain.impulse.processing import DspBlockConfig
from app.domain.impulse.training import LearnBlockConfig


@dataclass(frozen=True)
class DeviceFigures:
    """One variant on one device by one engine; ``problem`` says why figures are missing or not to be believed."""

    variant: str
    device: DevicePerformance
    engine: str = ""
    memory: MemoryUse | None = None
    problem: str = ""

    @property
    def label(self) -> str:
        """What to call the device."""
        return self.device.name or self.device.mcu or "unnamed device"

    @property
    def missing(self) -> str:
        """Why there are no figures but zeros, in two words; empty where there are some."""
        if not self.problem or self.device.latency or _told(self.memory):
            return ""
        if not self.device.profiling_error:
            return self.problem
        return "cannot run" if self.device.has_performance is False else "not measured"


def device_figures(config: LearnBlockConfig | None) -> tuple[DeviceFigures, ...]:
    """Every variant on every device, in the service's order."""
    if config is None:
        return ()
    return tuple(
        figures
        for metrics in config.validation
        for device in metrics.on_device_performance
        for figures in _of_device(metrics.type, device)
    )


def support_sentences(config: LearnBlockConfig | None) -> tuple[str, ...]:
    """Variants that microcontrollers cannot run or that could not be measured, and why."""
    return tuple(sentence for metrics in (config.validation if config else ()) for sentence in _support(metrics))


def processing_sentences(impulse: Impulse) -> tuple[str, ...]:
    """What each processing block costs before a model comes to work."""
    told = ((block, impulse.dsp_config(block)) for block in impulse.dsp_blocks)
    costs = ((block, _cost(found)) for block, found in told)
    return tuple(f"{quoted(block.label)} takes {cost}." for block, cost in costs if cost)


def _cost(found: DspBlockConfig | None) -> str:
    performance = found.config.dsp.performance if found and found.config and found.config.dsp else None
    if performance is None:
        return ""
    latency = "" if performance.latency is None else f"{performance.latency:,.4g} ms"
    ram = "" if performance.ram is None else f"{size_text(performance.ram)} of RAM"
    return listed(filter(None, (latency, ram)))


def _of_device(variant: str, device: DevicePerformance) -> Iterator[DeviceFigures]:
    engines = {
        "TFLite": device.tflite,
        "EON": device.eon,
        "EON, least RAM": device.eon_ram_optimized,
    }
    problem = device.profiling_error or ("not estimated" if device.has_performance is False else "")
    measured = {
        engine: memory for engine, memory in engines.items() if (_told(memory) if problem else memory is not None)
    }
    if not measured:
        yield DeviceFigures(variant, device, problem=problem)
    for engine, memory in measured.items():
        yield DeviceFigures(variant, device, engine, memory, problem)


def _told(memory: MemoryUse | None) -> bool:
    """Whether there is any figure but zeros."""
    return memory is not None and any((memory.ram_required, memory.rom_required, memory.arena_size, memory.model_size))


def _support(metrics: ValidationMetrics) -> Iterator[str]:
    variant = metrics.type or "a variant without a name"
    if metrics.is_supported_on_mcu is False:
        reason = f": {quoted(metrics.mcu_support_error.rstrip('.'))}" if metrics.mcu_support_error else ""
        yield f"Microcontrollers cannot run {variant}{reason}."
    if metrics.profiling_job_failed:
        job = f" (job {metrics.profiling_job_id})" if metrics.profiling_job_id is not None else ""
        yield f"Measuring {variant} failed{job}."
