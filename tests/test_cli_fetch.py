"""``fetch`` and ``sandbox`` against the services on this machine, over real HTTP."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.settings import load_settings
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.commands import BATCH, JOB, PROJECT, pointproof, small_sandbox

REPOSITORY = Path(__file__).resolve().parent.parent
FILES = 3 * 2  # mask, scan and one picture for each of two frames


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with small_sandbox(tmp_path / "delivery", monkeypatch) as sandbox:
        yield sandbox


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


def fetch(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code = pointproof("fetch", "--project", PROJECT, *arguments, "--json")
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("sandbox")
def test_a_fetched_job_is_inspected_like_the_delivery_it_came_from(
    tmp_path: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = fetch(capsys, JOB, "--out", workspace)
    assert code == 0
    (job,) = report["jobs"]
    assert (job["job_id"], job["frames"], job["fetched"], job["reused"]) == (JOB, 2, FILES, 0)
    assert pointproof("inspect", workspace, "--json") == 0
    fetched = json.loads(capsys.readouterr().out)
    assert pointproof("inspect", tmp_path / "delivery", "--json") == 0
    delivered = json.loads(capsys.readouterr().out)
    for part in ("frames", "legend", "findings"):
        assert fetched[part] == delivered[part]


def test_what_is_here_is_not_asked_for_again(
    sandbox: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(capsys, JOB, "--out", workspace)
    sandbox.forget_requests()
    code, report = fetch(capsys, JOB, "--out", workspace)
    assert (code, report["jobs"][0]["fetched"], report["jobs"][0]["reused"]) == (0, 0, FILES)
    assert sandbox.requests == ()


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("arguments", [(), ("--batch", BATCH)], ids=["every batch", "one batch"])
def test_without_job_ids_every_completed_job_is_fetched(
    arguments: tuple[str, ...], workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = fetch(capsys, *arguments, "--out", workspace)
    assert code == 0
    assert [job["job_id"] for job in report["jobs"]] == [JOB]


@pytest.mark.usefixtures("sandbox")
def test_a_job_that_does_not_exist_keeps_no_other_from_coming(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = fetch(capsys, "no-such-job", JOB, "--out", workspace)
    assert code == 3
    missing, fetched = report["jobs"]
    assert missing["job_id"] == "no-such-job"
    assert missing["error"]
    assert (fetched["error"], fetched["fetched"]) == (None, FILES)


def test_a_file_that_fails_is_named_and_the_rest_comes(
    sandbox: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.faults.add(Fault(FaultKind.ERROR, path_contains="000001.jpg", status=404, times=99))
    code, report = fetch(capsys, JOB, "--out", workspace)
    assert code == 3
    (job,) = report["jobs"]
    assert job["fetched"] == FILES - 1
    assert [problem["frame_id"] for problem in job["problems"]] == ["000001"]


@pytest.mark.usefixtures("sandbox")
def test_the_text_says_what_came_and_where_it_is(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("fetch", "--project", PROJECT, JOB, "--out", workspace) == 0
    captured = capsys.readouterr()
    assert f"2 frames, files: {FILES} fetched" in captured.out
    assert str(workspace) in captured.out
    assert f"Job {JOB}" in captured.err  # the bar


@pytest.mark.usefixtures("sandbox")
def test_the_usual_workspace_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POINTPROOF_WORKSPACE", str(tmp_path / "mine"))
    _, report = fetch(capsys, JOB)
    assert report["workspace"] == str(tmp_path / "mine")
    assert pointproof("inspect", tmp_path / "mine") == 0


def test_nothing_is_asked_for_while_another_program_has_the_workspace_open(
    sandbox: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workspace.open(workspace):
        assert pointproof("fetch", "--project", PROJECT, JOB, "--out", workspace) == 3
    assert "Another Pointproof has the workspace" in capsys.readouterr().err
    assert sandbox.requests == ()


@pytest.mark.usefixtures("sandbox")
def test_without_a_key_the_variable_to_set_is_named(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POINTPROOF_TELUS_API_KEY")
    assert pointproof("fetch", "--project", PROJECT, JOB, "--out", workspace) == 3
    assert "Set POINTPROOF_TELUS_API_KEY." in capsys.readouterr().err


def test_a_wrong_key_ends_with_3_and_appears_nowhere(
    sandbox: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POINTPROOF_TELUS_API_KEY", "canary-key-that-is-wrong")
    assert pointproof("fetch", "--project", PROJECT, JOB, "--out", workspace) == 3
    captured = capsys.readouterr()
    assert "canary" not in captured.out + captured.err
    assert not any(b"canary" in path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    assert sandbox.leaks == ()


def test_a_service_that_is_gone_ends_with_3(
    sandbox: Sandbox, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.stop()
    code, report = fetch(capsys, JOB, "--out", workspace)
    assert code == 3
    assert report["jobs"][0]["error"]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to a child alone")
def test_ctrl_c_ends_a_download_in_order_with_130(sandbox: Sandbox, workspace: Path) -> None:
    sandbox.faults.add(Fault(FaultKind.HANG, path_contains="lidar", times=99))
    command = [sys.executable, "-m", "app", "fetch", "--project", PROJECT, JOB, "--out", str(workspace)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.read(1)  # the bar is up, and with it what Ctrl-C does
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in complaints


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to a child alone")
def test_sandbox_serves_what_it_says_until_ctrl_c(
    tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_delivery(tmp_path / "delivery", frames=2)
    command = [sys.executable, "-m", "app", "sandbox", "--root", str(root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        for _ in range(4):
            name, _, value = served.stdout.readline().removeprefix("export ").strip().partition("=")
            monkeypatch.setenv(name, value)
        code, report = fetch(capsys, JOB, "--out", workspace)
        served.send_signal(signal.SIGINT)
        _, complaints = served.communicate(timeout=30)
    assert (code, report["jobs"][0]["fetched"]) == (0, FILES)
    assert served.returncode == 130
    assert "Traceback" not in complaints


@pytest.mark.usefixtures("sandbox")
def test_the_report_sums_up_all_jobs(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = fetch(capsys, JOB, "no-such-job", "--out", workspace)
    total = report["total"]
    assert code == 3
    assert (total["jobs"], total["complete"], total["files"], total["fetched"]) == (2, 1, FILES, FILES)
    assert total["fetched_bytes"] == sum(job["fetched_bytes"] for job in report["jobs"]) > 0
    assert total["seconds"] > 0


@pytest.mark.usefixtures("sandbox")
def test_a_quota_that_nothing_can_make_room_for_ends_with_3_and_says_what_to_do(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof("fetch", "--project", PROJECT, JOB, "--out", workspace, "--quota", "0.00001") == 3
    complaint = capsys.readouterr().err
    assert "its quota is 10 kB" in complaint
    assert "Raise the quota" in complaint
    assert fetch(capsys, JOB, "--out", workspace, "--quota", "1")[0] == 0  # goes on where it stopped


@pytest.mark.usefixtures("sandbox")
def test_the_quota_of_the_settings_holds_for_the_usual_workspace_only(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.fetch.load_settings", lambda: replace(load_settings(), quota_gb=1e-5))
    assert pointproof("fetch", "--project", PROJECT, JOB) == 3
    assert pointproof("fetch", "--project", PROJECT, JOB, "--quota", "0") == 0
    assert pointproof("fetch", "--project", PROJECT, JOB, "--out", workspace) == 0


@pytest.mark.parametrize("quota", ["much", "-1", "nan", "1e9"])
def test_a_quota_that_is_no_amount_is_wrong_usage(quota: str) -> None:
    with pytest.raises(SystemExit) as ended:
        pointproof("fetch", "--project", PROJECT, f"--quota={quota}")
    assert ended.value.code == 2
