"""What feeds what in an impulse, and the words for its state."""

from app.domain.finding import Severity
from app.domain.impulse import Impulse, PostProcessingBlock, PostProcessingConfig
from app.domain.impulse.block_graph import Stage, block_graph
from app.domain.impulse.blocks import DspBlock, ImpulseDesign, InputBlock, LearnBlock
from app.domain.impulse.learning import KerasConfig
from app.domain.impulse.origin import DatasetSummary, DatasetVersion, PretrainedModel, User
from app.domain.impulse.processing import DspBlockConfig, DspConfig, DspMetadata, PostProcessingBlockConfig
from app.domain.impulse.state import NOT_COMPLETE, NOT_CONFIGURED, READY, STALE, UNKNOWN, origin_sentences, state_notes
from app.domain.impulse.training import KerasBlockConfig, KerasMetadata

DESIGN = ImpulseDesign(
    1,
    input_blocks=(InputBlock(1, "image", "Camera", image_width=96, image_height=64), InputBlock(2, "features")),
    dsp_blocks=(DspBlock(3, "image", "Pixels", input=1), DspBlock(4, "raw", "Raw")),
    learn_blocks=(LearnBlock(5, "keras", "Net", dsp=(3, 4)), LearnBlock(6, "anomaly", "Odd", dsp=(4, 27))),
    post_processing_blocks=(PostProcessingBlock(7, "object-tracking", "Tracker"),),
)
READY_BLOCKS = {
    "dsp_block_configs": tuple(DspBlockConfig(number, metadata=DspMetadata(generated=True)) for number in (3, 4)),
    "learn_block_keras_configs": tuple(
        KerasBlockConfig(number, KerasConfig(), KerasMetadata(has_trained_model=True)) for number in (5, 6)
    ),
    "post_processing_block_configs": (PostProcessingBlockConfig(7, PostProcessingConfig(enabled=True)),),
}


def edges(impulse: Impulse) -> set[tuple[str, str]]:
    graph = block_graph(impulse)
    return {(graph.nodes[edge.start].title, graph.nodes[edge.end].title) for edge in graph.edges}


def words(impulse: Impulse) -> list[str]:
    return [note.word for note in state_notes(impulse)]


def test_edges_follow_the_ids() -> None:
    assert edges(Impulse(DESIGN)) == {
        ("Camera", "Pixels"),
        ("Camera", "Raw"),
        ("features", "Raw"),
        ("Pixels", "Net"),
        ("Raw", "Net"),
        ("Raw", "Odd"),
        ("block 27 is missing", "Odd"),
        ("Net", "Tracker"),
        ("Odd", "Tracker"),
    }


def test_what_is_fed_by_nothing_that_exists_gets_a_gap_in_the_column_before() -> None:
    design = ImpulseDesign(1, dsp_blocks=(DspBlock(3, input=9),), learn_blocks=(LearnBlock(4, dsp=(8, 8, 3)),))
    graph = block_graph(Impulse(design))
    gaps = [(node.stage, node.row, node.block_id) for node in graph.nodes if node.block is None]
    assert gaps == [(Stage.INPUT, 0, 9), (Stage.PROCESSING, 1, 8)]
    assert [(edge.start, edge.end) for edge in graph.edges if edge.lost] == [(2, 0), (3, 1)]
    assert graph.rows == 2


def test_the_same_id_in_two_columns_is_two_blocks() -> None:
    design = ImpulseDesign(
        1,
        input_blocks=(InputBlock(1, name="in"),),
        dsp_blocks=(DspBlock(1, name="dsp", input=1),),
        learn_blocks=(LearnBlock(1, name="net", dsp=(1,)),),
        post_processing_blocks=(PostProcessingBlock(1, name="after"),),
    )
    assert edges(Impulse(design)) == {("in", "dsp"), ("dsp", "net"), ("net", "after")}


def test_an_impulse_without_blocks_has_an_empty_graph() -> None:
    graph = block_graph(Impulse(ImpulseDesign(1)))
    assert (graph.nodes, graph.edges, graph.rows) == ((), (), 0)


def test_blocks_say_how_they_are() -> None:
    states = {node.title: node.state for node in block_graph(Impulse(DESIGN, **READY_BLOCKS)).nodes}
    assert states == {
        "Camera": "96 x 64 px",
        "features": "",
        "Pixels": "features made",
        "Raw": "features made",
        "Net": "trained",
        "Odd": "lost input",
        "Tracker": "on",
        "block 27 is missing": "does not exist",
    }


def test_a_config_error_goes_before_other_states() -> None:
    configs = (DspBlockConfig(3, DspConfig(config_error="It broke."), DspMetadata(generated=False)),)
    impulse = Impulse(DESIGN, dsp_block_configs=configs)
    node = next(node for node in block_graph(impulse).nodes if node.title == "Pixels")
    assert (node.state, node.severity) == ("config error, no features", Severity.ERROR)
    sentences = [note.sentence for note in state_notes(impulse)]
    assert "The settings of “Pixels” cannot be had: “It broke”." in sentences


def test_a_model_without_metadata_was_never_trained() -> None:
    configs = (KerasBlockConfig(5), KerasBlockConfig(6, KerasConfig(trained=False), KerasMetadata()))
    found = words(Impulse(DESIGN, **(READY_BLOCKS | {"learn_block_keras_configs": configs})))
    assert found == ["never trained", "lost input", "not trained"]


def test_a_tracker_may_be_off_or_without_settings() -> None:
    off = (PostProcessingBlockConfig(7, PostProcessingConfig(enabled=False)),)
    assert "off" in words(Impulse(DESIGN, post_processing_block_configs=off))
    assert "no settings" in words(Impulse(DESIGN))


def test_the_state_of_the_whole_comes_first() -> None:
    bare = ImpulseDesign(1)
    assert state_notes(Impulse(bare, is_stale=True, configured=False, complete=False)) == (
        STALE,
        NOT_CONFIGURED,
        NOT_COMPLETE,
    )
    assert state_notes(Impulse(bare, complete=True)) == (READY,)
    assert state_notes(Impulse(bare)) == (UNKNOWN,)


def test_where_an_impulse_comes_from_is_told_in_words() -> None:
    impulse = Impulse(
        ImpulseDesign(1, learn_blocks=(LearnBlock(1, created_at="2026-01-31T09:05:00Z"),)),
        created_by_user=User(username="ada"),
        created_from_tuner_trial_id=3,
        pretrained_model_info=PretrainedModel("net.onnx"),
        dataset_version=DatasetVersion(version_index=0, summary=DatasetSummary(sample_changes_count=2)),
    )
    assert origin_sentences(impulse) == (
        "Created by ada on 2026-01-31 09:05 UTC",
        "From trial 3 of the tuner",
        "Pretrained model net.onnx",
        "Dataset version 0, 2 changed samples",
    )
    assert origin_sentences(Impulse(ImpulseDesign(1))) == ()
    assert origin_sentences(Impulse(ImpulseDesign(1, dataset_version_id=5))) == ("Dataset version id 5",)
