import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.impulse import PostProcessingConfig
from app.domain.impulse.parameters import Parameter
from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS
from app.errors import DocumentFormatError, ServiceError
from app.formats.edge_impulse import (
    build_post_processing_request,
    parse_impulses,
    parse_job_status,
    parse_key_info,
    parse_post_processing_answer,
    parse_post_processing_config,
    parse_samples,
)
from tests.formats.edge_impulse_bodies import CONFIG, JOB, KEY_INFO, RESULTS, RUNNING, SAMPLES, parameter
from tests.formats.json_changes import with_one_change

PARSERS = (
    parse_key_info,
    parse_samples,
    parse_impulses,
    parse_post_processing_config,
    parse_post_processing_answer,
    parse_job_status,
)


def raw(document):
    return json.dumps(document).encode()


def answer(results, **more):
    return parse_post_processing_answer(raw({"success": True, "hasResults": "has-results", "results": results, **more}))


def tracked(*frames):
    return answer({"objectTracking": {"frames": list(frames), "parameters": {}}})


def box(number, **more):
    return {"label": "Car", "id": number, "x": 1, "y": 2, "width": 3, "height": 4, **more}


def test_a_key_names_its_project():
    info = parse_key_info(raw(KEY_INFO))
    assert (info.project_id, info.role, info.expires) == (1, "readonly", "2027-01-01T00:00:00.000Z")


def test_a_key_without_a_project_is_refused():
    with pytest.raises(DocumentFormatError, match="which project"):
        parse_key_info(b'{"success": true}')


@pytest.mark.parametrize("parse", PARSERS)
def test_success_false_is_the_services_own_refusal_whatever_else_is_there(parse):
    with pytest.raises(ServiceError, match="No such block"):
        parse(b'{"success": false, "error": "No such block."}')


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("error", [b"", b', "error": null', b', "error": ""', b', "error": {}'])
def test_a_refusal_without_a_reason_is_one_too(parse, error):
    with pytest.raises(ServiceError, match="without a reason"):
        parse(b'{"success": false' + error + b"}")


def test_an_error_text_beside_success_means_nothing():
    assert parse_key_info(raw({**KEY_INFO, "error": "text"})).project_id == 1
    assert parse_post_processing_answer(raw({**RESULTS, "error": "text"})).state == HAS_RESULTS


@pytest.mark.parametrize("parse", PARSERS)
def test_a_login_page_is_named_as_such(parse):
    with pytest.raises(DocumentFormatError, match="a web page"):
        parse(b"<!doctype html><title>Sign in</title>")


def test_samples_tell_rate_size_and_state():
    page = parse_samples(raw(SAMPLES))
    assert page.total_count == 2
    first, second = page.samples
    assert (first.sample_id, first.name, first.kind, first.category) == (3, "front.mp4", "video", "post-processing")
    assert (first.frame_rate, first.frame_count, first.image_size) == (10, 40, (640, 480))
    assert (first.is_processing, first.is_disabled, first.problem) == (False, False, "")
    assert (second.frame_rate, second.image_size) == (None, None)
    assert second.problem == "Cannot read video"


def test_a_sample_takes_what_only_its_first_stream_says():
    stream = {"frequencyHz": 25, "valuesCount": 7, "imageDimensions": {"width": 2, "height": 3}}
    (sample,) = parse_samples(raw({"success": True, "samples": [{"id": 1, "datastreams": [stream]}]})).samples
    assert (sample.frame_rate, sample.frame_count, sample.image_size) == (25, 7, (2, 3))
    assert sample.name == "Sample 1"


def test_samples_without_an_id_are_left_out():
    page = parse_samples(raw({"success": True, "samples": [None, {}, {"id": 5}], "totalCount": 9}))
    assert ([sample.sample_id for sample in page.samples], page.total_count) == ([5], 9)


@pytest.mark.parametrize(("parse", "said"), [(parse_samples, "no samples"), (parse_impulses, "no impulses")])
def test_the_answer_to_another_question_is_refused(parse, said):
    with pytest.raises(DocumentFormatError, match=said):
        parse(raw(RESULTS))


def test_results_are_kept_apart_by_frame_and_by_kind():
    found = parse_post_processing_answer(raw(RESULTS))
    assert found.state == HAS_RESULTS
    tracking = found.tracking
    assert [(box.track_id, box.label, box.score) for box in tracking.tracked[0]] == [(0, "Car", None)]
    assert [(box.track_id, box.score) for box in tracking.detected[4]] == [(None, 0.75)]
    assert tracking.parameters == {"keep_grace": "5", "use_iou": "true"}
    assert found.remarks == ()


def test_frames_are_keyed_by_their_index_however_they_come():
    tracking = tracked(
        {"frameIndex": 30, "objects": [box(1)]},
        {"frameIndex": 2, "objects": []},
        {"frameIndex": 7.0, "objects": [box(0)]},
    ).tracking
    assert list(tracking.tracked) == [2, 7, 30]
    assert [len(boxes) for boxes in tracking.tracked.values()] == [0, 1, 1]


def test_a_frame_listed_twice_has_the_boxes_of_both():
    tracking = tracked({"frameIndex": 1, "objects": [box(1), box(2)]}, {"frameIndex": 1, "objects": [box(2), box(3)]})
    assert [each.track_id for each in tracking.tracking.tracked[1]] == [1, 2, 3]


def test_boxes_may_be_empty_negative_or_outside():
    (kept,) = tracked({"frameIndex": 0, "objects": [box(0, x=-5.5, width=0, height=-2)]}).tracking.tracked[0]
    assert (kept.x, kept.width, kept.height) == (-5.5, 0, -2)


