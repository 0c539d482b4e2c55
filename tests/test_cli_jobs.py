"""``jobs`` and the names that ``fetch`` takes, against the services on this machine."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import run
from app.cli.windows import Windows
from app.sandbox.server import Sandbox
from builders import identifier, small_delivery

PROJECT, BATCH, JOB = (identifier("street", what) for what in ("project", "batch", "job"))
EXTRA = 120  # so many further rows, every third of them still in work


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


def pointproof(*arguments: str | Path) -> int:
    return run([str(argument) for argument in arguments], Windows(window=refuse, demo=refuse))


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "delivery", frames=2)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POINTPROOF_WORKSPACE", str(tmp_path / "ws"))
    return tmp_path / "ws"


@pytest.fixture
def sandbox(delivery: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox([delivery], extra_jobs=EXTRA) as sandbox:
        monkeypatch.setenv("POINTPROOF_TELUS_URL", sandbox.telus_url)
        monkeypatch.setenv("POINTPROOF_TELUS_API_KEY", sandbox.telus_key)
        yield sandbox


@pytest.fixture
def jobs(capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(*arguments: str | Path) -> dict[str, Any]:
        assert pointproof("jobs", "--project", PROJECT, *arguments, "--json") == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.mark.usefixtures("sandbox")
def test_batches_come_with_counts_and_jobs_with_their_status(jobs: Any) -> None:
    report = jobs()
    assert (report["project_id"], report["name"], report["offline"]) == (PROJECT, "street", False)
    (batch,) = report["batches"]
    assert (batch["batch_id"], batch["total_jobs"], batch["completed_jobs"]) == (BATCH, EXTRA + 1, 81)
    assert len(batch["jobs"]) == EXTRA + 1
    first, second, third = batch["jobs"][:3]
    assert (first["job_id"], first["reference_id"], first["completed"], first["on_disk"]) == (
        JOB,
        "street",
        True,
        False,
    )
    assert [job["status"] for job in (second, third)] == ["completed", "completed"]
    assert sum(job["completed"] for job in batch["jobs"]) == 81


@pytest.mark.usefixtures("sandbox")
def test_a_first_listing_has_no_changes_and_a_second_tells_them(jobs: Any, delivery: Path, workspace: Path) -> None:
    nothing = {"new_batches": [], "new_jobs": [], "batches": [], "jobs": []}
    assert jobs()["changes"] == nothing
    assert jobs()["changes"] == nothing
    assert workspace.is_dir()


def test_what_the_service_lists_differently_is_told(
    sandbox: Sandbox, jobs: Any, delivery: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs()
    page = json.loads((delivery / "batch.json").read_bytes())
    page["data"]["jobs"][0]["status"] = "in rework"
    page["data"]["jobs"].append({"id": "job-9", "reference_id": "street 9", "status": "completed"})
    (delivery / "batch.json").write_text(json.dumps(page))
    details = json.loads((delivery / "details.json").read_bytes())
    details["data"]["batches"].append({"id": identifier("street", "later"), "name": "later batch", "status": "New"})
    (delivery / "details.json").write_text(json.dumps(details))
    with Sandbox([delivery], extra_jobs=EXTRA) as later:
        monkeypatch.setenv("POINTPROOF_TELUS_URL", later.telus_url)
        assert pointproof("jobs", "--project", PROJECT, "--batch", BATCH) == 0
    told = capsys.readouterr().out.partition("Since the last listing:\n")[2]
    assert f"new batch {identifier('street', 'later')}" in told
    assert "new job street 9 (job-9)" in told
    assert "street: completed, 6 annotations -> in rework, 6 annotations" in told
    assert len(told.splitlines()) == 3


@pytest.mark.usefixtures("sandbox")
def test_the_text_names_progress_and_what_is_on_disk(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("fetch", "--project", PROJECT, JOB) == 0
    capsys.readouterr()
    assert pointproof("jobs", "--project", PROJECT) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"street ({PROJECT}) (POINT_CLOUD)"
    assert lines[1].startswith(f"  street batch ({BATCH}), In Progress, 81 of 121 jobs completed (66 %)")
    assert re.fullmatch(rf"    street, completed, 2 frames, on disk \(\d+ kB\), {JOB}", lines[2])
    assert "on disk" not in lines[3]


def test_offline_shows_what_was_listed_last_and_asks_nobody(
    sandbox: Sandbox, jobs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched(capsys, JOB)
    online = jobs()
    assert online["changes"]["jobs"] == []  # a download knows no count of annotations: no change of theirs
    sandbox.stop()
    sandbox.forget_requests()
    monkeypatch.delenv("POINTPROOF_TELUS_API_KEY")
    offline = jobs("--offline")
    assert sandbox.requests == ()
    assert offline["offline"] is True
    assert offline["batches"][0]["jobs"][0]["on_disk"] is True
    assert offline["batches"][0]["jobs"][0]["bytes"] > 0
    known = {job["job_id"] for job in online["batches"][0]["jobs"]}
    assert {job["job_id"] for job in offline["batches"][0]["jobs"]} == known


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("name", ["street 0101", "street"])
def test_one_job_is_found_by_its_reference_id_on_a_later_page(jobs: Any, name: str) -> None:
    (job,) = jobs("--find", name)["found"]
    assert job["reference_id"] == name
    assert jobs("--find", job["job_id"])["found"][0]["job_id"] == job["job_id"]
    jobs()
    assert [found["job_id"] for found in jobs("--find", name, "--offline")["found"]] == [job["job_id"]]


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--find", "nobody"), "has no job nobody"),
        (("--batch", "none"), "has no batch none"),
        (("--offline",), "was never listed"),
    ],
)
def test_what_is_not_there_ends_with_3_and_a_next_step(
    workspace: Path, arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pointproof("fetch", "--project", "other", "x")  # so that there is a workspace
    capsys.readouterr()
    assert pointproof("jobs", "--project", PROJECT, *arguments) == 3
    complaint = capsys.readouterr().err
    assert told in complaint
    assert complaint.rstrip().endswith(".")


@pytest.mark.usefixtures("workspace")
def test_without_a_key_the_variable_and_the_way_around_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("jobs", "--project", PROJECT) == 3
    told = capsys.readouterr().err
    assert "Set POINTPROOF_TELUS_API_KEY" in told
    assert "--offline" in told


def test_names_of_the_service_cannot_steer_the_terminal(
    sandbox: Sandbox, delivery: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = json.loads((delivery / "batch.json").read_bytes())
    page["data"]["jobs"][0] |= {"reference_id": "\x1b[2Jgone", "status": "\u202edone"}
    (delivery / "batch.json").write_text(json.dumps(page))
    with Sandbox([delivery]) as odd:
        monkeypatch.setenv("POINTPROOF_TELUS_URL", odd.telus_url)
        assert pointproof("jobs", "--project", PROJECT) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def fetched(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = pointproof("fetch", "--project", PROJECT, *arguments, "--json")
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("sandbox")
def test_fetch_takes_reference_ids_and_ids_of_one_job_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    code, report = fetched(capsys, "street", JOB, "no such name")
    assert code == 3
    missing, job = report["jobs"]
    assert (missing["job_id"], missing["fetched"]) == ("no such name", 0)
    assert "has no job of this name" in missing["error"]
    assert (job["job_id"], job["fetched"], job["error"]) == (JOB, 6, None)


def test_fetch_takes_files_from_a_folder_and_remembers_it(
    sandbox: Sandbox, delivery: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own=files"
    (delivery / "files" / "lidar").rename(own)
    code, report = fetched(capsys, "street")
    assert code == 3
    assert {problem["url"].rpartition("/")[0] for problem in report["jobs"][0]["problems"]} == {
        "https://data.example/street/lidar"
    }
    code, report = fetched(capsys, "street", "--files-at", f"https://data.example/street/lidar/={own}")
    assert (code, report["jobs"][0]["fetched"]) == (0, 2)
    for file in (tmp_path / "ws" / "objects").rglob("*"):
        if file.is_file():
            file.unlink()
    code, report = fetched(capsys, "street")
    assert (code, report["jobs"][0]["problems"]) == (0, [])
    assert sandbox.leaks == ()


@pytest.mark.parametrize("text", ["nonsense", "https://b.example/=", "https://b.example/=/no/such/folder", "=.", "b=."])
def test_a_mapping_that_names_no_address_or_no_folder_is_wrong_usage(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        pointproof("fetch", "--project", PROJECT, "--files-at", text)
    assert ended.value.code == 2
    assert "URL_PREFIX=FOLDER" in capsys.readouterr().err


@pytest.mark.usefixtures("sandbox")
def test_a_bar_on_stderr_leaves_stdout_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("jobs", "--project", PROJECT, "--json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)
    assert "Listing jobs" in captured.err
