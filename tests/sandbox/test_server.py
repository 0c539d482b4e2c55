import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from app.api.edge_impulse import EdgeImpulseClient
from app.errors import InputError
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.sandbox.street.impulse_list import impulses_of_project
from tests.api.origins import client
from tests.builders import identifier, small_delivery

PROJECT, BATCH, JOB = (identifier("street", what) for what in ("project", "batch", "job"))
RESULT_URL = "https://data.example/street/result.json"


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def get(url: str, *, key: str = "", body: bytes | None = None, **headers: str) -> Got:
    """The standard library's client, which follows no redirect here: an outside look at the sandbox."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | ({"x-api-key": key} if key else {})
    request = urllib.request.Request(url, data=body, headers=sent)  # noqa: S310 - loopback
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as response:
            return Got(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, dict(error.headers), error.read())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street", cameras=("front", "left"))


@pytest.fixture
def sandbox(folder: Path) -> Iterator[Sandbox]:
    with Sandbox([folder]) as running:
        yield running


@pytest.fixture
def telus(sandbox: Sandbox) -> Callable[[str], Got]:
    return lambda path: get(sandbox.telus_url + path, key=sandbox.telus_key)


@pytest.fixture
def signed(telus: Callable[[str], Got]) -> str:
    got = telus(f"/v1/attachments?url={quote(RESULT_URL, safe='')}")
    assert got.status == 302
    return got.headers["Location"]


def test_documents_are_served_as_delivered(telus: Callable[[str], Got], folder: Path) -> None:
    for path, name in (("details", "details"), (f"batch/{BATCH}", "batch"), (f"jobs/{JOB}", "job")):
        got = telus(f"/v1/projects/{PROJECT}/{path}")
        assert got.status == 200
        assert got.document == json.loads((folder / f"{name}.json").read_bytes())


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/projects/none/details", "resource_error"),
        (f"/v1/projects/{PROJECT}/batch/7", "GE_0001"),
        (f"/v1/projects/{PROJECT}/jobs/7", "FS_0006"),
        (f"/v1/projects/{PROJECT}/batch/{BATCH}?page_token=9", "invalid_request_error"),
        ("/v1/attachments?url=https%3A%2F%2Fdata.example%2Fnone.pcd", "FS_0007"),
        ("/v1/attachments", "FS_0007"),
        ("/v1/attachments?url=https%3A%2F%2Fdata.example%2F..%2F..%2F..%2Fetc%2Fpasswd", "FS_0007"),
    ],
)
def test_failures_have_the_documented_form(telus: Callable[[str], Got], path: str, code: str) -> None:
    got = telus(path)
    assert got.status == 400
    assert got.document["success"] is False
    assert got.document["error"]["code"] == code
    assert got.document["error"]["message"]


@pytest.mark.parametrize("key", ["", "wrong"])
def test_without_the_right_key_nothing_is_told(sandbox: Sandbox, key: str) -> None:
    got = get(f"{sandbox.telus_url}/v1/projects/{PROJECT}/details", key=key)
    assert (got.status, got.document["error"]["code"]) == (400, "auth-failure")


def test_a_file_link_out_of_the_delivery_is_not_served(
    telus: Callable[[str], Got], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside.txt").write_text("private")
    (folder / "files" / "inside.txt").symlink_to(tmp_path / "outside.txt")
    assert telus("/v1/attachments?url=https%3A%2F%2Fdata.example%2Finside.txt").status == 400


def test_a_signed_address_gives_the_file(signed: str, folder: Path, sandbox: Sandbox) -> None:
    assert signed.startswith(sandbox.store_url)
    got = get(signed)
    assert (got.status, got.headers["Content-Type"]) == (200, "application/json")
    assert got.body == (folder / "result.json").read_bytes()
    assert sandbox.leaks == ()


@pytest.mark.parametrize(
    "change", [("%2F", "/"), ("+", "%20"), ("result.json", "other.json"), ("Expires=", "Expires=9")]
)
def test_an_address_that_was_changed_is_refused(signed: str, change: tuple[str, str]) -> None:
    changed = signed.replace(*change)
    assert changed != signed
    got = get(changed)
    assert got.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in got.body


def test_a_signed_address_expires(folder: Path) -> None:
    moments = [1_000_000.0]
    with Sandbox([folder], signature_seconds=60, clock=lambda: moments[-1]) as sandbox:
        path = f"/v1/attachments?url={quote(RESULT_URL, safe='')}"
        address = get(sandbox.telus_url + path, key=sandbox.telus_key).headers["Location"]
        assert get(address).status == 200
        moments.append(moments[0] + 61)
        got = get(address)
    assert got.status == 403
    assert b"Request has expired" in got.body
    assert got.headers["Content-Type"] == "application/xml"


@pytest.mark.parametrize("place", ["x_api_key", "Authorization", "Cookie", "url", "other header"])
def test_a_secret_at_the_store_is_refused_and_recorded(sandbox: Sandbox, signed: str, place: str) -> None:
    if place == "url":
        got = get(f"{signed}&key={sandbox.telus_key}")
    elif place == "other header":
        got = get(signed, X_Custom=f"it is {sandbox.edge_impulse_key}")
    else:
        got = get(signed, **{place: "anything"})
    assert got.status == 400
    assert b"Only one auth mechanism allowed" in got.body
    assert [request.origin for request in sandbox.leaks] == ["store"]


def test_the_store_serves_ranges_of_an_unchanged_file(signed: str) -> None:
    whole = get(signed)
    etag, size = whole.headers["ETag"], len(whole.body)
    part = get(signed, Range="bytes=10-19", If_Range=etag)
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{size}"
    assert get(signed, Range=f"bytes={size - 5}-").body == whole.body[-5:]
    assert get(signed, Range="bytes=10-19", If_Range='"other"').status == 200
    assert get(signed, Range=f"bytes={size}-").status == 416


def test_every_kind_of_trouble_can_be_switched_on(sandbox: Sandbox, telus: Callable[[str], Got]) -> None:
    path = f"/v1/projects/{PROJECT}/details"
    sandbox.faults.add(Fault(FaultKind.TOO_MANY, retry_after="7"))
    got = telus(path)
    assert (got.status, got.headers["Retry-After"]) == (429, "7")
    sandbox.faults.add(Fault(FaultKind.ERROR, status=503))
    assert telus(path).status == 503
    sandbox.faults.add(Fault(FaultKind.HTML))
    assert telus(path).body.startswith(b"<!DOCTYPE html>")
    sandbox.faults.add(Fault(FaultKind.EXPIRED))
    assert b"AccessDenied" in telus(path).body
    sandbox.faults.add(Fault(FaultKind.SLOW, seconds=0.001))
    assert telus(path).document["success"]
    for kind in (FaultKind.CUT, FaultKind.WRONG_LENGTH):
        sandbox.faults.add(Fault(kind, after_bytes=20))
        with pytest.raises(Exception, match="IncompleteRead"):
            telus(path)
    assert telus(path).status == 200


def test_a_fault_strikes_only_what_it_is_meant_for(sandbox: Sandbox, telus: Callable[[str], Got]) -> None:
    sandbox.faults.add(Fault(FaultKind.ERROR, path_contains="/jobs/", origin="telus", times=2))
    assert telus(f"/v1/projects/{PROJECT}/details").status == 200
    assert [telus(f"/v1/projects/{PROJECT}/jobs/{JOB}").status for _ in range(3)] == [500, 500, 200]
    sandbox.faults.add(Fault(FaultKind.ERROR))
    sandbox.faults.clear()
    assert telus(f"/v1/projects/{PROJECT}/details").status == 200


def test_requests_are_recorded_as_they_came(sandbox: Sandbox, telus: Callable[[str], Got]) -> None:
    telus(f"/v1/projects/{PROJECT}/batch/{BATCH}?page_token=a%2Fb+c")
    (request,) = sandbox.requests
    assert (request.origin, request.method) == ("telus", "GET")
    assert request.target.endswith("?page_token=a%2Fb+c")
    assert request.headers["x-api-key"] == sandbox.telus_key
    sandbox.forget_requests()
    assert sandbox.requests == ()


def test_several_deliveries_are_projects_of_their_own(folder: Path, tmp_path: Path) -> None:
    yard = small_delivery(tmp_path / "yard", name="yard", points=50)
    with Sandbox([folder, yard]) as sandbox:
        for name, place in (("street", folder), ("yard", yard)):
            url = quote(f"https://data.example/{name}/lidar/000000.pcd", safe="")
            address = get(f"{sandbox.telus_url}/v1/attachments?url={url}", key=sandbox.telus_key).headers["Location"]
            assert get(address).body == (place / "files" / "lidar" / "000000.pcd").read_bytes()
        keys = sandbox.edge_impulse_keys
        for project, key in keys.items():
            other = next(number for number in keys if number != project)
            assert get(f"{sandbox.edge_impulse_url}/v1/api/{project}/raw-data?category=all", key=key).document[
                "success"
            ]
            refused = get(f"{sandbox.edge_impulse_url}/v1/api/{other}/raw-data?category=all", key=key)
            assert (refused.status, refused.document["success"]) == (200, False)


def test_fixed_ports_follow_each_other_and_a_taken_one_is_named(folder: Path) -> None:
    with Sandbox([folder]) as first:
        taken = int(first.store_url.rpartition(":")[2])
        with pytest.raises(InputError, match=f"Port {taken} cannot be used"):
            Sandbox([folder], port=taken)


def test_a_folder_that_is_no_delivery_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no delivery"):
        Sandbox([tmp_path])


def test_stopping_ends_open_connections_and_hanging_answers(folder: Path) -> None:
    import http.client
    import threading

    sandbox = Sandbox([folder])
    connection = http.client.HTTPConnection(sandbox.telus_url.removeprefix("http://"), timeout=10)
    connection.request("GET", f"/v1/projects/{PROJECT}/details", headers={"x-api-key": sandbox.telus_key})
    assert connection.getresponse().read()
    sandbox.faults.add(Fault(FaultKind.HANG))
    connection.request("GET", "/v1/hang")
    stopper = threading.Thread(target=sandbox.stop)
    stopper.start()
    stopper.join(5)
    assert not stopper.is_alive()
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.getresponse()
    connection.close()
    assert sandbox.wait(0)
    sandbox.stop()


def test_the_input_of_the_made_up_impulse_tells_spaces_apart(sandbox: Sandbox, folder: Path) -> None:
    document = get(f"{sandbox.edge_impulse_url}/v1/api/5001/impulses-detailed", key=sandbox.edge_impulse_key).body
    impulse = parse_impulses(document).impulses[0]
    answer = parse_post_processing_answer((folder / "tracking" / "front.json").read_bytes())
    assert impulse.model_size is not None
    assert answer.tracking is not None
    reach = max(box.x + box.width for boxes in answer.tracking.tracked.values() for box in boxes)
    assert 1 < impulse.model_size[0] < reach
    assert impulse.post_processing_config(impulse.tracking_blocks[0].block_id) is not None
    assert impulse.variants == ("int8", "float32")


def test_a_delivery_with_its_own_impulses_is_served_those(folder: Path) -> None:
    own = {"success": True, "impulses": [], "metricKeysByCategory": [], "extraTableColumns": ["mine"]}
    (folder / "impulses.json").write_text(json.dumps(own))
    with Sandbox([folder]) as sandbox:
        got = get(f"{sandbox.edge_impulse_url}/v1/api/5001/impulses-detailed", key=sandbox.edge_impulse_key)
    assert got.document == own


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"nonsense", "config"),
        (b"{}", "config"),
        (b'{"config": {"enabled": true, "parameters": {"a": 5}}, "variant": "int8"}', "strings"),
        (b'{"config": {"enabled": true, "parameters": {}}, "variant": "int16"}', "variant"),
    ],
)
def test_a_malformed_request_for_results_is_refused(sandbox: Sandbox, body: bytes, reason: str) -> None:
    url = f"{sandbox.edge_impulse_url}/v1/api/5001/post-processing/4/samples/9001"
    document = get(url, key=sandbox.edge_impulse_key, body=body).document
    assert document["success"] is False
    assert reason in document["error"]


def test_the_real_street_is_served(shared_data: Path) -> None:
    street = shared_data / "deliveries" / "street"
    with Sandbox([street]) as sandbox:
        url = quote("https://data.example/street/lidar/000965.pcd", safe="")
        address = get(f"{sandbox.telus_url}/v1/attachments?url={url}", key=sandbox.telus_key).headers["Location"]
        assert io.BytesIO(get(address).body).getvalue() == (street / "files" / "lidar" / "000965.pcd").read_bytes()
        samples = get(f"{sandbox.edge_impulse_url}/v1/api/5001/raw-data?category=all", key=sandbox.edge_impulse_key)
    assert [sample["filename"] for sample in samples.document["samples"]] == [
        "street front",
        "street left",
        "street right",
        "street front picture",
    ]


def test_each_block_has_its_own_settings_and_each_impulse_its_own_variants(folder: Path) -> None:
    (folder / "impulses.json").write_text(json.dumps(impulses_of_project()))
    with Sandbox([folder]) as sandbox, client() as http:
        service = EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=sandbox.edge_impulse_key)
        settings = {block: service.post_processing_config(5001, block) for block in (5, 24, 34)}
        assert [config.values["keep_grace"] for config in settings.values()] == ["2", "8", "3"]
        assert settings[24].type == "sort-object-tracking"
        offered = {number: service.model_variants(5001, impulse_id=number) for number in (1, 3, 5)}
        assert [[each.variant for each in variants] for variants in offered.values()] == [
            ["int8", "float32"],
            ["int8", "float32", "akida"],
            [],
        ]
        made_with = {}
        for block, config in settings.items():
            raw = service.post_processing_results(5001, block, 9001, config=config, variant="int8")
            made_with[block] = parse_post_processing_answer(raw).tracking.parameters
        assert made_with[24] == settings[24].values
        assert made_with[5] != made_with[34]
