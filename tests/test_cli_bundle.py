"""A job goes from the services into a workspace, into a bundle, into another workspace, and stays the same job."""

import json
import zipfile
from pathlib import Path

import pytest

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.cli.main import run
from app.cli.windows import WindowRequest
from app.formats.telus import parse_job_result
from app.jobs import open_path
from app.progress import Progress
from app.sandbox.server import Sandbox
from app.sync import download_job, download_tracking, fetch_impulses, suggest_links
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.test_cli import NO_WINDOWS, RecordedWindows
from tests.workspace.bundles import Unpacked, bundle_of


def fetch(delivery: Path, root: Path) -> str:
    """Download a delivery's job with its boxes from the sandbox; returns the job's reference id."""
    job = parse_job_result((delivery / "job.json").read_bytes())
    with Sandbox([delivery]) as sandbox, HttpClient() as http, Workspace.open(root) as workspace:
        telus = TelusClient(http, base_url=sandbox.telus_url, key=sandbox.telus_key)
        edge_impulse = EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=sandbox.edge_impulse_key)
        summary = download_job(workspace, telus, project_id=job.project_id, job_id=job.job_id, progress=Progress())
        project_id = edge_impulse.key_info().project_id
        impulses = fetch_impulses(workspace, edge_impulse, project_id, progress=Progress()).impulses
        cameras = [camera.name for camera in summary.sequence.cameras]
        samples = edge_impulse.samples(project_id).samples
        links = suggest_links(cameras, job.reference_id, samples, impulses, ei_project_id=project_id)
        assert len(links) == len(cameras)
        workspace.save_camera_links(job.job_id, links)
        for link in links:
            download_tracking(workspace, edge_impulse, link, progress=Progress(), on_state=lambda _step: None)
    return job.reference_id


