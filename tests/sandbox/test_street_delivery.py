import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.bench.impulse_document import impulses_document as made_up_impulses
from app.domain.camera import in_image, project
from app.domain.impulse.confusion import Background, confusion_of
from app.domain.impulse.state import state_notes
from app.domain.impulse.table_columns import CATEGORIES, Filtering
from app.errors import WorkspaceError
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer
from app.formats.masks import decode_mask
from app.formats.pcd import read_pcd
from app.formats.telus import parse_job_page, parse_job_result, parse_project, parse_result
from app.progress import Cancelled, Progress, Step
from app.sandbox.street import StreetPlan, street_folder
from app.sandbox.street.cache import _version
from app.sandbox.street.labels import STUFF

SMALL = StreetPlan(
    frames=3, beams=24, azimuth_steps=480, image_size=(320, 180), sharpness=1.0, cameras=("front", "left", "rear")
)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    return street_folder(Progress(), cache=tmp_path_factory.mktemp("cache"), plan=SMALL)


@pytest.fixture(scope="module")
def sequence(delivery):
    return parse_result((delivery / "result.json").read_bytes())


@pytest.fixture(scope="module")
def truth(delivery):
    return json.loads((delivery / "truth.json").read_text())["frames"]


def _cloud(delivery, frame_id):
    return read_pcd(io.BytesIO((delivery / "files" / "lidar" / f"{frame_id}.pcd").read_bytes()))


def _mask(delivery, frame_id):
    return np.array(json.loads((delivery / "files" / "masks" / f"{frame_id}.txt").read_text()))


def _files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_plan_gives_the_same_bytes(delivery, tmp_path):
    again = street_folder(Progress(), cache=tmp_path, plan=SMALL)
    assert _files(again) == _files(delivery)


def test_processes_write_the_same_bytes_as_threads(delivery, tmp_path, monkeypatch):
    monkeypatch.setattr("app.sandbox.street.delivery.LEAST_FOR_PROCESSES", 1)
    again = street_folder(Progress(), cache=tmp_path, plan=SMALL)
    assert _files(again) == _files(delivery)


