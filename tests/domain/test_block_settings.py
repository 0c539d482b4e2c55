"""Everything that is set in a block, as rows."""

import json
from pathlib import Path

import pytest

from app.domain.impulse import Impulse, PostProcessingBlock, PostProcessingConfig
from app.domain.impulse.block_settings import block_entries
from app.domain.impulse.blocks import DspBlock, ImpulseDesign, InputBlock, LearnBlock
from app.domain.impulse.entries import Entry, parameter_entries, record_entries, worded
from app.domain.impulse.learning import (
    AnomalyConfig,
    KerasConfig,
    SpectrogramAugmentation,
    TransferLearningModel,
    VisualLayer,
)
from app.domain.impulse.parameters import Parameter, ParameterGroup, SelectOption, ShowIf
from app.domain.impulse.processing import DspBlockConfig, DspConfig, DspMetadata, PostProcessingBlockConfig
from app.domain.impulse.secrets import MASK
from app.domain.impulse.training import AnomalyBlockConfig, KerasBlockConfig, KerasMetadata, Layer, LayerEnd
from app.formats.edge_impulse import parse_impulses

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "api" / "samples"
MODE = Parameter("mode", "Mode", "fast", "slow", "select", select_options=(SelectOption("fast", option_label="Fast"),))
SPEED = Parameter("speed", "Speed", default_value="1", type="float", min_val=0, show_if=ShowIf("mode", "eq", "fast"))
PATIENCE = Parameter("patience", "Patience", show_if=ShowIf("mode", "neq", "fast"))


