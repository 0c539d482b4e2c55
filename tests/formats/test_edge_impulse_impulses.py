import contextlib
import json

import pytest
from hypothesis import given

from app.errors import DocumentFormatError, ServiceError
from app.formats.edge_impulse import parse_impulses
from app.formats.edge_impulse_impulses import write_impulses
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


def the_model(**changes):
    impulse = impulse_with(**changes)
    return impulse.learn_config(impulse.learn_blocks[0])


def written(document):
    return json.loads(write_impulses(read(document)))


def test_an_impulse_tells_its_state():
    (impulse,) = read().impulses
    assert (impulse.impulse_id, impulse.name, impulse.design.type) == (7, "Cars", "default")
    assert (impulse.is_stale, impulse.configured, impulse.complete, impulse.tags) == (True, True, False, ("best", "v2"))


def test_the_input_tells_the_models_size_and_how_pictures_got_there():
    (impulse,) = read().impulses
    (block,) = impulse.input_blocks
    assert impulse.model_size == block.image_size == (320, 240)
    assert (block.resize_mode, block.resize_method, block.crop_anchor) == ("fit-short", "lanczos3", "middle-center")


def test_the_tracking_block_has_its_settings():
    (impulse,) = read().impulses
    (block,) = impulse.tracking_blocks
    assert (block.block_id, block.name) == (5, "Tracking")
    assert impulse.post_processing_config(5).values == {"keep_grace": "7"}
    assert [impulse.post_processing_config(each.block_id) is None for each in impulse.post_processing_blocks] == [
        False,
        True,
    ]


def test_variants_are_those_that_can_be_asked_for():
    model = the_model()
    assert impulse_with().variants == model.variants == ("int8", "float32")
    assert (model.recommended_variant, model.config.selected_model_type) == ("int8", "float32")
    assert model.metadata.object_detection_last_layer == "fomo"


def test_thresholds_of_now_and_of_training_are_kept_apart():
    assert [(each.key, each.value) for each in the_model().thresholds] == [("min_score", 0.5)]
    assert [(each.value, each.suggested_value) for each in the_model().trained_thresholds] == [("auto", 1)]


def test_training_results_follow_the_class_names():
    (metrics,) = the_model().validation
    assert the_model().metadata.class_names == ("car", "bus")
    assert (metrics.type, metrics.loss, metrics.accuracy) == ("int8", 0.1, None)
    assert metrics.confusion_matrix == ((31, 1), (2, 27.5))
    assert [(each.name, each.value) for each in metrics.additional_metrics] == [("mAP", "0.8")]


def test_metrics_keep_text_and_yes_or_no():
    first, second = read().impulses[0].metrics
    assert (first.category, first.name, first.value, first.value_for_sorting) == ("impulseMetrics", "f1", "93%", 0.93)
    assert (first.title, first.value_hint) == ("F1 score", "of the test set")
    assert (second.value, second.value_for_sorting) == (True, None)


def test_metric_columns_are_listed_by_category():
    (columns,) = read().metric_keys_by_category
    (key,) = columns.metric_keys
    assert (columns.category, key.name, key.filtering_type.type, key.show_in_table) == (
        "impulseMetrics",
        "f1",
        "numeric",
        True,
    )
    assert read().extra_table_columns == ("RAM",)


def test_a_block_is_joined_with_settings_of_its_own_list_only():
    configs = [{"blockId": 3, "config": {"enabled": True, "parameters": []}}]
    impulse = impulse_with(postProcessingBlockConfigs=configs)
    assert [impulse.post_processing_config(block.block_id) for block in impulse.post_processing_blocks] == [None, None]


def test_an_untrained_impulse_opens():
    model = the_model(learnBlockKerasConfigs=[{"blockId": 3, "config": {"trained": False}}])
    assert (model.trained, model.variants, model.validation, model.metadata) == (False, (), (), None)


def test_an_anomaly_block_is_read_like_the_others():
    configs = [{"blockId": 3, "config": {}, "metadata": {"axes": "`[ 0, 11 ]`", "availableModelTypes": ["int8"]}}]
    impulse = impulse_with(learnBlockKerasConfigs=None, learnBlockAnomalyConfigs=configs)
    assert impulse.variants == ("int8",)


@pytest.mark.parametrize("matrix", [None, "x", [1], [[1, None]], [[1], "x"]])
def test_a_matrix_with_holes_is_none(matrix):
    metadata = {"modelValidationMetrics": [{"type": "int8", "confusionMatrix": matrix}]}
    document = {
        "impulses": [{**DOCUMENT["impulses"][0], "learnBlockKerasConfigs": [{"blockId": 3, "metadata": metadata}]}]
    }
    (impulse,) = read(document).impulses
    assert impulse.learn_config(impulse.learn_blocks[0]).validation[0].confusion_matrix == ()
    assert written(document) == document


@pytest.mark.parametrize("impulses", [[], None])
def test_a_project_without_impulses_opens(impulses):
    document = {"success": True, "impulses": impulses}
    assert read(document).impulses == ()
    assert written(document) == document


