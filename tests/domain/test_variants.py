"""Variants, thresholds and devices of a model."""

import pytest

from app.domain.impulse import Impulse
from app.domain.impulse.blocks import DspBlock, ImpulseDesign
from app.domain.impulse.devices import device_figures, processing_sentences, support_sentences
from app.domain.impulse.learning import KerasConfig, Threshold
from app.domain.impulse.performance import DevicePerformance, MemoryUse, ValidationMetrics
from app.domain.impulse.processing import DspBlockConfig, DspConfig, DspInfo, DspPerformance
from app.domain.impulse.training import AnomalyBlockConfig, KerasBlockConfig, KerasMetadata
from app.domain.impulse.variants import needs_training, threshold_pairs, variant_results


def model(*metrics: ValidationMetrics, available=("int8", "float32"), recommended="int8", selected="float32"):
    metadata = KerasMetadata(
        available_model_types=available, recommended_model_type=recommended, model_validation_metrics=metrics
    )
    return KerasBlockConfig(1, KerasConfig(selected_model_type=selected), metadata)


def thresholds(now: tuple[Threshold, ...], trained: tuple[Threshold, ...]):
    return threshold_pairs(KerasBlockConfig(1, KerasConfig(thresholds=now), KerasMetadata(thresholds=trained)))


def test_each_variant_is_listed_once_with_its_marks() -> None:
    found = variant_results(model(ValidationMetrics("int8", loss=0.1), ValidationMetrics("int4")))
    assert {result.variant: result.marks for result in found} == {
        "int8": ("recommended",),
        "float32": ("selected", "not measured"),
        "int4": ("not available",),
    }


def test_plain_numbers_of_the_free_report_are_figures_too() -> None:
    report = {"f1-score": 0.5, "ok": True, "car": {"recall": 1}, "words": "x", "count": 3}
    (result, _) = variant_results(model(ValidationMetrics("int8", report=report)))
    assert result.report == {"f1-score": 0.5, "count": 3.0}
    (bare, _) = variant_results(model(ValidationMetrics("int8", report=[1])))
    assert bare.report == {}


def test_processing_blocks_tell_what_they_cost() -> None:
    configs = tuple(
        DspBlockConfig(number, DspConfig(DspInfo(performance=performance)))
        for number, performance in ((1, DspPerformance(11, 4096)), (2, DspPerformance(latency=2.5)), (3, None))
    )
    design = ImpulseDesign(1, dsp_blocks=tuple(DspBlock(number, name=f"block {number}") for number in range(1, 5)))
    assert processing_sentences(Impulse(design, dsp_block_configs=configs)) == (
        "“block 1” takes 11 ms and 4 kB of RAM.",
        "“block 2” takes 2.5 ms.",
    )


def test_having_to_be_trained_anew_is_a_state_and_no_variant() -> None:
    stale = model(available=("int8", "requiresRetrain"), recommended="requiresRetrain", selected="requiresRetrain")
    assert [result.variant for result in variant_results(stale)] == ["int8"]
    assert needs_training(stale)
    assert not needs_training(model())


def test_without_settings_there_are_no_variants_and_no_thresholds() -> None:
    assert (variant_results(None), threshold_pairs(None), device_figures(None), support_sentences(None)) == (
        (),
        (),
        (),
        (),
    )
    assert variant_results(AnomalyBlockConfig(1)) == ()


@pytest.mark.parametrize(
    ("now", "trained", "differs"),
    [(0.5, 0.5, False), (0.5, "0.50", False), (0.5, 0.3, True), ("auto", "auto", False), ("auto", 0.5, True),
     (1, 1.0, False), (None, 0.5, None), (True, True, False)],
)  # fmt: skip
def test_thresholds_are_compared_as_numbers_where_they_are_numbers(now, trained, differs) -> None:
    (pair,) = thresholds((Threshold("t", value=now),), (Threshold("t", value=trained),))
    assert pair.differs is differs


def test_thresholds_on_one_side_only_are_listed() -> None:
    pairs = thresholds((Threshold("new", value=1), Threshold("both", value=1)), (Threshold("both"), Threshold("old")))
    assert [(pair.known.key, pair.now is None, pair.trained is None) for pair in pairs] == [
        ("new", False, True),
        ("both", False, False),
        ("old", True, False),
    ]
    assert [pair.differs for pair in pairs] == [None, None, None]


def test_a_key_that_comes_twice_is_met_twice() -> None:
    pairs = thresholds((Threshold("t", value=1), Threshold("t", value=2)), (Threshold("t", value=1),))
    assert [(pair.now.value if pair.now else None, pair.differs) for pair in pairs] == [(1, False), (2, None)]


def test_the_suggestion_is_in_the_services_words_where_it_has_some() -> None:
    pairs = thresholds((Threshold("a", suggested_value=0.5, suggested_value_text="half"), Threshold("b")), ())
    assert [pair.suggestion for pair in pairs] == ["half", None]


def test_a_device_has_a_row_for_each_engine() -> None:
    small, large = MemoryUse(ram_required=1), MemoryUse(ram_required=2)
    devices = (
        DevicePerformance("m4", "Board", latency=3, tflite=large, eon=small, eon_ram_optimized=small),
        DevicePerformance("m0", profiling_error="out of memory"),
        DevicePerformance("m7", has_performance=False),
    )
    found = device_figures(model(ValidationMetrics("int8", on_device_performance=devices)))
    assert [(each.label, each.engine, each.problem) for each in found] == [
        ("Board", "TFLite", ""),
        ("Board", "EON", ""),
        ("Board", "EON, least RAM", ""),
        ("m0", "", "out of memory"),
        ("m7", "", "not estimated"),
    ]
    assert [each.memory for each in found[:2]] == [large, small]


def test_zeros_of_a_device_with_a_problem_are_no_figures() -> None:
    nothing, some = MemoryUse(0, 0, 0, 0), MemoryUse(ram_required=9)
    devices = (
        DevicePerformance("m4", latency=0, tflite=nothing, eon=nothing, has_performance=False, profiling_error="small"),
        DevicePerformance("m7", latency=0, tflite=nothing, profiling_error="timed out"),
        DevicePerformance("m33", latency=0, tflite=nothing, has_performance=False),
        DevicePerformance("pi", latency=0, tflite=some, eon=nothing, profiling_error="stopped early"),
        DevicePerformance("fast", latency=0, tflite=nothing, has_performance=True),
    )
    found = device_figures(model(ValidationMetrics("int8", on_device_performance=devices)))
    assert [(each.label, each.engine, each.missing) for each in found] == [
        ("m4", "", "cannot run"),
        ("m7", "", "not measured"),
        ("m33", "", "not estimated"),
        ("pi", "TFLite", ""),
        ("fast", "TFLite", ""),
    ]


def test_what_cannot_run_or_was_not_measured_is_said_with_the_reason() -> None:
    metrics = (
        ValidationMetrics("int8", is_supported_on_mcu=False, mcu_support_error="It is too large."),
        ValidationMetrics("float32", is_supported_on_mcu=True, profiling_job_failed=True, profiling_job_id=12),
        ValidationMetrics(is_supported_on_mcu=False),
    )
    assert support_sentences(model(*metrics)) == (
        "Microcontrollers cannot run int8: “It is too large”.",
        "Measuring float32 failed (job 12).",
        "Microcontrollers cannot run a variant without a name.",
    )