def test_a_street_is_made_where_no_process_can_be_started(delivery, tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError("no semaphores here")

    monkeypatch.setattr("app.sandbox.street.delivery.LEAST_FOR_PROCESSES", 1)
    monkeypatch.setattr("app.sandbox.street.delivery.ProcessPoolExecutor", refuse)
    assert _files(street_folder(Progress(), cache=tmp_path, plan=SMALL)) == _files(delivery)


def test_another_seed_gives_another_street(delivery, tmp_path):
    other = StreetPlan(frames=1, beams=16, azimuth_steps=360, image_size=(64, 36), cameras=("front",), seed=5)
    folder = street_folder(Progress(), cache=tmp_path, plan=other)
    frame = "files/lidar/000000.pcd"
    assert (folder / frame).read_bytes() != (delivery / frame).read_bytes()


def test_a_street_that_exists_is_not_made_again(delivery):
    before = {path: path.stat().st_mtime_ns for path in delivery.rglob("*")}
    steps = []
    assert street_folder(Progress(steps.append), cache=delivery.parent, plan=SMALL) == delivery
    assert {path: path.stat().st_mtime_ns for path in delivery.rglob("*")} == before
    assert steps == []


def test_every_frame_is_reported(tmp_path):
    steps: list[Step] = []
    plan = StreetPlan(frames=2, beams=16, azimuth_steps=180, image_size=(64, 36), cameras=("front",))
    street_folder(Progress(steps.append), cache=tmp_path, plan=plan)
    assert [(step.done, step.total) for step in steps] == [(0, 2), (1, 2), (2, 2)]


def test_a_cancelled_street_leaves_nothing_behind(tmp_path):
    progress = Progress(lambda step: step.done == 1 and progress.cancel())
    with pytest.raises(Cancelled):
        street_folder(progress, cache=tmp_path, plan=SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    occupied = tmp_path / "occupied"
    occupied.write_text("not a folder")
    with pytest.raises(WorkspaceError, match="occupied"):
        street_folder(Progress(), cache=occupied, plan=SMALL)


def test_plans_do_not_share_a_cache_entry():
    assert _version(SMALL) != _version(StreetPlan())
    assert _version(SMALL) == _version(SMALL)


def test_the_telus_documents_are_read_and_agree(delivery, sequence):
    project_id = json.loads((delivery / "batch.json").read_text())["data"]["project_id"]
    batch = parse_project((delivery / "details.json").read_bytes(), project_id=project_id).batches[0]
    job = parse_job_page((delivery / "batch.json").read_bytes()).jobs[0]
    result = parse_job_result((delivery / "job.json").read_bytes())
    assert (result.job_id, result.batch_id, result.project_id) == (job.job_id, batch.batch_id, project_id)
    assert result.ready
    assert job.frames == batch.total_frames == len(sequence) == SMALL.frames
    assert sequence.findings == ()
    assert [camera.name for camera in sequence.cameras] == list(SMALL.cameras)


def test_every_address_of_the_result_has_its_file(delivery, sequence):
    root = f"https://data.example/{SMALL.name}/"
    urls = [url for frame in sequence.frames for url in frame.urls]
    assert len(urls) == SMALL.frames * (2 + len(SMALL.cameras))
    for url in urls:
        assert (delivery / "files" / url.removeprefix(root)).is_file()
    assert json.loads((delivery / "job.json").read_text())["data"]["result"] == root + "result.json"


def test_the_truth_is_what_the_files_hold(delivery, sequence, truth):
    for frame in sequence.frames:
        cloud, expected = _cloud(delivery, frame.frame_id), truth[frame.frame_id]
        mask = decode_mask((delivery / "files" / "masks" / f"{frame.frame_id}.txt").read_bytes())
        assert len(cloud) == expected["points"]
        assert cloud.nonfinite_points == 0
        assert {str(key): count for key, count in mask.counts.items()} == expected["label_counts"]
        for camera in sequence.cameras:
            count, mean = _seen(cloud, frame.image(camera.name).pose, camera.intrinsics)
            assert count == expected["cameras"][camera.name]["points_in_image"]
            assert mean == pytest.approx(expected["cameras"][camera.name]["mean_uv"], abs=0.01)


def _seen(cloud, lidar_from_camera, intrinsics):
    xyz = cloud.xyz.astype(np.float64) + cloud.origin
    uv, valid = project(lidar_from_camera.inverse().apply(xyz), intrinsics)
    seen = in_image(uv, valid, size=SMALL.image_size)
    return np.count_nonzero(seen), uv[seen].mean(axis=0)


def test_the_scan_has_the_fields_of_a_spinning_lidar(delivery):
    cloud = _cloud(delivery, "000000")
    assert list(cloud.columns) == ["intensity", "ring", "timestamp"]
    assert 0 <= cloud.columns["intensity"].min() < cloud.columns["intensity"].max() <= 255
    assert set(np.unique(cloud.columns["ring"])) <= set(range(SMALL.beams))
    assert (np.diff(cloud.columns["timestamp"]) >= 0).all()
    assert len(cloud) > 0.6 * SMALL.beams * SMALL.azimuth_steps


def test_few_points_have_a_key_without_a_legend_entry(delivery, sequence):
    for frame in sequence.frames:
        keys = _mask(delivery, frame.frame_id)
        unknown = ~np.isin(keys, [entry.label_key for entry in frame.legend])
        assert 0 < unknown.mean() < 0.05
        assert set(keys[unknown]) == {0}


def test_a_class_has_one_colour_and_an_instance_its_own_text(sequence):
    colors, texts = {}, {}
    for frame in sequence.frames:
        for entry in frame.legend:
            assert colors.setdefault(entry.class_name, entry.color) == entry.color
            assert texts.setdefault(entry.label_key, entry.text) == entry.text
            assert entry.color_given
            assert (entry.text == entry.class_name) == (entry.class_name in STUFF)
    assert len(set(colors.values())) == len(colors)
    assert len(set(texts.values())) == len(texts)
    assert {"Car", "Pedestrian", "Cyclist", "Bus"} <= set(colors)


def test_pictures_have_the_size_of_their_lens_and_are_not_flat(delivery):
    for name in SMALL.cameras:
        with Image.open(delivery / "files" / "cameras" / name / "000001.jpg") as image:
            assert image.size == SMALL.image_size
            assert np.asarray(image).std() > 25


@pytest.mark.parametrize("name", SMALL.cameras)
def test_the_official_client_accepts_the_tracking_answer(delivery, name):
    models = pytest.importorskip("edgeimpulse_api.models")
    raw = (delivery / "tracking" / f"{name}.json").read_bytes()
    body = json.loads(raw)
    parsed = models.GetPostProcessingResultsForSampleResponse.parse_obj(body)
    assert parsed.results.to_dict() == body["results"]
    answer = parse_post_processing_answer(raw)
    assert answer.tracking is not None
    assert set(answer.tracking.tracked) == set(answer.tracking.detected) == set(range(SMALL.frames))


def test_the_official_client_accepts_the_impulses(delivery):
    models = pytest.importorskip("edgeimpulse_api.models")
    raw = (delivery / "impulses.json").read_bytes()
    assert _errors(models.GetAllDetailedImpulsesResponse, json.loads(raw)) == []
    impulse, *others = parse_impulses(raw).impulses
    assert [block.block_id for block in impulse.post_processing_blocks] == [5]
    assert {block.type for each in others for block in each.tracking_blocks} == {
        "object-tracking",
        "sort-object-tracking",
    }
    assert len({each.impulse_id for each in (impulse, *others)}) == 9


def test_the_impulses_have_figures_of_every_category_and_way_of_filtering(delivery):
    listed = parse_impulses((delivery / "impulses.json").read_bytes())
    assert listed.remarks == ()
    shown = {metric.category for impulse in listed.impulses for metric in impulse.metrics}
    assert shown == {keys.category for keys in listed.metric_keys_by_category} == set(CATEGORIES)
    kinds = {key.filtering_type.type for keys in listed.metric_keys_by_category for key in keys.metric_keys}
    assert kinds == set(Filtering)
    states = {note.word for impulse in listed.impulses for note in state_notes(impulse)}
    assert states >= {"complete", "stale", "not complete", "not configured"}


def test_every_detector_counts_the_classes_alike_wherever_its_background_is(delivery):
    listed = parse_impulses((delivery / "impulses.json").read_bytes()).impulses
    models = [config for impulse in listed for config in impulse.learn_block_keras_configs if config.validation]
    found = [confusion_of(each.validation[0], each.metadata) for each in models]
    places = {each.background: [(row.name, row.support) for row in each.classes] for each in found if each is not None}
    assert places[Background.FIRST] == places[Background.LAST]
    assert dict(places[Background.FIRST])["Van"] == 180


def test_the_official_client_accepts_many_made_up_impulses():
    models = pytest.importorskip("edgeimpulse_api.models")
    assert _errors(models.GetAllDetailedImpulsesResponse, made_up_impulses(impulses=20, metrics=60)) == []


def _errors(model, body):
    """Validation errors but those of the package's own broken one-of wrappers."""
    try:
        model.parse_obj(body)
    except ValueError as error:
        return [found for found in error.errors() if not _is_wrapper(found)]
    return []


def _is_wrapper(error):
    wrapped = error["loc"][-1] == "value" and error["type"] == "type_error.dict"
    return wrapped and ("metrics" in error["loc"] or "thresholds" in error["loc"])


def test_the_folder_is_laid_out_like_a_real_delivery(delivery, shared_data):
    real = Path(shared_data) / "deliveries" / "street"
    assert {path.name for path in real.iterdir()} <= {path.name for path in delivery.iterdir()}
    assert {path.name for path in (real / "files").iterdir()} == {path.name for path in (delivery / "files").iterdir()}
    for name in ("details.json", "batch.json", "job.json", "truth.json", "result.json"):
        _same_shape(json.loads((delivery / name).read_text()), json.loads((real / name).read_text()), name)


def _same_shape(ours, theirs, where):
    """Equal types and, for records, equal keys; tables keyed by frame, label key or camera may differ."""
    number = (int, float)
    assert type(ours) is type(theirs) or (isinstance(ours, number) and isinstance(theirs, number)), where
    if isinstance(theirs, dict) and where.rsplit("/", 1)[-1] not in ("frames", "label_counts", "cameras", "intrinsics"):
        assert set(ours) == set(theirs), where
        for key in theirs:
            _same_shape(ours[key], theirs[key], f"{where}/{key}")
    elif isinstance(theirs, list) and theirs:
        _same_shape(ours[-1], theirs[-1], f"{where}/item")