def test_an_impulse_without_an_image_has_no_model_size():
    blocks = [{"id": 1, "type": "time-series", "imageWidth": 28, "imageHeight": 28}]
    record = {**DOCUMENT["impulses"][0]["impulse"], "inputBlocks": blocks}
    assert impulse_with(impulse=record).model_size is None


def test_what_is_written_is_what_was_read_in_the_same_order():
    assert json.dumps(written(DOCUMENT)) == json.dumps(DOCUMENT)
    assert read().remarks == ()


def test_absent_null_and_empty_stay_apart():
    impulse = {"id": 7, "name": "", "type": None, "dspBlocks": [], "learnBlocks": None}
    document = {"success": True, "impulses": [{"impulse": impulse, "isStale": None, "tags": []}]}
    assert written(document) == document
    (read_impulse,) = read(document).impulses
    assert (read_impulse.is_stale, read_impulse.complete) == (None, None)
    assert read(document).remarks == ()


def test_what_is_unknown_is_kept_where_it_stood():
    impulse = {**DOCUMENT["impulses"][0], "colour": {"r": [1, None]}}
    document = {**DOCUMENT, "impulses": [impulse], "next": None}
    assert dict(read(document).impulses[0].kept) == {"colour": {"r": [1, None]}}
    assert dict(read(document).kept) == {"next": None}
    assert written(document) == document


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"isStale": "yes"}, "isStale should be true or false and is the text “yes”."),
        ({"tags": "best"}, "tags should be a list and is the text “best”."),
        ({"tags": ["a", ["b"]]}, "tags[1] should be text and is a list."),
        ({"metrics": [{"value": {}}]}, "metrics[0].value should be text, a number or true or false and is an object."),
        ({"createdByUser": 3}, "createdByUser should be an object and is 3."),
        ({"impulse": {"id": 7, "inputBlocks": [{}]}}, "impulse.inputBlocks[0] has no id and cannot be shown."),
        ({"dspBlockConfigs": [{"blockId": 2.5}]}, "dspBlockConfigs[0].blockId should be a whole number and is 2.5."),
    ],
)
def test_what_is_odd_is_kept_and_told_with_its_place(changes, remark):
    document = {"success": True, "impulses": [{**DOCUMENT["impulses"][0], **changes}]}
    assert read(document).remarks[0] == f"impulses[0].{remark}"
    assert written(document) == document


def test_a_number_written_as_text_is_read_and_told():
    block = {"id": "1", "type": "image", "imageWidth": "320", "imageHeight": 240}
    document = {"success": True, "impulses": [{"impulse": {"id": 7, "inputBlocks": [block]}}]}
    assert read(document).impulses[0].model_size == (320, 240)
    assert len(read(document).remarks) == 2
    assert written(document) == document


def test_an_impulse_without_an_id_is_left_out_but_not_lost():
    document = {"success": True, "impulses": [{"impulse": {"name": "no id"}}, DOCUMENT["impulses"][0]]}
    found = read(document)
    assert [impulse.name for impulse in found.impulses] == ["Cars"]
    assert found.remarks == (
        "impulses[0].impulse has no id and cannot be shown.",
        "impulses[0] has no impulse and cannot be shown.",
    )
    assert written(document) == document


def test_a_thousand_oddities_are_counted_not_listed():
    document = {"success": True, "impulses": [1] * 1000}
    assert len(read(document).remarks) == 101
    assert read(document).remarks[-1] == "900 more remarks of this sort."


def test_remarks_show_no_signed_address_and_stay_on_one_line():
    document = {"impulses": [], "success": "https://store.example/a?Signature=secret\nx"}
    (remark,) = read(document).remarks
    assert "secret" not in remark
    assert "\n" not in remark


@given(with_one_change(DOCUMENT))
def test_any_oddity_is_written_back_or_refused_in_words(document):
    with contextlib.suppress(DocumentFormatError, ServiceError):
        assert len(read(document).impulses) <= 1
        assert written(document) == document


@pytest.mark.parametrize("name", ["ei_impulses_detailed.json", "ei_impulses_detailed_fixed.json"])
def test_the_services_own_example_opens_and_is_written_back(shared_data, name):
    path = shared_data.parent / "api" / "samples" / name
    if not path.is_file():
        pytest.skip("the service's samples are not beside the recordings")
    found = parse_impulses(path.read_bytes())
    (impulse,) = found.impulses
    (tracker,) = impulse.tracking_blocks
    assert impulse.post_processing_config(tracker.block_id).values == {"scale-axes": "text"}
    assert impulse.variants == ("int8",)
    assert [metric.value for metric in impulse.metrics] == ["text"]
    placeholder = (
        "impulses[0].learnBlockAnomalyConfigs[0].metadata.axes should be a list and is the text “`[ 0, 11, 22 ]`”."
    )
    assert found.remarks == ((placeholder,) if name == "ei_impulses_detailed.json" else ())
    assert json.dumps(json.loads(write_impulses(found))) == json.dumps(json.loads(path.read_bytes()))
