"""A camera that shows the pictures of the sample it is linked to, fetched over real sockets and then offline."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

from app.api.answers import Received
from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.domain.post_processing import NO_RESULTS
from app.domain.tracking import CoordinateSpace, ResizeMode
from app.errors import ImageFormatError, InputError, ServiceError
from app.jobs import LocalJob, open_path, open_workspace_job
from app.progress import Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.sync import (
    MediaState,
    TrackingState,
    classify_sample,
    download_job,
    download_sample_media,
    download_tracking,
    needs_sample_media,
)
from app.workspace import CameraLink, PictureSource, Workspace
from app.workspace.addresses import sample_media_address
from tests.builders import IMAGE_SIZE, identifier, small_delivery

PROJECT, BLOCK, FRONT, LEFT, PICTURE = 5001, 4, 9001, 9002, 8001
JOB = identifier("street", "job")
VIDEO_ADDRESS = sample_media_address(ei_project_id=PROJECT, sample_id=FRONT, kind="video")


class Desk:
    """A workspace with a job whose front camera is linked, beside the services."""

    def __init__(self, root: Path, sandbox: Sandbox, http: HttpClient) -> None:
        self.sandbox = sandbox
        self.workspace = Workspace.open(root)
        self.service = EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=sandbox.edge_impulse_key)
        self.telus = TelusClient(http, base_url=sandbox.telus_url, key=sandbox.telus_key)
        self.opened: list[LocalJob] = []
        self.service.sample_video(PROJECT, FRONT, io.BytesIO())  # encoded before a test takes pictures away

    def download(self) -> None:
        project = identifier("street", "project")
        download_job(self.workspace, self.telus, project_id=project, job_id=JOB, progress=Progress())

    def link(self, **options: Any) -> CameraLink:
        link = replace(CameraLink("front", PROJECT, FRONT, "street front", BLOCK, "int8"), **options)
        self.workspace.save_camera_links(JOB, [link])
        return link

    def fetch(self, link: CameraLink) -> None:
        assert download_tracking(self.workspace, self.service, link, progress=Progress()).state is TrackingState.STORED
        self.fetch_media(link)

    def fetch_media(self, link: CameraLink) -> None:
        step = download_sample_media(self.workspace, self.service, link, progress=Progress())
        assert step.state is MediaState.STORED

    def job(self) -> LocalJob:
        job = open_workspace_job(self.workspace, JOB)
        self.opened.append(job)
        return job


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street", cameras=("front", "left"))


@pytest.fixture
def desk(tmp_path: Path, folder: Path) -> Iterator[Desk]:
    with Sandbox([folder]) as sandbox, HttpClient(requests_per_second=None, backoff=0.01) as http:
        made = Desk(tmp_path / "ws", sandbox, http)
        with made.workspace:
            yield made
            for job in made.opened:
                job.close()


def without_pictures(folder: Path, camera: str, *, index: int | None = None) -> None:
    """Take a camera's addresses out of the result document, in all frames or in one."""
    path = folder / "result.json"
    document = json.loads(path.read_text())
    for number, frame in enumerate(document["sensor_data"]["frames"]):
        for sensor in frame["sensors"]:
            if sensor["sensor_id"] == camera and index in (None, number):
                sensor["data_url"] = sensor["original_url"] = ""
    path.write_text(json.dumps(document))


