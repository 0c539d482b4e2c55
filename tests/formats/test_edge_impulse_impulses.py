import contextlib
import json

import pytest
from hypothesis import given

from app.errors import DocumentFormatError
from app.formats.edge_impulse import parse_impulses
from tests.formats.edge_impulse_bodies import parameter
from tests.formats.json_changes import with_one_change

THRESHOLD = {"key": "min_score", "description": "Score", "helpText": "x", "value": 0.5}
DOCUMENT = {
    "success": True,
    "error": "text",
    "impulses": [
        {
            "impulse": {
                "id": 7,
                "name": "Cars",
                "type": "default",
                "inputBlocks": [
                    {
                        "id": 1,
                        "type": "image",
                        "name": "Image",
                        "title": "Image data",
                        "imageWidth": 320,
                        "imageHeight": 240,
                        "resizeMode": "fit-short",
                        "resizeMethod": "lanczos3",
                        "cropAnchor": "middle-center",
                    }
                ],
                "dspBlocks": [{"id": 2, "type": "image", "name": "Image", "axes": ["image"]}],
                "learnBlocks": [{"id": 3, "type": "keras-object-detection", "name": "Detector", "dsp": [27]}],
                "postProcessingBlocks": [
                    {"id": 5, "type": "object-tracking", "name": "Tracking", "implementationVersion": 1},
                    {"id": 6, "type": "smoothing", "name": "Other"},
                ],
            },
            "metrics": [
                {"name": "f1", "type": "core", "category": "impulseMetrics", "description": "F1", "value": "93%",
                 "title": "F1 score", "valueForSorting": 0.93, "valueHint": "of the test set"},
                {"name": "quantized", "type": "additional", "category": "learnBlockConfig", "description": "",
                 "value": True},
            ],
            "dspBlockConfigs": [],
            "learnBlockKerasConfigs": [
                {
                    "blockId": 3,
                    "config": {"trained": True, "selectedModelType": "float32", "thresholds": [THRESHOLD]},
                    "metadata": {
                        "classNames": ["car", "bus"],
                        "availableModelTypes": ["int8", "requiresRetrain", "float32"],
                        "recommendedModelType": "int8",
                        "hasTrainedModel": True,
                        "objectDetectionLastLayer": "fomo",
                        "thresholds": [{**THRESHOLD, "value": "auto", "suggestedValue": 1}],
                        "modelValidationMetrics": [
                            {
                                "type": "int8",
                                "loss": 0.1,
                                "confusionMatrix": [[31, 1], [2, 27.5]],
                                "report": {},
                                "predictions": [{"sampleId": 1}] * 50,
                                "additionalMetrics": [{"name": "mAP", "value": "0.8"}],
                            }
                        ],
                    },
                }
            ],
            "learnBlockAnomalyConfigs": [],
            "postProcessingBlockConfigs": [
                {"blockId": 5, "config": {"enabled": True, "parameters": [parameter("keep_grace", value="7")]}}
            ],
            "isStale": True,
            "configured": True,
            "complete": False,
            "tags": ["best", "v2"],
        }
    ],
    "metricKeysByCategory": [
        {
            "category": "impulseMetrics",
            "metricKeys": [
                {"name": "f1", "description": "F1", "type": "core", "showInTable": True,
                 "filteringType": {"type": "numeric", "options": []}}
            ],
        }
    ],
    "extraTableColumns": ["RAM"],
}  # fmt: skip


def read(document=DOCUMENT):
    return parse_impulses(json.dumps(document).encode())


def impulse_with(**changes):
    (impulse,) = read({"success": True, "impulses": [{**DOCUMENT["impulses"][0], **changes}]}).impulses
    return impulse


def test_an_impulse_tells_its_state():
    (impulse,) = read().impulses
    assert (impulse.impulse_id, impulse.name, impulse.type, impulse.tags) == (7, "Cars", "default", ("best", "v2"))
    assert (impulse.is_stale, impulse.is_configured, impulse.is_complete) == (True, True, False)


def test_the_input_tells_the_models_size_and_how_pictures_got_there():
    (impulse,) = read().impulses
    (block,) = impulse.input_blocks
    assert impulse.model_size == block.image_size == (320, 240)
    assert (block.resize_mode, block.resize_method, block.crop_anchor) == ("fit-short", "lanczos3", "middle-center")


def test_the_tracking_block_carries_its_settings():
    (impulse,) = read().impulses
    (block,) = impulse.tracking_blocks
    assert (block.block_id, block.name, block.config.values) == (5, "Tracking", {"keep_grace": "7"})
    assert [other.config for other in impulse.post_processing_blocks] == [block.config, None]


