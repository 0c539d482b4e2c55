"""What training of the project's models left behind: graphs over its cycles, and estimates for devices."""

import math
from typing import Any

Json = dict[str, Any]


def training_graphs(cycles: int, reached: float) -> list[Json]:
    """Loss and score after each cycle, for the training and the validation set, as TensorBoard had them."""
    steps = [1 - math.exp(-5 * (cycle + 1) / cycles) for cycle in range(cycles)]
    ripple = [0.012 * math.sin(2.3 * cycle) * (1 - step) for cycle, step in enumerate(steps)]
    loss = [round(0.9 * (1 - step) + 0.03, 5) for step in steps]
    behind = [round(value * 1.15 + abs(noise) + 0.01, 5) for value, noise in zip(loss, ripple, strict=True)]
    f1 = [round(reached * step + noise, 5) for step, noise in zip(steps, ripple, strict=True)]
    return [
        _graph("Loss", "loss", {"training": loss, "validation": behind}),
        _graph("F1 score", "F1", {"validation": f1}),
    ]


def devices(latency_ms: int) -> list[Json]:
    """A microcontroller with an accelerator, and one that the model does not fit on."""
    memory = {"ramRequired": 1_310_720, "romRequired": 2_097_152, "arenaSize": 983_040, "modelSize": 1_912_432}
    nothing = dict.fromkeys(memory, 0)
    fast = {
        "mcu": "ethos-u55", "name": "Arm Ethos-U55 (250 MHz)", "isDefault": False, "latency": max(1, latency_ms // 9),
        "tflite": memory, "eon": {**memory, "ramRequired": 917_504},
        "customMetrics": [{"name": "NPU use", "value": "94%"}], "hasPerformance": True,
    }  # fmt: skip
    small = {
        "mcu": "cortex-m4f-80mhz", "name": "Cortex-M4F 80 MHz", "isDefault": False, "latency": 0,
        "tflite": nothing, "eon": nothing, "customMetrics": [], "hasPerformance": False,
        "profilingError": "The model needs 1.3 MB of memory, the device has 256 kB.",
    }  # fmt: skip
    return [fast, small]


def _graph(title: str, label: str, series: dict[str, list[float]]) -> Json:
    return {
        "title": title,
        "xLabel": "cycle",
        "yLabel": label,
        "description": f"{title} after each training cycle",
        "hideInUI": False,
        "data": [{"title": name, "values": values} for name, values in series.items()],
    }