def flat(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """All rows by name, groups included; of equal names the first."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found = {entry.name: entry, **flat(entry.children), **found}
    return found


def dsp_impulse(**more) -> Impulse:
    groups = (ParameterGroup("How", (MODE,)), ParameterGroup("Then", (SPEED, PATIENCE)))
    config = DspBlockConfig(3, DspConfig(config=groups), **more)
    return Impulse(ImpulseDesign(1, dsp_blocks=(DspBlock(3, "raw"),)), dsp_block_configs=(config,))


def dsp_rows(**more) -> dict[str, Entry]:
    impulse = dsp_impulse(**more)
    return flat(block_entries(impulse, impulse.dsp_blocks[0]))


def keras_rows(config: KerasConfig, **more) -> dict[str, Entry]:
    impulse = Impulse(
        ImpulseDesign(1, learn_blocks=(LearnBlock(4, "keras"),)),
        learn_block_keras_configs=(KerasBlockConfig(4, config, **more),),
    )
    return flat(block_entries(impulse, impulse.learn_blocks[0]))


def test_a_parameter_tells_its_value_default_type_and_options() -> None:
    (mode,) = parameter_entries([MODE])
    assert (mode.name, mode.value, mode.default, mode.kind, mode.changed) == (
        "Mode",
        "Fast (fast)",
        "slow",
        "select",
        True,
    )
    assert "Options: Fast (fast)." in mode.explanation


def test_conditions_reach_across_groups() -> None:
    rows = dsp_rows()
    assert rows["Speed"].hidden == ""
    assert rows["Patience"].hidden == "its condition does not hold"
    assert "Matters while mode is fast: it is fast now." in rows["Speed"].explanation
    assert rows["Then"].hidden_count == 1


def test_a_value_that_was_never_set_is_the_default() -> None:
    speed = dsp_rows()["Speed"]
    assert (speed.value, speed.changed) == ("1", False)
    assert "Parameter speed, least 0, never set." in speed.explanation


@pytest.mark.parametrize(
    ("parameter", "version", "why"),
    [
        (Parameter("a", should_show=False), None, "hidden by the service"),
        (Parameter("a", show_for_implementation_version=(1,)), 2, "of another version of the block"),
        (Parameter("a", show_for_implementation_version=(1,)), 1, ""),
    ],
)
def test_hidden_parameters_say_why(parameter, version, why) -> None:
    assert parameter_entries([parameter], version=version)[0].hidden == why


def test_secrets_stay_secret() -> None:
    secret = Parameter("token", "Token", "abc", "def", "secret")
    (row,) = parameter_entries([secret])
    assert (row.value, row.default) == (MASK, MASK)
    config = DspBlockConfig(
        3, DspConfig(config=(ParameterGroup("", (secret,)),)), DspMetadata(dsp_config={"token": "abc"})
    )
    impulse = Impulse(ImpulseDesign(1, dsp_blocks=(DspBlock(3),)), dsp_block_configs=(config,))
    assert "abc" not in repr(block_entries(impulse, impulse.dsp_blocks[0]))


def test_settings_that_changed_since_the_features_were_made_are_marked() -> None:
    rows = dsp_rows(metadata=DspMetadata(dsp_config={"mode": "slow", "speed": "1", "gone": "7"}))
    then = {entry.name: entry for entry in rows["Settings that the features were made with"].children}
    assert {name: (entry.value, entry.changed) for name, entry in then.items()} == {
        "Mode": ("slow", True),
        "Speed": ("1", False),
        "gone": ("7", False),
    }


def test_all_of_a_networks_training_can_be_read() -> None:
    rows = keras_rows(
        KerasConfig(
            training_cycles=60,
            learning_rate=0.0015,
            augmentation_policy_spectrogram=SpectrogramAugmentation(warping=True),
            visual_layers=(VisualLayer("dense", neurons=20), VisualLayer("dropout", dropout_rate=0.25)),
            script="import tensorflow\nmodel = None",
        )
    )
    assert rows["Training cycles"].value == "60"
    assert rows["Learning rate"].value == "0.0015"
    assert rows["Warping"].value == "yes"
    assert rows["Visual layers" if "Visual layers" in rows else "Layers"].children[1].name == "2  dropout"
    assert rows["Script"].explanation == ("import tensorflow", "model = None")


def test_a_models_own_parameters_have_the_values_of_the_block() -> None:
    model = TransferLearningModel("YOLO", custom_parameters=(MODE, SPEED, PATIENCE))
    rows = keras_rows(KerasConfig(transfer_learning_models=(model,), custom_parameters={"mode": "slow", "new": "1"}))
    assert (rows["Mode"].value, rows["Mode"].changed) == ("slow", False)
    assert (rows["Speed"].hidden != "", rows["Patience"].hidden) == (True, "")
    assert rows["Custom parameters"].children == (Entry("new", "1"),)


def test_an_anomaly_detector_and_a_tracker_have_their_settings() -> None:
    impulse = Impulse(
        ImpulseDesign(
            1,
            learn_blocks=(LearnBlock(4, "anomaly"),),
            post_processing_blocks=(PostProcessingBlock(5, "object-tracking"),),
        ),
        learn_block_anomaly_configs=(AnomalyBlockConfig(4, AnomalyConfig(cluster_count=32)),),
        post_processing_block_configs=(PostProcessingBlockConfig(5, PostProcessingConfig(parameters=(MODE,))),),
    )
    assert flat(block_entries(impulse, impulse.learn_blocks[0]))["Cluster count"].value == "32"
    assert flat(block_entries(impulse, impulse.post_processing_blocks[0]))["Mode"].changed


def test_an_input_has_its_size_and_a_block_without_settings_what_it_is() -> None:
    impulse = Impulse(ImpulseDesign(1, learn_blocks=(LearnBlock(4, "vlm"),)))
    assert flat(block_entries(impulse, impulse.learn_blocks[0]))["Type"].value == "vlm"
    window = InputBlock(1, "time-series", window_size_ms=2000, created_at="2026-01-31T09:05:00Z")
    rows = flat(block_entries(impulse, window))
    assert rows["Window size"].value == "2000 ms"
    assert rows["Created at"].value == "2026-01-31 09:05 UTC"


def test_fields_that_are_unknown_are_rows_too_however_deep_they_are() -> None:
    deep: object = "bottom"
    for _ in range(3000):
        deep = [deep]
    metadata = KerasMetadata(kept={"brandNew": {"a": 1, "b": [1, 2]}, "deep": deep, "gap": None})
    rows = {entry.name: entry.value for entry in record_entries(metadata)}
    assert rows == {"brandNew": "a: 1, b: 2 values", "deep": "1 value", "gap": "null"}


def test_a_long_list_is_counted_and_not_written_out() -> None:
    rows = keras_rows(KerasConfig(), metadata=KerasMetadata(labels=tuple(f"label {n}" for n in range(10_000))))
    assert rows["Labels"].value.endswith("label 23 and 9,976 more")


def test_a_model_of_very_many_layers_has_a_row_for_the_first_of_them() -> None:
    layers = keras_rows(KerasConfig(), metadata=KerasMetadata(layers=(Layer(LayerEnd(3)),) * 5000))["Layers"].children
    assert len(layers) == 201
    assert layers[-1].name == "and 4,800 more"


@pytest.mark.parametrize(
    ("attribute", "words"),
    [("training_cycles", "Training cycles"), ("frequency_hz", "Frequency"), ("custom_url", "Custom URL")],
)
def test_names_of_fields_are_words(attribute, words) -> None:
    assert worded(attribute) == words


@pytest.mark.parametrize("name", ["ei_impulses_detailed.json", "ei_impulses_detailed_fixed.json"])
def test_every_block_of_the_samples_has_rows(name) -> None:
    if not (SAMPLES / name).exists():
        pytest.skip("no samples")
    (impulse,) = parse_impulses((SAMPLES / name).read_bytes()).impulses
    blocks = (*impulse.input_blocks, *impulse.dsp_blocks, *impulse.learn_blocks, *impulse.post_processing_blocks)
    assert len(blocks) == 4
    for block in blocks:
        rows = flat(block_entries(impulse, block))
        assert rows["Block id"].value == "1"
    tracker = flat(block_entries(impulse, impulse.post_processing_blocks[0]))
    assert tracker["Scale axes"].hidden == "its condition does not hold"
    assert json.loads((SAMPLES / name).read_bytes())["success"]