def test_variants_are_those_that_can_be_asked_for():
    (impulse,) = read().impulses
    (learn,) = impulse.learn_blocks
    assert impulse.variants == learn.variants == ("int8", "float32")
    assert (learn.recommended_variant, learn.selected_variant, learn.last_layer) == ("int8", "float32", "fomo")


def test_thresholds_of_now_and_of_training_are_kept_apart():
    (learn,) = read().impulses[0].learn_blocks
    assert [(each.key, each.value) for each in learn.thresholds] == [("min_score", "0.5")]
    assert [(each.value, each.suggested_value) for each in learn.trained_thresholds] == [("auto", "1")]


def test_training_results_follow_the_class_names():
    (learn,) = read().impulses[0].learn_blocks
    (metrics,) = learn.validation
    assert learn.class_names == ("car", "bus")
    assert (metrics.variant, metrics.loss, metrics.accuracy) == ("int8", 0.1, None)
    assert metrics.confusion == ((31, 1), (2, 27.5))
    assert metrics.additional == (("mAP", "0.8"),)


def test_metrics_keep_text_and_yes_or_no():
    first, second = read().impulses[0].metrics
    assert (first.category, first.name, first.value, first.sort_value) == ("impulseMetrics", "f1", "93%", 0.93)
    assert (first.title, first.hint) == ("F1 score", "of the test set")
    assert (second.value, second.sort_value) == (True, None)


def test_metric_columns_are_listed_by_category():
    document = read()
    (key,) = document.metric_keys["impulseMetrics"]
    assert (key.name, key.filtering, key.show_in_table) == ("f1", "numeric", True)
    assert document.extra_columns == ("RAM",)


def test_a_block_is_joined_with_settings_of_its_own_list_only():
    configs = [{"blockId": 3, "config": {"enabled": True, "parameters": []}}]
    assert [block.config for block in impulse_with(postProcessingBlockConfigs=configs).post_processing_blocks] == [
        None,
        None,
    ]


def test_an_untrained_impulse_opens():
    learn = impulse_with(learnBlockKerasConfigs=[{"blockId": 3, "config": {"trained": False}}]).learn_blocks[0]
    assert (learn.trained, learn.variants, learn.validation) == (False, (), ())


def test_an_anomaly_block_is_read_like_the_others():
    configs = [{"blockId": 3, "config": {}, "metadata": {"axes": "`[ 0, 11 ]`", "availableModelTypes": ["int8"]}}]
    impulse = impulse_with(learnBlockKerasConfigs=None, learnBlockAnomalyConfigs=configs)
    assert impulse.variants == ("int8",)


@pytest.mark.parametrize("matrix", [None, "x", [1], [[1, None]], [[1], "x"]])
def test_a_matrix_with_holes_is_none(matrix):
    metadata = {"modelValidationMetrics": [{"type": "int8", "confusionMatrix": matrix}]}
    learn = impulse_with(learnBlockKerasConfigs=[{"blockId": 3, "metadata": metadata}]).learn_blocks[0]
    assert learn.validation[0].confusion == ()


@pytest.mark.parametrize("impulses", [[], None])
def test_a_project_without_impulses_opens(impulses):
    assert read({"success": True, "impulses": impulses}).impulses == ()


def test_an_impulse_without_an_image_has_no_model_size():
    blocks = [{"id": 1, "type": "time-series", "imageWidth": 28, "imageHeight": 28}]
    record = {**DOCUMENT["impulses"][0]["impulse"], "inputBlocks": blocks}
    assert impulse_with(impulse=record).model_size is None


@given(with_one_change(DOCUMENT))
def test_any_oddity_is_read_or_refused_in_words(document):
    with contextlib.suppress(DocumentFormatError):
        if document.get("success") is not False:
            assert len(read(document).impulses) <= 1


@pytest.mark.parametrize("name", ["ei_impulses_detailed.json", "ei_impulses_detailed_fixed.json"])
def test_the_services_own_example_opens(shared_data, name):
    path = shared_data.parent / "api" / "samples" / name
    if not path.is_file():
        pytest.skip("the service's samples are not beside the recordings")
    (impulse,) = parse_impulses(path.read_bytes()).impulses
    assert [block.block_id for block in impulse.tracking_blocks] == [1]
    assert impulse.tracking_blocks[0].config.values == {"scale-axes": "text"}
    assert impulse.variants == ("int8",)
    assert [metric.value for metric in impulse.metrics] == ["text"]