class Terminal:
    """Runs commands and reads what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object, code: int = 0) -> str:
        self._capsys.readouterr()
        assert run([str(argument) for argument in arguments], NO_WINDOWS) == code
        said = self._capsys.readouterr()
        return said.out if code == 0 else said.err

    def inspect(self, path: Path) -> str:
        """The JSON of a job; findings of severity error count as read."""
        self._capsys.readouterr()
        assert run(["inspect", str(path), "--json"], NO_WINDOWS) in (0, 1)
        return self._capsys.readouterr().out


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture(params=["builders", "street"])
def delivery(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "street":
        return Path(request.getfixturevalue("street"))
    return small_delivery(tmp_path / "delivery", frames=3, points=400, cameras=("front", "left"))


def test_a_job_comes_out_of_a_bundle_as_it_went_in(tmp_path: Path, delivery: Path, terminal: Terminal) -> None:
    name = fetch(delivery, tmp_path / "sender")
    path = tmp_path / "job.ppb"
    assert "files" in terminal("bundle", name, "-o", path, "--workspace", tmp_path / "sender")
    fetched = terminal.inspect(tmp_path / "sender" / name)
    assert json.loads(fetched)["tracks"]
    assert terminal.inspect(path) == fetched
    report = json.loads(terminal("import", path, "--workspace", tmp_path / "receiver", "--json"))
    assert (report["name"], report["already_here"], report["lacking"], report["notices"]) == (name, 0, [], [])
    assert terminal.inspect(tmp_path / "receiver" / name) == fetched
    again = tmp_path / "again.ppb"
    terminal("bundle", name, "-o", again, "--workspace", tmp_path / "receiver")
    assert again.read_bytes() == path.read_bytes()
    roles = {file["role"] for file in Unpacked.of(path).manifest["files"]}
    assert {"result", "scan", "mask", "image", "answer", "impulses"} <= roles


def test_a_delivery_comes_out_of_a_bundle_as_it_went_in(tmp_path: Path, delivery: Path, terminal: Terminal) -> None:
    path = tmp_path / "job.ppb"
    terminal("bundle", delivery, "-o", path)
    delivered = terminal.inspect(delivery)
    assert terminal.inspect(path) == delivered
    terminal("import", path, "--workspace", tmp_path / "receiver")
    assert terminal.inspect(tmp_path / "receiver") == delivered


def test_a_real_delivery_comes_out_of_a_bundle_as_it_went_in(
    tmp_path: Path, shared_data: Path, terminal: Terminal
) -> None:
    path = tmp_path / "job.ppb"
    delivery = shared_data / "deliveries" / "street"
    if not delivery.is_dir():
        pytest.skip("no delivery among the recordings")
    terminal("bundle", delivery, "-o", path, "--partial")
    delivered = terminal.inspect(delivery)
    assert terminal.inspect(path) == delivered
    terminal("import", path, "--workspace", tmp_path / "receiver")
    assert terminal.inspect(tmp_path / "receiver") == delivered


def test_opening_a_bundle_writes_nothing(tmp_path: Path, home: Path, terminal: Terminal) -> None:
    path = bundle_of(small_delivery(tmp_path / "street"), tmp_path / "street.ppb")
    before = {file: file.stat().st_mtime_ns for folder in (tmp_path, home) for file in folder.rglob("*")}
    terminal.inspect(path)
    after = {file: file.stat().st_mtime_ns for folder in (tmp_path, home) for file in folder.rglob("*")}
    assert after == before


@pytest.mark.gl
def test_a_frame_of_a_bundle_is_drawn(tmp_path: Path, terminal: Terminal) -> None:
    path = bundle_of(small_delivery(tmp_path / "street"), tmp_path / "street.ppb")
    terminal("render", path, "-o", tmp_path / "a.png", "--size", "64x48")
    terminal("render", tmp_path / "street", "-o", tmp_path / "b.png", "--size", "64x48")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_double_click_needs_nothing_but_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":77")
    recorded = RecordedWindows()
    assert run(["open", str(tmp_path / "street.ppb")], recorded.windows) == 0
    assert recorded.requests == [WindowRequest(open_path=tmp_path / "street.ppb")]


def test_a_damaged_file_becomes_a_finding_and_the_rest_stays_visible(tmp_path: Path, terminal: Terminal) -> None:
    path = bundle_of(small_delivery(tmp_path / "street", frames=2), tmp_path / "street.ppb")
    parts = Unpacked.of(path)
    name = parts.name_of("scan")
    parts.files[name] = bytes(len(parts.files[name]))
    report = json.loads(terminal.inspect(parts.write(tmp_path / "damaged.ppb")))
    assert [frame["points"] for frame in report["frames"]] == [0, 500]
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    assert [finding["frame_id"] for finding in errors] == ["000000"]
    assert "is damaged: its content is not what was put in" in errors[0]["message"]


def test_missing_files_are_named_and_need_leave(tmp_path: Path, terminal: Terminal) -> None:
    delivery, path = small_delivery(tmp_path / "street"), tmp_path / "street.ppb"
    (delivery / "files" / "cameras" / "front" / "000002.jpg").unlink()
    complaint = terminal("bundle", delivery, "-o", path, code=3)
    assert "1 cannot be bundled: https://data.example/street/cameras/front/000002.jpg is missing." in complaint
    assert "--partial" in complaint
    assert not path.exists()
    assert "left out: https://data.example/street/cameras/front/000002.jpg is missing" in terminal(
        "bundle", delivery, "-o", path, "--partial"
    )
    said = terminal("import", path, "--workspace", tmp_path / "receiver")
    assert "1 lacking" in said
    (report,) = [
        finding for finding in json.loads(terminal.inspect(path))["findings"] if finding["rule"].startswith("image")
    ]
    assert report["frame_id"] == "000002"


def test_signed_addresses_in_the_result_are_told(tmp_path: Path, terminal: Terminal) -> None:
    delivery = small_delivery(tmp_path / "street", frames=1)
    document = (delivery / "result.json").read_text()
    (delivery / "result.json").write_text(document.replace("000000.jpg", "000000.jpg?X-Amz-Signature=CANARY"))
    said = terminal("bundle", delivery, "-o", tmp_path / "street.ppb")
    assert "signed addresses of data.example" in said
    assert "CANARY" not in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bundle", "nothing", "-o", "out.ppb"], "There is no job nothing in the workspace"),
        (["bundle", "street/files/lidar", "-o", "out.ppb"], "has no result document"),
        (["bundle", "street.ppb", "-o", "out.ppb"], "is a bundle already"),
        (["bundle", "street", "-o", "nowhere/out.ppb"], "No file can be written"),
        (["import", "nothing.ppb"], "There is no file nothing.ppb"),
        (["import", "street/result.json"], "not a ZIP archive"),
        (["inspect", "broken.ppb"], "not a ZIP archive"),
        (["inspect", "letter.docx"], "which no bundle does"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Terminal, arguments: list[str], sentence: str
) -> None:
    bundle_of(small_delivery(tmp_path / "street"), tmp_path / "street.ppb")
    (tmp_path / "broken.ppb").write_bytes(b"no zip")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", b"<xml/>")
    monkeypatch.chdir(tmp_path)
    assert sentence in terminal(*arguments, code=3)
    assert not (tmp_path / "out.ppb").exists()


def test_a_bundle_is_opened_with_its_own_masks_only(tmp_path: Path, terminal: Terminal) -> None:
    path = bundle_of(small_delivery(tmp_path / "street"), tmp_path / "street.ppb")
    mask = tmp_path / "street" / "files" / "masks" / "000000.txt"
    assert "mask" in terminal("inspect", path, "--mask", mask, code=3)


def test_a_job_that_was_closed_lets_go_of_its_file(tmp_path: Path) -> None:
    path = bundle_of(small_delivery(tmp_path / "street"), tmp_path / "street.ppb")
    job = open_path(path)
    job.close()
    assert "bundle is closed" in job.load_frame(0).findings[0].message
