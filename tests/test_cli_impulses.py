"""``impulses`` on files, on workspaces, and against the service on this machine."""

import copy
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import run
from app.cli.windows import Windows
from app.domain.impulse.facts import facts_of
from app.domain.impulse.table import table_of
from app.domain.impulse.table_columns import STATE, TAGS
from app.formats.edge_impulse import parse_impulses
from app.sandbox.server import Sandbox
from app.sandbox.street.impulses import impulses_document
from app.workspace import Workspace
from app.workspace.addresses import impulses_address
from builders import small_delivery


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


def pointproof(*arguments: str | Path) -> int:
    return run([str(argument) for argument in arguments], Windows(window=refuse, demo=refuse))


def written(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def lines(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[str]:
    """Lines of the report, white space between columns as one blank."""
    assert pointproof("impulses", *arguments) == 0
    captured = capsys.readouterr()
    return [" ".join(line.split()) for line in captured.out.splitlines()]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return written(tmp_path / "impulses.json", impulses_document())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the impulses of the projects 7 and 31."""
    root = tmp_path / "workspace"
    with Workspace.open(root) as workspace:
        for project_id in (31, 7):
            named = {"id": project_id, "name": f"Of {project_id}"}
            raw = json.dumps({"success": True, "impulses": [{"impulse": named}]}).encode()
            workspace.store(impulses_address(project_id), raw)
        workspace.store("edge-impulse:/projects/7/something-else", b"{}")
    return root


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox([small_delivery(tmp_path / "delivery", frames=1)]) as sandbox:
        monkeypatch.setenv("POINTPROOF_EDGE_IMPULSE_URL", sandbox.edge_impulse_url)
        monkeypatch.setenv("POINTPROOF_EDGE_IMPULSE_API_KEY", sandbox.edge_impulse_key)
        monkeypatch.setenv("POINTPROOF_WORKSPACE", str(tmp_path / "offline"))
        yield sandbox


def test_the_report_tells_blocks_thresholds_variants_and_metrics(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = lines(capsys, document)
    assert report[0] == "impulses.json: 1 impulse"
    for expected in (
        "Street cameras (id 1): complete, tagged street",
        "input 2 image Image data 320 x 320 px, squash",
        "processing 3 image Image axes image; Color depth RGB",
        "learning 4 keras-object-detection Object detection from Image (3); trained",
        "Object detection Score threshold 0.3 0.3 0.5",
        "Object detection int8 (recommended) - 0.04 Precision 0.89, Recall 0.85, F1 Score 0.87",
        "impulseMetrics Test accuracy 83.40%",
        "learnBlockMetrics Trained yes",
    ):
        assert expected in report
    assert "Remarks" not in report


def test_what_is_stale_incomplete_or_lost_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = impulses_document()
    impulse = changed["impulses"][0]
    impulse |= {"isStale": True, "complete": False, "configured": None, "tags": "none"}
    impulse["impulse"]["learnBlocks"][0]["dsp"] = [27]
    impulse["learnBlockKerasConfigs"][0]["config"]["thresholds"][0]["value"] = "auto"
    impulse["postProcessingBlockConfigs"] = []
    report = lines(capsys, written(tmp_path / "x.json", changed))
    assert "Street cameras (id 1): stale, not complete, lost input, no settings" in report
    assert "learning 4 keras-object-detection Object detection from 27 (does not exist); trained" in report
    assert "Object detection Score threshold auto 0.3 0.5" in report
    assert "post-processing 5 object-tracking Object tracking settings unknown" in report
    assert "impulses[0].tags should be a list and is the text “none”." in report


def test_the_report_says_of_a_state_what_the_table_and_the_comparison_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = impulses_document()
    impulse = changed["impulses"][0]
    impulse |= {"isStale": True, "tags": ["street", "night", "candidate"]}
    impulse["dspBlockConfigs"][0]["config"]["configError"] = "No such file."
    impulse["impulse"]["learnBlocks"][0]["dsp"] = [27]
    path = written(tmp_path / "x.json", changed)
    parsed = parse_impulses(path.read_bytes())
    (found,) = parsed.impulses
    state, tags = (table_of(parsed).cell(0, key).text for key in (STATE, TAGS))
    facts = {fact.name: fact.text for fact in facts_of(found) if fact.section == "Impulse"}
    assert (
        (facts["State"], facts["Tags"]) == (state, tags) == ("stale, config error, lost input", ", ".join(found.tags))
    )
    assert f"Street cameras (id 1): {state}, tagged street, night and candidate" in lines(capsys, path)


def test_parameters_that_do_not_matter_now_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = impulses_document()
    parameters = changed["impulses"][0]["postProcessingBlockConfigs"][0]["config"]["parameters"]
    del parameters[1:3]
    parameters[0]["showIf"] = {"parameter": "use_iou", "operator": "eq", "value": "false"}
    report = lines(capsys, written(tmp_path / "x.json", changed))
    assert "post-processing 5 object-tracking Object tracking Use IoU true" in report


def test_json_is_the_document_with_everything_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = {**impulses_document(), "unknown": {"a": None}}
    changed["impulses"][0]["metrics"][0]["value"] = {"odd": True}
    assert pointproof("impulses", written(tmp_path / "x.json", changed), "--json") == 0
    assert json.dumps(json.loads(capsys.readouterr().out)) == json.dumps(changed)


def test_a_project_without_impulses_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, written(tmp_path / "none.json", {"success": True, "impulses": []})) == [
        "none.json: 0 impulses"
    ]


def test_a_workspace_shows_all_its_projects_and_each_alone(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, workspace) == [
        f"{workspace / '7'}: 1 impulse",
        "",
        "Of 7 (id 7): state unknown",
        f"{workspace / '31'}: 1 impulse",
        "",
        "Of 31 (id 31): state unknown",
    ]
    assert lines(capsys, workspace / "31")[2:] == ["Of 31 (id 31): state unknown"]


def test_json_of_several_projects_asks_for_one(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("impulses", workspace, "--json") == 3
    assert str(workspace / "7") in capsys.readouterr().err
    assert pointproof("impulses", workspace / "7", "--json") == 0
    assert json.loads(capsys.readouterr().out)["impulses"][0]["impulse"]["id"] == 7


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nothing.json", "There is no impulses document at"),
        (".", "There is no impulses document at"),
        ("page.html", "is not JSON but a web page (HTML)"),
        ("other.json", "it is the answer to another question"),
        ("refused.json", "No access to this project"),
        ("workspace/99", "holds no impulses of the project 99"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_what_holds_no_impulses_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, words: str
) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html></html>", encoding="utf-8")
    written(tmp_path / "other.json", {"success": True, "samples": []})
    written(tmp_path / "refused.json", {"success": False, "error": "No access to this project"})
    assert pointproof("impulses", tmp_path / path) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err


def test_without_a_path_the_service_is_asked_and_its_answer_kept_for_offline(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched = lines(capsys)
    assert fetched[0].endswith(": 1 impulse")
    asked = len(sandbox.requests)
    assert lines(capsys, tmp_path / "offline") == fetched
    assert len(sandbox.requests) == asked == 2


def test_without_a_path_and_a_key_the_next_step_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POINTPROOF_EDGE_IMPULSE_API_KEY", raising=False)
    assert pointproof("impulses") == 3
    assert "Set POINTPROOF_EDGE_IMPULSE_API_KEY" in capsys.readouterr().err


# -- the table --


def table_in(raw: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw, newline="")))


def test_csv_on_stdout_is_the_table_that_the_window_shows_at_first(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof("impulses", document, "--csv") == 0
    heading, row = table_in(capsys.readouterr().out)
    assert heading[:4] == ["Impulse", "State", "Tags", "Test accuracy"]
    assert row[:4] == ["Street cameras", "complete", "street", "83.40%"]


def test_csv_in_a_file_says_that_it_is_utf_8_and_may_have_every_column(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "table.csv"
    assert pointproof("impulses", document, "--csv", "--all-columns", "-o", target) == 0
    assert capsys.readouterr().out == f"{target}: 1 impulse\n"
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert table_in(raw.decode("utf-8-sig"))[0][:5] == ["Impulse", "State", "Tags", "Blocks", "Variants"]


def test_the_table_as_json_has_columns_and_rows(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("impulses", document, "--table-json") == 0
    written = json.loads(capsys.readouterr().out)
    (row,) = written["impulses"]
    assert row["values"]["learnBlockMetrics/isTrained"] is True
    assert list(row["values"]) == [column["key"] for column in written["columns"]]


def test_a_table_of_several_projects_asks_for_one(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("impulses", workspace, "--csv") == 3
    assert str(workspace / "7") in capsys.readouterr().err


def test_what_is_no_table_is_not_written_to_a_file(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof("impulses", document, "--json", "-o", tmp_path / "x.json") == 3
    assert "Add --csv or --table-json" in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()


def test_columns_are_asked_for_of_a_table_only(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("impulses", document, "--all-columns") == 3
    assert "Only a table has columns" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_with_the_next_step(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof("impulses", document, "--csv", "-o", tmp_path / "missing" / "x.csv") == 3
    assert "Could not save a file" in capsys.readouterr().err


def test_two_impulses_are_compared_by_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = impulses_document()
    other = copy.deepcopy(changed["impulses"][0])
    other["impulse"] |= {"id": 2, "name": "Street cameras, later"}
    other["isStale"] = True
    other["learnBlockKerasConfigs"][0]["config"]["script"] = "import keras\n" * 99
    path = written(tmp_path / "x.json", {**changed, "impulses": [changed["impulses"][0], other]})
    assert lines(capsys, path, "--compare", "1", "2") == [
        "part what Street cameras (id 1) Street cameras, later (id 2)",
        "Impulse State complete stale",
        f"Learning block Script - {('import keras ' * 99)[:59]}…",
    ]
    assert lines(capsys, path, "--compare", "1", "1") == ["Nothing differs."]
    assert pointproof("impulses", path, "--compare", "1", "5") == 3
    assert "There is no impulse with the id 5. Choose from 1 and 2." in capsys.readouterr().err
