"""``samples`` and ``tracking`` against the services on this machine, over real HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import run
from app.cli.windows import Windows
from app.domain.post_processing import NO_RESULTS
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.workspace import PictureSource, Workspace
from builders import TRACKER_PARAMETERS, identifier, small_delivery

JOB = identifier("street", "job")
FRONT = 9001


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


def pointproof(*arguments: str | Path) -> int:
    return run([str(argument) for argument in arguments], Windows(window=refuse, demo=refuse))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def sandbox(tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The services, and the job of the first one in the workspace."""
    delivery = small_delivery(tmp_path / "delivery", cameras=("front", "left"))
    with Sandbox([delivery]) as sandbox:
        monkeypatch.setenv("POINTPROOF_TELUS_URL", sandbox.telus_url)
        monkeypatch.setenv("POINTPROOF_TELUS_API_KEY", sandbox.telus_key)
        monkeypatch.setenv("POINTPROOF_EDGE_IMPULSE_URL", sandbox.edge_impulse_url)
        monkeypatch.setenv("POINTPROOF_EDGE_IMPULSE_API_KEY", sandbox.edge_impulse_key)
        assert pointproof("fetch", "--project", identifier("street", "project"), JOB, "--out", workspace) == 0
        yield sandbox


@pytest.fixture
def quiet(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> Sandbox:
    capsys.readouterr()
    return sandbox


def tracking(
    capsys: pytest.CaptureFixture[str], workspace: Path, *arguments: str | Path
) -> tuple[int, list[dict[str, Any]]]:
    code = pointproof("tracking", "--job", JOB, "--out", workspace, *arguments, "--json")
    written = capsys.readouterr().out
    return code, json.loads(written)["cameras"] if written else []


def posts(sandbox: Sandbox, end: str) -> int:
    return len([request for request in sandbox.requests if request.path.endswith(end)])


@pytest.mark.usefixtures("quiet")
def test_samples_are_listed_by_category_and_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("samples", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["project_id"] == 5001
    first = report["samples"][0]
    assert (first["name"], first["kind"], first["frames"], first["rate_hz"]) == ("street front", "video", 3, 10.0)
    assert (first["width"], first["height"], first["state"]) == (160, 120, "")
    assert pointproof("samples", "--category", "all", "--search", "picture", "--json") == 0
    (picture,) = json.loads(capsys.readouterr().out)["samples"]
    assert (picture["name"], picture["kind"]) == ("street front picture", "image")


def test_the_list_for_people_says_what_is_not_ready(quiet: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    quiet.set_sample_processing("street left", problem="Cannot read\x1b[31m video")
    assert pointproof("samples") == 0
    written = capsys.readouterr().out
    assert "street front" in written
    assert "failed: Cannot read [31m video" in written


@pytest.mark.parametrize("link", ["front", "=5", "front=", "front=5:6:7:8", "front=5:block", "front=5::int8"])
def test_a_link_of_another_form_is_wrong_usage(capsys: pytest.CaptureFixture[str], link: str) -> None:
    with pytest.raises(SystemExit) as ended:
        pointproof("tracking", "--job", JOB, "--link", link)
    assert ended.value.code == 2
    assert "is not CAMERA=SAMPLE[:BLOCK[:VARIANT]]" in capsys.readouterr().err


def test_the_categories_are_those_of_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        pointproof("samples", "--category", "videos")
    assert ended.value.code == 2
    assert "post-processing" in capsys.readouterr().err


def test_trouble_that_is_coming_with_the_key_is_told(quiet: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    quiet.set_key_info(role="readonly", expires="2001-01-01T00:00:00Z")
    assert pointproof("samples") == 0
    assert "expired on 2001-01-01" in capsys.readouterr().err


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("link", ["front=street front", f"front={FRONT}", f"front={FRONT}:4", f"front={FRONT}:4:int8"])
def test_a_camera_is_linked_and_its_boxes_are_fetched(
    workspace: Path, capsys: pytest.CaptureFixture[str], link: str
) -> None:
    code, (camera,) = tracking(capsys, workspace, "--link", link)
    assert (code, camera["state"], camera["variant"], camera["block_id"]) == (0, "stored", "int8", 4)
    assert (camera["pictures"], camera["placement"]["stale"]) == (None, None)
    assert pointproof("inspect", workspace, "--json") == 0
    front = json.loads(capsys.readouterr().out)["cameras"][0]
    assert (front["tracked_boxes"], front["sample"]["sample_id"], front["sample"]["pictures"]) == (6, FRONT, "auto")
    assert front["origin"] == camera["origin"]
    assert (camera["origin"]["impulse"], camera["origin"]["block"]) == ("street tracker", "Object tracking")
    assert (camera["origin"]["impulse_id"], camera["origin"]["block_id"], camera["origin"]["variant"]) == (1, 4, "int8")
    assert camera["origin"]["parameters"] == TRACKER_PARAMETERS
    assert "Tracks of street tracker (id 1), Object tracking (id 4), variant int8" in camera["origin"]["sentence"]


def test_without_links_those_of_the_job_are_fetched_and_nothing_twice(
    quiet: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracking(capsys, workspace, "--link", f"front={FRONT}", "--link", "left=street left")
    quiet.forget_requests()
    code, cameras = tracking(capsys, workspace)
    assert (code, [camera["camera"] for camera in cameras]) == (0, ["front", "left"])
    assert posts(quiet, str(FRONT)) == 0
    assert tracking(capsys, workspace, "--refresh")[0] == 0
    assert posts(quiet, f"/samples/{FRONT}") == 1


def test_pictures_come_where_the_link_wants_them(
    quiet: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracking(capsys, workspace, "--link", f"front={FRONT}")
    with Workspace.open(workspace) as opened:
        (link,) = opened.camera_links(JOB)
        opened.save_camera_links(JOB, [link.__class__(**{**vars(link), "pictures": PictureSource.SAMPLE})])
    code, (camera,) = tracking(capsys, workspace)
    assert (code, camera["pictures"]) == (0, "stored")
    assert pointproof("inspect", workspace, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["frames"][0]["cameras"]["front"]["image"]["source"] == "sample"
    assert report["cameras"][0]["sample_images"] == 3
    assert posts(quiet, "/video") == 1


def test_missing_results_are_not_made_unless_asked(
    quiet: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet.set_sample_state("street front", NO_RESULTS, polls=1)
    code, (camera,) = tracking(capsys, workspace, "--link", f"front={FRONT}")
    assert (code, camera["state"]) == (3, "no results")
    assert posts(quiet, "/classify") == 0
    code, (camera,) = tracking(capsys, workspace, "--classify")
    assert (code, camera["state"]) == (0, "stored")
    assert posts(quiet, "/classify") == 1


def test_a_failed_job_shows_its_log(quiet: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiet.set_sample_state("street front", NO_RESULTS, polls=1, succeeds=False)
    arguments = ("tracking", "--job", JOB, "--out", workspace, "--link", f"front={FRONT}", "--classify")
    assert pointproof(*arguments) == 3
    written = capsys.readouterr().out
    assert "error  ERR: Job failed, out of memory" in written
    assert "MemoryError" in written
    assert "\x1b" not in written


def test_one_camera_that_fails_keeps_no_other_from_coming(
    quiet: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet.faults.add(Fault(FaultKind.ERROR, path_contains=f"/samples/{FRONT}", status=404, times=9))
    code, cameras = tracking(capsys, workspace, "--link", f"front={FRONT}", "--link", "left=street left")
    assert (code, [camera["state"] for camera in cameras]) == (3, ["failed", "stored"])


def test_stale_results_are_marked(quiet: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracking(capsys, workspace, "--link", f"front={FRONT}")
    with Workspace.open(workspace) as opened:
        (link,) = opened.camera_links(JOB)
        body = {"config": {"enabled": True, "parameters": {"keep_grace": "9"}}, "variant": "int8"}
        opened.store(link.request_address, json.dumps(body).encode())
    assert pointproof("tracking", "--job", JOB, "--out", workspace) == 0
    assert "stale" in capsys.readouterr().out
    quiet.stop()
    assert pointproof("inspect", workspace) == 0
    assert "keep_grace (made with 5, asked for 9)" in capsys.readouterr().out


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("rear=5", "It has front and left."),
        ("front=77", "Unknown sample ID"),
        ("front=street", "no sample with the name 'street'. Name one by its id: 9001"),
        ("front=nothing like it", "List them with: pointproof samples."),
        (f"front={FRONT}:99", "no tracking block 99. It has 4."),
        (f"front={FRONT}:4:akida", "no variant 'akida'. It has int8 and float32."),
    ],
)
def test_a_link_that_cannot_be_made_is_told_with_the_choice(
    workspace: Path, capsys: pytest.CaptureFixture[str], link: str, told: str
) -> None:
    assert pointproof("tracking", "--job", JOB, "--out", workspace, "--link", link) == 3
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("quiet")
def test_a_job_without_links_is_told_how_to_link(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("tracking", "--job", JOB, "--out", workspace) == 3
    assert "--link CAMERA=SAMPLE" in capsys.readouterr().err


def test_a_wrong_key_ends_with_3_and_appears_nowhere(
    quiet: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POINTPROOF_EDGE_IMPULSE_API_KEY", "ei_canary_that_is_wrong")
    assert pointproof("tracking", "--job", JOB, "--out", workspace, "--link", f"front={FRONT}") == 3
    captured = capsys.readouterr()
    assert "refused the API key" in captured.err
    assert "canary" not in captured.out + captured.err
    assert quiet.leaks == ()