def test_boxes_and_frames_without_a_place_are_left_out_and_told():
    found = tracked(
        {"frameIndex": 0, "objects": [box(1, x=None), box(2), "x", None]},
        {"frameIndex": None, "objects": [box(3)]},
        7,
    )
    assert [each.track_id for each in found.tracking.tracked[0]] == [2]
    assert found.remarks == ("2 frames left out: no frame number.", "2 boxes left out: no position or size.")


@pytest.mark.parametrize("results", [None, {}, [], {"objectTracking": None}, {"objectDetection": 5}])
def test_results_announced_but_not_sent_are_told(results):
    found = answer(results)
    assert found.tracking.tracked == found.tracking.detected == {}
    assert found.remarks == ("The service says that there are results but sent none.",)


def test_results_that_are_missing_altogether_are_told():
    assert parse_post_processing_answer(b'{"success": true, "hasResults": "has-results"}').remarks


@pytest.mark.parametrize("kind", ["objectTracking", "objectDetection"])
def test_one_list_without_the_other_is_fine(kind):
    found = answer({kind: {"frames": [{"frameIndex": 0, "objects": [box(1)]}]}})
    assert len(list(found.tracking.boxes)) == 1
    assert found.remarks == ()


def test_a_running_job_is_named_with_its_own_settings():
    found = parse_post_processing_answer(raw(RUNNING))
    assert (found.state, found.job_id, found.job_config) == (JOB_IS_RUNNING, 77, {"keep_grace": "9"})
    assert found.tracking is None


@pytest.mark.parametrize("job", [{}, {"jobIsRunning": None}, {"jobIsRunning": {}}])
def test_a_running_job_may_be_unknown(job):
    found = parse_post_processing_answer(raw({"success": True, "hasResults": "job-is-running", **job}))
    assert (found.state, found.job_id, found.job_config) == (JOB_IS_RUNNING, None, {})


def test_no_results_is_a_state():
    found = parse_post_processing_answer(b'{"success": true, "hasResults": "no-results"}')
    assert (found.state, found.tracking, found.job_id) == (NO_RESULTS, None, None)


def test_a_state_invented_since_is_kept_as_it_is():
    assert parse_post_processing_answer(b'{"success": true, "hasResults": "queued"}').state == "queued"


@pytest.mark.parametrize("state", [{}, {"hasResults": None}, {"hasResults": True}, {"hasResults": ""}])
def test_an_answer_without_a_state_is_refused(state):
    with pytest.raises(DocumentFormatError, match="hasResults"):
        parse_post_processing_answer(raw({"success": True, **state}))


def test_a_configuration_keeps_values_and_defaults():
    config = parse_post_processing_config(raw(CONFIG))
    assert (config.enabled, config.type) == (True, "object-tracking")
    assert config.values == {"keep_grace": "5", "threshold": "0.5", "use_iou": ""}
    assert [option.value for option in config.parameters[0].select_options] == ["5", "9"]


def test_parameters_without_a_key_are_left_out():
    config = parse_post_processing_config(
        raw({**CONFIG, "parameters": [{"name": "x", "value": "1"}, None, parameter("a")]})
    )
    assert list(config.values) == ["a"]


@pytest.mark.parametrize("kind", ["", "object-tracking"])
def test_the_request_has_text_values_and_a_type_only_where_there_was_one(kind):
    parameters = (Parameter("keep_grace", "Keep", "7", "5"), Parameter("use_iou", "IoU", None, "true"))
    body = build_post_processing_request(PostProcessingConfig(True, parameters, kind), variant="int8")
    wanted = {"enabled": True, "parameters": {"keep_grace": "7", "use_iou": "true"}} | ({"type": kind} if kind else {})
    assert json.loads(body) == {"config": wanted, "variant": "int8"}


def test_numbers_in_a_configuration_are_sent_as_text():
    config = parse_post_processing_config(
        b'{"success": true, "enabled": true, "parameters": [{"param": "a", "value": 5}, {"param": "b", "value": true},'
        b' {"param": "c", "defaultValue": 0.5}, {"param": "d", "value": ""}]}'
    )
    sent = json.loads(build_post_processing_request(config, variant="int8"))["config"]["parameters"]
    assert sent == {"a": "5", "b": "true", "c": "0.5", "d": ""}


@pytest.mark.parametrize(
    ("changes", "started", "finished", "successful", "failed"),
    [
        ({}, True, True, True, False),
        ({"finishedSuccessful": False}, True, True, False, True),
        ({"finished": None, "finishedSuccessful": None}, True, False, None, False),
        ({"started": None, "finished": None, "finishedSuccessful": None}, False, False, None, False),
        ({"finishedSuccessful": None}, True, True, None, True),
    ],
)
def test_a_job_tells_how_far_it_is(changes, started, finished, successful, failed):
    job = parse_job_status(raw({"success": True, "job": {**JOB["job"], **changes}}))
    assert job.job_id == 77
    assert (job.started, job.finished, job.finished_successful, job.failed) == (started, finished, successful, failed)


def test_an_answer_about_no_job_is_refused():
    with pytest.raises(DocumentFormatError, match="describe a job"):
        parse_job_status(b'{"success": true, "job": null}')


@given(st.sampled_from([KEY_INFO, SAMPLES, RESULTS, RUNNING, CONFIG, JOB]).flatmap(with_one_change))
def test_any_oddity_is_read_or_refused_in_words(document):
    for parse in PARSERS:
        with contextlib.suppress(DocumentFormatError, ServiceError):
            parse(raw(document))
