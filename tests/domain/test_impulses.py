"""Which of a block's parameters are shown, and which settings belong to which block."""

import pytest

from app.domain.impulse import Impulse
from app.domain.impulse.blocks import DspBlock, ImpulseDesign, InputBlock, LearnBlock, PostProcessingBlock
from app.domain.impulse.learning import AnomalyConfig, KerasConfig
from app.domain.impulse.parameters import Parameter, ShowIf, values_in_force, visible_parameters
from app.domain.impulse.processing import (
    DspBlockConfig,
    DspConfig,
    PostProcessingBlockConfig,
    PostProcessingConfig,
)
from app.domain.impulse.training import (
    AnomalyBlockConfig,
    AnomalyMetadata,
    KerasBlockConfig,
    KerasMetadata,
    LearnBlockConfig,
)

MODE = Parameter("mode", value="fast", default_value="slow")
ONLY_FAST = Parameter("speed", show_if=ShowIf("mode", "eq", "fast"))
NOT_FAST = Parameter("patience", show_if=ShowIf("mode", "neq", "fast"))
PARAMETERS = (MODE, ONLY_FAST, NOT_FAST)


def shown(*parameters: Parameter, values: dict[str, str] | None = None, version: int | None = None) -> list[str]:
    return [each.param for each in visible_parameters(parameters, values, implementation_version=version)]


def test_a_parameter_without_a_value_has_its_default() -> None:
    assert values_in_force([MODE, Parameter("grace", default_value="5"), Parameter("empty", value="")]) == {
        "mode": "fast",
        "grace": "5",
        "empty": "",
    }


def test_a_condition_is_held_against_the_values_in_force() -> None:
    assert shown(*PARAMETERS) == ["mode", "speed"]
    assert shown(Parameter("mode", default_value="fast"), ONLY_FAST, NOT_FAST) == ["mode", "speed"]


def test_other_values_show_other_parameters() -> None:
    assert shown(*PARAMETERS, values={"mode": "slow"}) == ["mode", "patience"]
    assert shown(*PARAMETERS, values={"unrelated": "slow"}) == ["mode", "speed"]


def test_a_condition_on_a_parameter_that_is_not_there_is_about_no_value() -> None:
    assert shown(ONLY_FAST, NOT_FAST) == ["patience"]


def test_what_the_service_hides_stays_hidden() -> None:
    hidden = Parameter("secret", should_show=False, show_if=ShowIf("mode", "eq", "fast"))
    assert shown(MODE, hidden, Parameter("open", should_show=True)) == ["mode", "open"]


def test_a_newer_operator_hides_nothing() -> None:
    assert shown(MODE, Parameter("later", show_if=ShowIf("mode", "gt", "fast"))) == ["mode", "later"]


@pytest.mark.parametrize(("version", "expected"), [(1, ["old", "always"]), (3, ["always"]), (None, ["old", "always"])])
def test_parameters_of_other_versions_of_a_block_are_left_out(version: int | None, expected: list[str]) -> None:
    old = Parameter("old", show_for_implementation_version=(1, 2))
    assert shown(old, Parameter("always"), version=version) == expected


def test_equal_ids_of_different_kinds_of_blocks_are_different_blocks() -> None:
    dsp, learn, tracker = DspBlock(1, "image"), LearnBlock(1, "keras"), PostProcessingBlock(1, "object-tracking")
    impulse = Impulse(
        ImpulseDesign(1, "", input_blocks=(InputBlock(1, "image"),), dsp_blocks=(dsp,), learn_blocks=(learn,)),
        dsp_block_configs=(DspBlockConfig(1, DspConfig(config_error="of the processing block")),),
        learn_block_keras_configs=(KerasBlockConfig(1, KerasConfig(name="of the model")),),
        learn_block_anomaly_configs=(AnomalyBlockConfig(1, AnomalyConfig(name="of another model")),),
        post_processing_block_configs=(PostProcessingBlockConfig(1, PostProcessingConfig(type="of the tracker")),),
    )
    assert impulse.dsp_config(dsp) is impulse.dsp_block_configs[0]
    assert impulse.learn_config(learn) is impulse.learn_block_keras_configs[0]
    assert impulse.learn_config(LearnBlock(1, "anomaly")) is impulse.learn_block_anomaly_configs[0]
    assert impulse.post_processing_config(tracker.block_id) is impulse.post_processing_block_configs[0].config


def test_a_model_finds_its_settings_in_whichever_list_has_them() -> None:
    anomaly, keras = AnomalyBlockConfig(1), KerasBlockConfig(2)
    impulse = Impulse(ImpulseDesign(1), learn_block_keras_configs=(keras,), learn_block_anomaly_configs=(anomaly,))
    assert impulse.learn_config(LearnBlock(1, "a newer type")) is anomaly
    assert impulse.learn_config(LearnBlock(2, "anomaly")) is keras
    assert impulse.learn_config(LearnBlock(3, "anomaly")) is None


def test_a_model_may_want_to_be_fed_by_what_does_not_exist() -> None:
    dsp = DspBlock(2, "image")
    impulse = Impulse(ImpulseDesign(1, dsp_blocks=(DspBlock(1), dsp)))
    model = LearnBlock(3, dsp=(27, 2))
    assert impulse.feeding(model) == (dsp,)
    assert impulse.lost_feeds(model) == (27,)


def test_an_impulse_without_post_processing_tracks_nothing() -> None:
    impulse = Impulse(ImpulseDesign(4))
    assert (impulse.tracking_blocks, impulse.variants, impulse.model_size, impulse.name) == ((), (), None, "Impulse 4")


def test_both_kinds_of_trackers_track() -> None:
    kinds = ("object-tracking", "sort-object-tracking", "smoothing")
    blocks = tuple(PostProcessingBlock(number, kind) for number, kind in enumerate(kinds))
    assert Impulse(ImpulseDesign(1, post_processing_blocks=blocks)).tracking_blocks == blocks[:2]


def test_the_state_of_the_training_goes_before_that_of_the_settings() -> None:
    settings = KerasConfig(trained=True)
    assert KerasBlockConfig(1, settings, KerasMetadata(has_trained_model=False)).trained is False
    assert KerasBlockConfig(1, settings, KerasMetadata()).trained is True
    assert AnomalyBlockConfig(1, metadata=AnomalyMetadata()).trained is None


@pytest.mark.parametrize("kind", [KerasBlockConfig, AnomalyBlockConfig])
def test_a_model_without_anything_has_no_variants(kind: type[LearnBlockConfig]) -> None:
    model = kind(1)
    assert (model.variants, model.recommended_variant, model.validation) == ((), "", ())
    assert (model.thresholds, model.trained_thresholds, model.trained) == ((), (), None)


def test_a_state_is_no_variant() -> None:
    metadata = KerasMetadata(
        available_model_types=("int8", "requiresRetrain"), recommended_model_type="requiresRetrain"
    )
    model = KerasBlockConfig(3, metadata=metadata)
    impulse = Impulse(ImpulseDesign(1, learn_blocks=(LearnBlock(3),)), learn_block_keras_configs=(model,))
    assert (model.variants, model.recommended_variant, impulse.variants) == (("int8",), "", ("int8",))
