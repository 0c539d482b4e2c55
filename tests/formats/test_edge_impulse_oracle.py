"""Our bodies held against the service's own schema, by the service's own package."""

import json

import pytest

from app.formats import edge_impulse_records as records
from app.formats.edge_impulse import build_post_processing_request, parse_post_processing_config
from tests.formats.edge_impulse_bodies import CONFIG, JOB, KEY_INFO, NO_RESULTS, RESULTS, RUNNING, SAMPLES

edgeimpulse_api = pytest.importorskip("edgeimpulse_api", reason="edgeimpulse-api is not installed")


def config_without_type():
    return {key: value for key, value in CONFIG.items() if key != "type"}


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("GetCurrentApiKeyInfoResponse", KEY_INFO),
        ("ListSamplesResponse", SAMPLES),
        ("PostProcessingConfigResponse", CONFIG),
        ("GetPostProcessingResultsForSampleResponse", RESULTS),
        ("GetPostProcessingResultsForSampleResponse", RUNNING),
        ("GetPostProcessingResultsForSampleResponse", NO_RESULTS),
        ("GetJobResponse", JOB),
    ],
)
def test_the_bodies_of_our_tests_follow_the_services_schema(model, body):
    kind = getattr(edgeimpulse_api, model)
    parsed = json.loads(kind.parse_obj(body).json(by_alias=True, exclude_none=True))
    assert keys(body) <= keys(parsed)  # a misspelt field would be dropped without a word


@pytest.mark.parametrize("body", [CONFIG, config_without_type()])
@pytest.mark.parametrize("variant", ["int8", "float32", "akida"])
def test_the_request_follows_the_services_schema(body, variant):
    request = edgeimpulse_api.PostProcessingFeaturesForSampleRequest
    config = parse_post_processing_config(json.dumps(body).encode())
    sent = json.loads(build_post_processing_request(config, variant=variant))
    parsed = request.parse_obj(sent)
    assert json.loads(parsed.json(by_alias=True, exclude_none=True)) == sent


def test_the_schema_would_notice_a_wrong_request():
    from pydantic.v1 import ValidationError

    request = edgeimpulse_api.PostProcessingFeaturesForSampleRequest
    for wrong in ({"enabled": True, "parameters": {"keep_grace": 5}}, {"enabled": True}):
        with pytest.raises(ValidationError):
            request.parse_obj({"config": wrong, "variant": "int8"})
    with pytest.raises(ValidationError):
        request.parse_obj({"config": {"enabled": True, "parameters": {}}, "variant": "int16"})


def keys(value):
    """Every path of keys in a document."""
    if isinstance(value, dict):
        return {(key, *rest) for key, inner in value.items() for rest in [(), *keys(inner)]}
    return {rest for inner in value for rest in keys(inner)} if isinstance(value, list) else set()


@pytest.mark.parametrize(
    ("record", "model"),
    [
        (records.SampleRecord, "Sample"),
        (records.Datastream, "SampleDatastream"),
        (records.PostProcessingRecord, "GetPostProcessingResultsForSampleResponse"),
        (records.ResultsRecord, "GetPostProcessingResultsForSampleResponseAllOfResults"),
        (records.BoxList, "ObjectTrackingPostProcessingResult"),
        (records.BoxFrame, "ObjectTrackingPostProcessingResultFramesInner"),
        (records.JobRecord, "Job"),
    ],
)
def test_we_read_only_fields_that_the_service_knows(record, model):
    known = {field.alias for field in getattr(edgeimpulse_api, model).__fields__.values()}
    assert set(record.__struct_encode_fields__) <= known