def rules(job: LocalJob, index: int | None = None) -> list[str]:
    found = job.findings() if index is None else job.load_frame(index).findings
    return [finding.rule for finding in found]


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal but for what two lossy encoders do."""
    return one.shape == other.shape and float(np.abs(one.astype(int) - other).mean()) < 6


def test_a_camera_without_pictures_shows_those_of_its_sample(desk: Desk, folder: Path) -> None:
    original = [open_path(folder).load_image(index, "front") for index in range(3)]
    without_pictures(folder, "front")
    desk.download()
    bare = desk.job()
    assert "image.missing" in rules(bare)
    with pytest.raises(InputError, match="no picture of camera front"):
        bare.load_image(0, "front")
    link = desk.link()
    desk.fetch(link)
    desk.sandbox.stop()
    job = desk.job()
    for index in range(3):
        assert alike(job.load_image(index, "front"), original[index])
        assert job.image_size(index, "front") == IMAGE_SIZE
        assert rules(job, index).count("image.missing") == 0
    assert "image.missing" not in rules(job)
    assert job.boxes(1, "front").tracked


def test_a_single_missing_picture_comes_from_the_sample_and_the_others_from_the_job(desk: Desk, folder: Path) -> None:
    without_pictures(folder, "front", index=1)
    desk.download()
    desk.fetch(desk.link())
    job = desk.job()
    assert [job.pictures.shows_sample(index, "front") for index in range(3)] == [False, True, False]
    assert [job.pictures.shows_sample(index, "left") for index in range(3)] == [False, False, False]


@pytest.mark.parametrize(("source", "shown"), [("auto", False), ("sample", True), ("job", False)])
def test_the_link_chooses_whose_pictures_are_shown(desk: Desk, source: str, shown: bool) -> None:
    desk.download()
    desk.fetch(desk.link(pictures=PictureSource(source)))
    assert desk.job().pictures.shows_sample(0, "front") is shown


def test_the_jobs_pictures_may_be_insisted_on(desk: Desk, folder: Path) -> None:
    without_pictures(folder, "front")
    desk.download()
    desk.fetch(desk.link(pictures=PictureSource.JOB))
    assert "image.missing" in rules(desk.job())
    with pytest.raises(InputError):
        desk.job().load_image(0, "front")


def test_a_chosen_sample_that_is_not_here_is_told_in_the_frame(desk: Desk) -> None:
    desk.download()
    desk.link(pictures=PictureSource.SAMPLE)
    job = desk.job()
    with pytest.raises(InputError, match="pictures of street front are not here"):
        job.load_image(0, "front")
    assert "image.unreadable" in rules(job, 0)


def test_the_frame_offset_moves_pictures_and_boxes_alike(desk: Desk, folder: Path) -> None:
    original = open_path(folder)
    desk.download()
    desk.fetch(desk.link(pictures=PictureSource.SAMPLE, frame_offset=1))
    job = desk.job()
    assert alike(job.load_image(0, "front"), original.load_image(1, "front"))
    assert job.boxes(0, "front") == original.boxes(1, "front")
    with pytest.raises(InputError, match="has 3 frames, so none with the number 3"):
        job.load_image(2, "front")
    assert "image.unreadable" in rules(job, 2)


def test_a_single_picture_belongs_to_one_frame(desk: Desk, folder: Path) -> None:
    original = open_path(folder)
    desk.download()
    link = desk.link(sample_id=PICTURE, sample_name="street front picture", pictures=PictureSource.SAMPLE)
    desk.fetch_media(link)
    job = desk.job()
    assert np.array_equal(job.load_image(0, "front"), original.load_image(0, "front"))
    with pytest.raises(InputError, match="a single picture"):
        job.load_image(1, "front")


def test_a_video_shorter_than_its_results_is_a_finding(desk: Desk) -> None:
    desk.download()
    link = desk.link()
    desk.fetch(link)
    answer = json.loads(desk.workspace.read(link.answer_address) or b"")
    answer["results"]["objectDetection"]["frames"].append({"frameIndex": 3, "objects": []})
    desk.workspace.store(link.answer_address, json.dumps(answer).encode())
    (finding,) = [finding for finding in desk.job().findings() if finding.rule == "video.too-short"]
    assert "3 frames" in finding.message
    assert "frame number 3" in finding.message


def test_a_damaged_video_is_a_finding_and_no_picture(desk: Desk) -> None:
    desk.download()
    desk.fetch(desk.link(pictures=PictureSource.SAMPLE))
    video = desk.workspace.read(VIDEO_ADDRESS) or b""
    desk.workspace.store(VIDEO_ADDRESS, video[: len(video) // 2])
    job = desk.job()
    assert "video.unreadable" in rules(job)
    assert "image.unreadable" in rules(job, 0)
    with pytest.raises(ImageFormatError):
        job.load_image(0, "front")


def test_a_video_that_arrives_anew_is_shown(desk: Desk) -> None:
    desk.download()
    link = desk.link(pictures=PictureSource.SAMPLE)
    desk.fetch(link)
    job = desk.job()
    before = job.load_image(0, "front")
    other = sample_media_address(ei_project_id=PROJECT, sample_id=LEFT, kind="video")
    desk.fetch_media(replace(link, sample_id=LEFT, sample_name="street left"))
    desk.workspace.store(VIDEO_ADDRESS, desk.workspace.read(other) or b"")
    assert not alike(job.load_image(0, "front"), before)


def test_a_closed_job_holds_no_file_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.download()
    desk.fetch(desk.link(pictures=PictureSource.SAMPLE))
    job = desk.job()
    job.load_image(0, "front")
    held = job.pictures.samples._open["front"]
    assert held._video is not None
    job.close()
    assert held._video is None
    assert job.load_image(1, "front").shape == (120, 160, 3)  # a late question is answered all the same
    assert held._video is None


def test_how_boxes_are_placed_is_told_with_the_reason(desk: Desk) -> None:
    desk.download()
    desk.fetch(desk.link())
    placement = desk.job().tracking_of("front").placement
    assert placement is not None
    assert (placement.space.value, placement.space.chosen) == (CoordinateSpace.IMAGE, False)
    assert placement.sample_size == IMAGE_SIZE
    assert "so they count pixels of the picture" in placement.reason
    assert "squashes" in placement.reason


def test_space_and_resize_mode_can_be_chosen_for_a_link(desk: Desk) -> None:
    desk.download()
    desk.fetch(desk.link())
    guessed = desk.job().boxes(0, "front").tracked[0]
    desk.link(space=CoordinateSpace.MODEL_INPUT)
    squashed = desk.job().boxes(0, "front").tracked[0]
    desk.link(space=CoordinateSpace.MODEL_INPUT, resize_mode=ResizeMode.FIT_LONG)
    fitted = desk.job().boxes(0, "front").tracked[0]
    width, height = desk.job().tracking_of("front").model_size or (0, 0)
    assert (squashed.width, squashed.height) == pytest.approx(
        (guessed.width * 160 / width, guessed.height * 120 / height)
    )
    assert fitted.width / guessed.width == pytest.approx(fitted.height / guessed.height)


def test_results_are_stale_offline_when_another_configuration_was_asked_for(desk: Desk) -> None:
    desk.download()
    link = desk.link()
    desk.fetch(link)
    desk.sandbox.stop()
    job = desk.job()
    assert job.tracking_of("front").stale == ""
    request = json.loads(desk.workspace.read(link.request_address) or b"")
    request["config"]["parameters"]["keep_grace"] = "99"
    desk.workspace.store(link.request_address, json.dumps(request).encode())
    assert "keep_grace (made with 5, asked for 99)" in job.tracking_of("front").stale


def test_without_a_stored_request_the_stored_block_says_what_is_asked_for(desk: Desk) -> None:
    desk.download()
    link = desk.link()
    desk.fetch(link)
    answer = json.loads(desk.workspace.read(link.answer_address) or b"")
    answer["results"]["objectTracking"]["parameters"]["threshold"] = "0.9"
    other = desk.link(variant="float32")
    desk.workspace.store(other.answer_address, json.dumps(answer).encode())
    assert "threshold (made with 0.9, asked for 0.5)" in desk.job().tracking_of("front").stale


def test_frame_numbers_that_start_at_one_suggest_the_offset(desk: Desk) -> None:
    desk.download()
    link = desk.link()
    desk.fetch(link)
    answer = json.loads(desk.workspace.read(link.answer_address) or b"")
    for boxes in answer["results"].values():
        for frame in boxes["frames"]:
            frame["frameIndex"] += 1
    desk.workspace.store(link.answer_address, json.dumps(answer).encode())
    placement = desk.job().tracking_of("front").placement
    assert placement is not None
    assert placement.suggested_offset is not None
    assert placement.suggested_offset.value == 1


def test_media_is_needed_where_the_job_has_no_pictures(desk: Desk, folder: Path) -> None:
    without_pictures(folder, "left", index=2)
    desk.download()
    job, link = desk.job(), desk.link()

    def needed(**options: Any) -> bool:
        return needs_sample_media(desk.workspace, job.sequence, replace(link, **options))

    assert not needed()
    assert needed(camera="left")
    assert needed(pictures=PictureSource.SAMPLE)
    assert not needed(camera="left", pictures=PictureSource.JOB)


def media_requests(desk: Desk) -> list[str]:
    asked = [request.path for request in desk.sandbox.requests if request.path.endswith(("/video", "/image"))]
    return asked[1:]  # the desk's own came first


def test_a_video_is_fetched_once_and_again_only_on_demand(desk: Desk) -> None:
    link = desk.link()
    desk.fetch_media(link)
    desk.fetch_media(link)
    assert len(media_requests(desk)) == 1
    download_sample_media(desk.workspace, desk.service, link, progress=Progress(), refresh=True)
    assert len(media_requests(desk)) == 2


@pytest.mark.parametrize(
    ("trouble", "state", "said"),
    [
        ({"running": True}, MediaState.PROCESSING, "still processing"),
        ({"problem": "Cannot read video"}, MediaState.FAILED, "Cannot read video"),
    ],
)
def test_a_sample_that_is_not_ready_is_told_and_nothing_is_fetched(
    desk: Desk, trouble: dict[str, Any], state: MediaState, said: str
) -> None:
    desk.sandbox.set_sample_processing("street front", **trouble)
    step = download_sample_media(desk.workspace, desk.service, desk.link(), progress=Progress())
    assert (step.state, said in step.message) == (state, True)
    assert media_requests(desk) == []


def test_a_log_in_page_is_not_kept_as_a_video(desk: Desk) -> None:
    desk.sandbox.faults.add(Fault(FaultKind.HTML, path_contains="/video"))
    with pytest.raises(ServiceError, match="a web page"):
        download_sample_media(desk.workspace, desk.service, desk.link(), progress=Progress())
    assert desk.workspace.find(VIDEO_ADDRESS) is None


def test_something_else_that_calls_itself_a_video_is_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def picture(_self: EdgeImpulseClient, _project: int, _sample: int, sink: BinaryIO, **_: object) -> Received:
        sink.write(b"\xff\xd8\xff\xe0 a picture")
        return Received("video/mp4", 14, "")

    monkeypatch.setattr(EdgeImpulseClient, "sample_video", picture)
    with pytest.raises(ImageFormatError, match="a JPEG picture, not an MP4"):
        download_sample_media(desk.workspace, desk.service, desk.link(), progress=Progress())
    assert desk.workspace.find(VIDEO_ADDRESS) is None


def test_classifying_on_the_sandbox_ends_in_results(desk: Desk) -> None:
    desk.sandbox.set_sample_state("street front", NO_RESULTS, polls=2)
    link = desk.link()
    first = download_tracking(desk.workspace, desk.service, link, progress=Progress())
    assert (first.state, first.can_classify) == (TrackingState.NO_RESULTS, True)
    step = classify_sample(desk.workspace, desk.service, link, progress=Progress(), interval=0.001)
    assert step.state is TrackingState.STORED
    assert len([request for request in desk.sandbox.requests if request.path.endswith("/classify")]) == 1


def test_a_failed_job_on_the_sandbox_brings_its_cleaned_log(desk: Desk) -> None:
    desk.sandbox.set_sample_state("street front", NO_RESULTS, polls=1, succeeds=False)
    step = classify_sample(desk.workspace, desk.service, desk.link(), progress=Progress(), interval=0.001)
    assert step.state is TrackingState.FAILED
    assert [line.text for line in step.log][-1] == "ERR: Job failed, out of memory"
    assert all(line.text.isprintable() for line in step.log)
