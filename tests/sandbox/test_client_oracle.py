"""For every call that both have, our client and the service's own send the same: method, path, query, headers, body.

Of the headers three carry meaning and must agree: the key, what is wanted back, and what is sent. The others differ for
good reasons: ``User-Agent`` names the program, and ours takes JSON compressed (``Accept-Encoding``). Where the
official client cannot make sense of a sound answer, its request still counts.
"""

import io
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.api.edge_impulse import EdgeImpulseClient
from app.domain.post_processing import JOB_IS_RUNNING
from app.domain.sample import CATEGORIES
from app.sandbox.recording import Recorded
from app.sandbox.server import Sandbox
from tests.api.origins import client
from tests.builders import small_delivery

PROJECT, BLOCK, SAMPLE, PICTURE, JOB = 5001, 4, 9001, 8001, 70001
MEANT = ("x-api-key", "accept", "content-type")


@dataclass(frozen=True)
class Both:
    """One call in two ways; ``official`` gets the library, its client, and the request body for results."""

    name: str
    ours: Callable[[EdgeImpulseClient], object]
    official: Callable[[Any, Any, Any], object]


def raw(library: Any, official: Any) -> Any:
    return library.RawDataApi(official)


def jobs(library: Any, official: Any) -> Any:
    return library.JobsApi(official)


def results(library: Any, official: Any) -> Any:
    return library.PostProcessingApi(official)


def for_results(ours: EdgeImpulseClient, ask: Callable[..., object], variant: str) -> object:
    return ask(PROJECT, BLOCK, SAMPLE, config=ours.post_processing_config(PROJECT, BLOCK), variant=variant)


CALLS = [
    Both(
        "api-key-info",
        lambda ours: ours.key_info(),
        lambda library, official, _: library.ProjectsApi(official).get_current_api_key_info(),
    ),
    *(
        Both(
            f"samples {category}",
            lambda ours, category=category: ours.samples(PROJECT, category=category, limit=10, offset=20),
            lambda library, official, _, category=category: raw(library, official).list_samples(
                PROJECT, category, limit=10, offset=20
            ),
        )
        for category in CATEGORIES
    ),
    # The official client sends "&" and "+" of a search as they are, which the server takes for something else; ours
    # encodes them. Words and spaces are sent alike.
    Both(
        "samples searched",
        lambda ours: ours.samples(PROJECT, limit=10, offset=0, search="street front"),
        lambda library, official, _: raw(library, official).list_samples(
            PROJECT, "post-processing", limit=10, offset=0, search="street front"
        ),
    ),
    Both(
        "sample",
        lambda ours: ours.sample(PROJECT, SAMPLE),
        lambda library, official, _: raw(library, official).get_sample(PROJECT, SAMPLE, limit_payload_values=1),
    ),
    Both(
        "video",
        lambda ours: ours.sample_video(PROJECT, SAMPLE, io.BytesIO()),
        lambda library, official, _: raw(library, official).get_sample_as_video(PROJECT, SAMPLE),
    ),
    Both(
        "image",
        lambda ours: ours.sample_image(PROJECT, PICTURE, io.BytesIO()),
        lambda library, official, _: raw(library, official).get_sample_as_image(PROJECT, PICTURE),
    ),
    Both(
        "impulses-detailed",
        lambda ours: ours.impulses_document(PROJECT),
        lambda library, official, _: library.ImpulseApi(official).get_all_detailed_impulses(PROJECT),
    ),
    Both(
        "model-variants",
        lambda ours: ours.model_variants(PROJECT),
        lambda library, official, _: library.ProjectsApi(official).get_model_variants(PROJECT),
    ),
    Both(
        "model-variants of an impulse",
        lambda ours: ours.model_variants(PROJECT, impulse_id=1),
        lambda library, official, _: library.ProjectsApi(official).get_model_variants(PROJECT, impulse_id=1),
    ),
    Both(
        "block config",
        lambda ours: ours.post_processing_config(PROJECT, BLOCK),
        lambda library, official, _: results(library, official).get_post_processing_config(PROJECT, BLOCK),
    ),
    *(
        Both(
            f"results {variant}",
            lambda ours, variant=variant: for_results(ours, ours.post_processing_results, variant),
            lambda library, official, body: results(library, official).get_post_processing_results_for_sample(
                PROJECT, BLOCK, SAMPLE, body
            ),
        )
        for variant in ("int8", "float32", "akida")
    ),
    Both(
        "classify",
        lambda ours: for_results(ours, ours.classify, "int8"),
        lambda library, official, body: results(library, official).generate_post_processing_features_for_sample(
            PROJECT, BLOCK, SAMPLE, body
        ),
    ),
    Both(
        "active jobs",
        lambda ours: ours.active_jobs(PROJECT),
        lambda library, official, _: jobs(library, official).list_active_jobs(PROJECT),
    ),
    Both(
        "finished jobs",
        lambda ours: ours.finished_jobs(PROJECT, limit=10, offset=5),
        lambda library, official, _: jobs(library, official).list_finished_jobs(PROJECT, limit=10, offset=5),
    ),
    Both(
        "job status",
        lambda ours: ours.job_status(PROJECT, JOB),
        lambda library, official, _: jobs(library, official).get_job_status(PROJECT, JOB),
    ),
    Both(
        "job log",
        lambda ours: ours.job_log(PROJECT, JOB),
        lambda library, official, _: jobs(library, official).get_jobs_logs(PROJECT, JOB, limit=1000),
    ),
    Both(
        "whole job log",
        lambda ours: ours.download_job_log(PROJECT, JOB, io.BytesIO()),
        lambda library, official, _: jobs(library, official).download_jobs_logs(PROJECT, JOB),
    ),
]


@pytest.fixture(scope="module")
def library() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is generated for an older pydantic
        return pytest.importorskip("edgeimpulse_api")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox([small_delivery(tmp_path / "street")]) as running:
        running.set_sample_state("street front", JOB_IS_RUNNING, polls=50)
        yield running


@pytest.fixture
def official(library: ModuleType, sandbox: Sandbox) -> Iterator[Any]:
    keys = {"ApiKeyAuthentication": sandbox.edge_impulse_key}
    host = f"{sandbox.edge_impulse_url}/v1"
    with library.ApiClient(library.Configuration(host=host, api_key=keys)) as opened:
        yield opened
        opened.rest_client.pool_manager.clear()


def comparable(request: Recorded) -> dict[str, Any]:
    return {
        "method": request.method,
        "target": request.target,  # path and query, as they were on the wire
        "headers": {name: value for name, value in request.headers.items() if name in MEANT},
        "body": json.loads(request.body) if request.body else None,
    }


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_both_clients_send_the_same(call: Both, library: ModuleType, sandbox: Sandbox, official: Any) -> None:
    with client() as http:
        call.ours(EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=sandbox.edge_impulse_key))
    mine = sandbox.requests[-1]
    body = library.PostProcessingFeaturesForSampleRequest.parse_obj(json.loads(mine.body)) if mine.body else None
    sandbox.forget_requests()
    with suppress(Exception):  # it may fail to parse the answer; what it sent is what matters
        call.official(library, official, body)
    (theirs,) = sandbox.requests
    assert comparable(mine) == comparable(theirs)
    assert mine.headers["x-api-key"] == sandbox.edge_impulse_key


def test_every_call_of_our_client_is_among_those_compared() -> None:
    own = {name for name, member in vars(EdgeImpulseClient).items() if callable(member) and not name.startswith("_")}
    compared = {name for call in CALLS for name in call.ours.__code__.co_names}
    assert own <= compared
