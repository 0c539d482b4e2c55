"""The object-tracking service's own client library judges the sandbox."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.api.exchange import Credential
from app.api.urls import parse_address
from app.domain.post_processing import JOB_IS_RUNNING, NO_RESULTS
from app.sandbox.server import Sandbox
from tests.api.origins import client
from tests.builders import small_delivery

PROJECT, BLOCK, SAMPLE = 5001, 4, 9001
CONFIG = {"enabled": True, "parameters": {"keep_grace": "5", "threshold": "0.5"}}


@pytest.fixture(scope="module")
def oracle() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library is generated for an older pydantic
        return pytest.importorskip("edgeimpulse_api")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox([small_delivery(tmp_path / "street")]) as running:
        yield running


def answer(sandbox: Sandbox, path: str, *, body: dict[str, Any] | None = None) -> dict[str, Any]:
    url = f"{sandbox.edge_impulse_url}/v1/api/{path}"
    credential = Credential("x-api-key", sandbox.edge_impulse_key, parse_address(url).origin)
    with client() as http:
        raw = http.request(
            url,
            method="POST" if body else "GET",
            body=json.dumps(body).encode() if body else None,
            credential=credential,
        )
    document: dict[str, Any] = json.loads(raw.body)
    return document


def errors_of(model: Any, document: dict[str, Any]) -> list[dict[str, Any]]:
    """What the library objects to, without what its own broken unions always object to."""
    try:
        model.parse_obj(document)
    except ValueError as error:
        found: list[dict[str, Any]] = error.errors()  # type: ignore[attr-defined]
        return [entry for entry in found if not _is_broken_union(entry)]
    return []


def _is_broken_union(entry: dict[str, Any]) -> bool:
    where = entry["loc"]
    return where[-1] == "value" and entry["type"] == "type_error.dict" and bool({"metrics", "thresholds"} & set(where))


def unknown_fields(model: Any, document: dict[str, Any]) -> set[str]:
    """Top-level fields of ours that the library does not know, such as misspelled ones."""
    return set(document) - {field.alias for field in model.__fields__.values()}


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("GetCurrentApiKeyInfoResponse", "projects/api-key-info"),
        ("ProjectInfoResponse", f"{PROJECT}"),
        ("ListSamplesResponse", f"{PROJECT}/raw-data?category=post-processing"),
        ("GetAllDetailedImpulsesResponse", f"{PROJECT}/impulses-detailed"),
        ("PostProcessingConfigResponse", f"{PROJECT}/post-processing/{BLOCK}"),
        ("GetSampleResponse", f"{PROJECT}/raw-data/{SAMPLE}"),
        ("GetModelVariantsResponse", f"{PROJECT}/model-variants"),
        ("ListJobsResponse", f"{PROJECT}/jobs"),
        ("ListJobsResponse", f"{PROJECT}/jobs/history"),
    ],
)
def test_documents_have_the_official_form(oracle: ModuleType, sandbox: Sandbox, model: str, path: str) -> None:
    document, judge = answer(sandbox, path), getattr(oracle.models, model)
    assert errors_of(judge, document) == []
    assert unknown_fields(judge, document) == set()


def test_samples_use_no_unknown_field(oracle: ModuleType, sandbox: Sandbox) -> None:
    video, picture = answer(sandbox, f"{PROJECT}/raw-data?category=all")["samples"]
    assert unknown_fields(oracle.models.Sample, video) == set()
    assert unknown_fields(oracle.models.Sample, picture) == set()


@pytest.mark.parametrize("trouble", [{"running": True}, {"problem": "Cannot read video"}])
def test_a_sample_in_trouble_has_the_official_form(
    oracle: ModuleType, sandbox: Sandbox, trouble: dict[str, Any]
) -> None:
    sandbox.set_sample_processing("street front", **trouble)
    document = answer(sandbox, f"{PROJECT}/raw-data/{SAMPLE}")
    assert errors_of(oracle.models.GetSampleResponse, document) == []
    assert (document["sample"]["isProcessing"], document["sample"]["processingError"]) == (
        "running" in trouble,
        "problem" in trouble,
    )


def test_the_filter_still_lets_real_mistakes_through(oracle: ModuleType, sandbox: Sandbox) -> None:
    document = answer(sandbox, f"{PROJECT}/impulses-detailed")
    del document["impulses"][0]["impulse"]["postProcessingBlocks"][0]["title"]
    assert len(errors_of(oracle.models.GetAllDetailedImpulsesResponse, document)) == 1


@pytest.mark.parametrize("state", ["has-results", JOB_IS_RUNNING, NO_RESULTS])
def test_results_have_the_official_form_in_each_state(oracle: ModuleType, sandbox: Sandbox, state: str) -> None:
    sandbox.set_sample_state("street front", state)
    body = {"config": CONFIG, "variant": "int8"}
    document = answer(sandbox, f"{PROJECT}/post-processing/{BLOCK}/samples/{SAMPLE}", body=body)
    assert document["hasResults"] == state
    judge = oracle.models.GetPostProcessingResultsForSampleResponse
    assert errors_of(judge, document) == []
    assert judge.parse_obj(document).to_dict() == document


def test_classifying_starts_a_job_of_the_official_form(oracle: ModuleType, sandbox: Sandbox) -> None:
    sandbox.set_sample_state("street front", NO_RESULTS, polls=2)
    path, body = f"{PROJECT}/post-processing/{BLOCK}/samples/{SAMPLE}", {"config": CONFIG, "variant": "int8"}
    started = answer(sandbox, f"{path}/classify", body=body)
    assert errors_of(oracle.models.StartJobResponse, started) == []
    assert answer(sandbox, path, body=body)["jobIsRunning"]["jobId"] == started["id"]
    for _ in range(2):
        status = answer(sandbox, f"{PROJECT}/jobs/{started['id']}/status")
        assert errors_of(oracle.models.GetJobResponse, status) == []
    assert status["job"]["finishedSuccessful"] is True
    history = answer(sandbox, f"{PROJECT}/jobs/history")
    assert errors_of(oracle.models.ListJobsResponse, history) == []
    assert [job["id"] for job in history["jobs"]] == [started["id"]]
    log = answer(sandbox, f"{PROJECT}/jobs/{started['id']}/stdout")
    assert errors_of(oracle.models.LogStdoutResponse, log) == []
    assert answer(sandbox, path, body=body)["hasResults"] == "has-results"
    assert "results" in answer(sandbox, f"{path}/classify", body=body)
