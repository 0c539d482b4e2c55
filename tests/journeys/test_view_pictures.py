"""From the view to a picture and from the picture back to the view: in the same window, another one, the terminal."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage

from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import Cuts
from app.errors import AppError
from app.formats.view_record import KEYWORD, read_view
from app.gui.taken_picture import PictureSize
from app.scene.guides import Guides
from app.scene.views import CameraPlacement
from tests.commands import pointproof
from tests.journeys.test_secrets import EDGE_IMPULSE_CANARY, TELUS_CANARY

pytestmark = pytest.mark.gl

PLACEMENT = CameraPlacement((-22.0, 9.5, 17.0), (2.0, 1.0, 0.25), (0.0, 0.0, 1.0))
ELSEWHERE = CameraPlacement((40.0, 0.0, 30.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
FRAME = 2


def look(desk, window, *, frame, placement, hidden=""):
    """A view as a person sets it up, drawn."""
    viewer, scene = window.viewer, window.scene_view
    viewer.show_frame(frame)
    desk.wait_for_frame(window, frame)
    viewer.appearance.show_all()
    if hidden:
        viewer.appearance.set_class_visible(hidden, visible=False)
    scene.navigation.go_to(placement)


def saved(desk, window, path, **options):
    window.view_pictures.save(path, **options)
    desk.until(lambda: path.is_file() and not window.runner.running)
    return path


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def colors_of(picture):
    """Colours that cover at least a thousandth of a picture, as shares of it."""
    colors, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    return {tuple(color): count / counts.sum() for color, count in zip(colors.tolist(), counts, strict=True)}


def share_of(picture, color):
    return float((np.abs(picture - color).max(axis=2) <= 2).mean())


@pytest.fixture
def window(desk, sandbox, delivery):
    """A window with the job open and its workspace complete."""
    window = desk.window(sandbox)
    desk.open(window, delivery)
    desk.until(lambda: window.viewer.local_frames == {0, 1, 2, 3})
    yield window
    window.close()


@pytest.fixture
def hidden(window):
    """The class of the shown frame with the most points."""
    return max(window.viewer.legend_rows(), key=lambda row: row.points).class_name


def test_a_picture_leads_back_to_frame_camera_and_what_was_hidden(desk, window, hidden, tmp_path):
    look(desk, window, frame=FRAME, placement=PLACEMENT, hidden=hidden)
    path = saved(desk, window, tmp_path / "view.png")
    look(desk, window, frame=0, placement=ELSEWHERE)
    with desk.qtbot.waitSignal(window.view_pictures.gone, timeout=30_000):
        window.open_path(path)
    desk.wait_for_frame(window, FRAME)
    assert window.scene_view.placement == PLACEMENT
    assert not window.viewer.appearance.is_class_visible(hidden)
    assert "This is the view of “view.png”: frame 3 of" in window.status_line.news


def test_the_picture_is_the_view_without_what_lies_over_it(desk, window, tmp_path):
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    picture = pixels(saved(desk, window, tmp_path / "view.png"))
    with desk.qtbot.waitSignal(window.scene_view.canvas.completed):
        window.scene_view.canvas.request_draw()
    screen = window.scene_view.canvas.widget.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(screen.constBits(), np.uint8).reshape(screen.height(), screen.bytesPerLine())
    shown = rows[:, : 3 * screen.width()].reshape(screen.height(), screen.width(), 3).astype(int)
    assert picture.shape == shown.shape
    # the soft edges of captions are drawn over themselves with each further paint of the window
    assert (np.abs(picture - shown).max(axis=2) > 2).mean() < 0.003


def test_the_terminal_draws_the_same_picture_of_the_same_view(desk, window, hidden, tmp_path, capsys):
    """Two programs with two ways to OpenGL: all but a few pixels at the edges of points are the same."""
    look(desk, window, frame=FRAME, placement=PLACEMENT, hidden=hidden)
    path = saved(desk, window, tmp_path / "view.png")
    again = tmp_path / "again.png"
    job = window.viewer.job.job_id
    code = pointproof("render", desk.workspace / job, "--view-of", path, "-o", again)
    assert code == 0, capsys.readouterr().err
    first, second = pixels(path), pixels(again)
    assert first.shape == second.shape
    differs = np.abs(first - second).max(axis=2) > 2
    assert differs.mean() < 0.002
    drawn = np.abs(first - first[0, 0]).max(axis=2) > 40
    assert drawn.mean() > 0.01  # of points, so that equal backgrounds alone prove nothing
    assert differs[drawn].mean() < 0.05


@pytest.mark.parametrize("by", [ColorBy.HEIGHT, ColorBy.INTENSITY])
def test_the_terminal_draws_a_picture_by_number_in_the_same_colours(desk, window, tmp_path, capsys, by):
    window.viewer.appearance.set_coloring(Coloring(by))
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    window.viewer.appearance.set_cuts(Cuts(ceiling=1.0))
    path = saved(desk, window, tmp_path / "view.png")
    again = tmp_path / "again.png"
    code = pointproof("render", desk.workspace / window.viewer.job.job_id, "--view-of", path, "-o", again)
    assert code == 0, capsys.readouterr().err
    first, second = pixels(path), pixels(again)
    assert (np.abs(first - second).max(axis=2) > 2).mean() < 0.002
    window.viewer.appearance.set_coloring(Coloring())
    window.viewer.appearance.set_cuts(Cuts())
    plain = pixels(saved(desk, window, tmp_path / "plain.png"))
    assert (np.abs(first - plain).max(axis=2) > 2).mean() > 0.005  # colours and cuts did make a difference
    with desk.qtbot.waitSignal(window.view_pictures.gone, timeout=30_000):
        window.open_path(path)
    assert window.viewer.appearance.coloring.by is by
    assert window.viewer.appearance.cuts == Cuts(ceiling=1.0)


def test_the_terminal_looks_through_a_camera_as_the_window_does(desk, window, tmp_path, capsys):
    camera = window.viewer.sequence.cameras[0].name
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    window.scene_view.set_view(f"camera:{camera}")
    desk.until(lambda: window.scene_view.canvas.scene.backdrop is not None)
    path = saved(desk, window, tmp_path / "view.png")
    first = pixels(path)
    size = f"{first.shape[1]}x{first.shape[0]}"
    job = desk.workspace / window.viewer.job.job_id
    ways = {
        "by name": ("--view", f"camera:{camera}", "--frame", FRAME, "--size", size),
        "by picture": ("--view-of", path),
    }
    for way, options in ways.items():
        again = tmp_path / f"{way}.png"
        assert pointproof("render", job, *options, "-o", again) == 0, capsys.readouterr().err
        assert (np.abs(first - pixels(again)).max(axis=2) > 8).mean() < 0.004, way
    assert (np.abs(first - first[0, 0]).max(axis=2) > 8).mean() > 0.5  # a picture, no even ground


def test_a_picture_from_the_terminal_opens_in_the_window(desk, window, hidden, tmp_path, capsys):
    look(desk, window, frame=0, placement=PLACEMENT)
    path, job = tmp_path / "terminal.png", desk.workspace / window.viewer.job.job_id
    options = ("--frame", FRAME, "--view", "left", "--color-by", "height", "--ceiling", 1, "--hide", hidden)
    assert pointproof("render", job, *options, "-o", path) == 0, capsys.readouterr().err
    with desk.qtbot.waitSignal(window.view_pictures.gone, timeout=30_000):
        window.open_path(path)
    desk.wait_for_frame(window, FRAME)
    appearance = window.viewer.appearance
    assert window.scene_view.view_name == "left"
    assert (appearance.coloring.by, appearance.cuts) == (ColorBy.HEIGHT, Cuts(ceiling=1.0))
    assert not appearance.is_class_visible(hidden)


def test_several_frames_and_guides_go_into_a_picture_and_come_back(desk, window, tmp_path, capsys):
    viewer, guides = window.viewer, Guides(rings=False, grid=True)
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    viewer.guides.set_guides(guides)
    viewer.neighbours.set_reach(1)
    desk.until(lambda: viewer.neighbours.stack is not None)
    desk.until(lambda: window.scene_view.drawn_index == FRAME)
    path = saved(desk, window, tmp_path / "view.png")
    again = tmp_path / "again.png"
    assert pointproof("render", desk.workspace / viewer.job.job_id, "--view-of", path, "-o", again) == 0
    assert "Drawn are 3 frames" in capsys.readouterr().err
    assert (np.abs(pixels(path) - pixels(again)).max(axis=2) > 8).mean() < 0.004
    viewer.guides.set_guides(Guides())
    viewer.neighbours.set_reach(0)
    desk.until(lambda: window.scene_view.drawn_index == FRAME)
    alone = pixels(saved(desk, window, tmp_path / "alone.png"))
    assert (np.abs(pixels(path) - alone).max(axis=2) > 8).mean() > 0.01
    with desk.qtbot.waitSignal(window.view_pictures.gone, timeout=30_000):
        window.open_path(path)
    assert viewer.guides.guides == guides
    assert viewer.neighbours.reach == 1


def test_another_window_opens_the_job_from_the_workspace_and_goes_to_the_view(desk, window, sandbox, hidden, tmp_path):
    look(desk, window, frame=FRAME, placement=PLACEMENT, hidden=hidden)
    path = saved(desk, window, tmp_path / "view.png")
    look(desk, window, frame=0, placement=ELSEWHERE)
    window.close()
    other = desk.window(sandbox)
    other.open_path(path)
    desk.wait_for_frame(other, FRAME)
    assert other.scene_view.placement == PLACEMENT
    assert not other.viewer.appearance.is_class_visible(hidden)
    other.close()


def test_dropping_a_picture_on_the_window_goes_to_its_view(desk, window, tmp_path):
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    path = saved(desk, window, tmp_path / "view.png")
    look(desk, window, frame=0, placement=ELSEWHERE)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    desk.wait_for_frame(window, FRAME)
    assert window.scene_view.placement == PLACEMENT


def test_a_job_that_is_nowhere_is_named_with_what_to_do(desk, window, sandbox, tmp_path, qtbot):
    path = saved(desk, window, tmp_path / "view.png")
    window.close()
    desk.workspace = tmp_path / "another workspace"
    other = desk.window(sandbox)
    with qtbot.waitSignal(other.viewer.problem_changed, timeout=30_000):
        other.open_path(path)
    assert "neither open nor in the workspace" in str(other.viewer.problem)
    assert "fetch it" in str(other.viewer.problem)
    assert other.viewer.job is None
    other.close()


def test_a_picture_of_something_else_leaves_the_job_as_it_is(desk, window, tmp_path, qtbot):
    path = tmp_path / "holiday.png"
    Image.new("RGB", (30, 20)).save(path)
    before = window.viewer.job
    with qtbot.waitSignal(window.viewer.problem_changed, timeout=30_000):
        window.open_path(path)
    assert isinstance(window.viewer.problem, AppError)
    assert "no view written into it" in window.status_line.news
    assert window.viewer.job is before


@pytest.mark.parametrize("size", [PictureSize.DOUBLE, PictureSize.WIDE])
def test_larger_pictures_show_the_same_in_more_pixels(desk, window, tmp_path, size):
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    small = pixels(saved(desk, window, tmp_path / "small.png"))
    large = pixels(saved(desk, window, tmp_path / "large.png", size=size))
    times = large.shape[1] / small.shape[1]
    assert large.shape[1] == (3840 if size is PictureSize.WIDE else 2 * small.shape[1])
    assert large.shape[0] == pytest.approx(times * small.shape[0], abs=1)
    compared = [color for color, share in colors_of(small).items() if share > 0.004 and max(color) > 60]
    assert compared
    for color in compared:
        assert share_of(large, color) == pytest.approx(share_of(small, color), rel=0.15)
    with desk.qtbot.waitSignal(window.scene_view.canvas.completed):
        window.scene_view.canvas.request_draw()
    after = pixels(saved(desk, window, tmp_path / "after.png"))
    assert np.array_equal(small, after)  # the view itself is as before


def test_the_strip_names_the_classes_in_their_colours_below_the_picture(desk, window, hidden, tmp_path):
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    bare = pixels(saved(desk, window, tmp_path / "bare.png"))
    whole = pixels(saved(desk, window, tmp_path / "whole.png", strip=True))
    assert whole.shape[0] > bare.shape[0]
    assert np.array_equal(whole[: bare.shape[0]], bare)
    color = next(row.color for row in window.viewer.legend_rows() if row.class_name == hidden)
    assert (np.abs(whole[bare.shape[0] :] - color).max(axis=2) <= 2).sum() >= 100
    window.viewer.appearance.set_class_visible(hidden, visible=False)
    less = pixels(saved(desk, window, tmp_path / "less.png", strip=True))
    assert (np.abs(less[bare.shape[0] :] - color).max(axis=2) <= 2).sum() == 0


def test_the_clipboard_gets_an_image_and_a_file_that_carries_the_view(desk, window, qtbot):
    look(desk, window, frame=FRAME, placement=PLACEMENT)
    window.view_pictures.copy()
    desk.until(lambda: window.status_line.news == "Copied the picture of the view.")
    data = QGuiApplication.clipboard().mimeData()
    record = read_view(io.BytesIO(bytes(data.data("image/png").data())))
    assert record.frame == FRAME
    assert record.job_id == window.viewer.job.job_id
    image = data.imageData()
    assert (image.width(), image.height()) == record.size
    QGuiApplication.clipboard().clear()


def test_no_key_address_or_folder_is_written_into_a_picture(desk, delivery, tmp_path, home):
    from app.sandbox.server import Sandbox

    with Sandbox([delivery], telus_key=TELUS_CANARY, edge_impulse_key=EDGE_IMPULSE_CANARY) as sandbox:
        window = desk.window(sandbox)
        desk.open(window, delivery)
        path = saved(desk, window, tmp_path / "view.png", strip=True)
        scan = window.viewer.shown.frame.record.scan_url
        window.close()
    text = Image.open(path).text[KEYWORD]
    record = json.loads(text)
    assert record["cloud"] == scan.partition("?")[0].rpartition("/")[2]
    assert record["project_id"]
    for secret in (TELUS_CANARY, EDGE_IMPULSE_CANARY, "CANARY", "://", "Signature", "?", str(tmp_path), str(home), "/"):
        assert secret not in text, secret
        assert secret.encode() not in path.read_bytes() or len(secret) < 4


def test_without_a_job_there_is_nothing_to_take_and_a_sentence_says_so(desk, sandbox):
    window = desk.window(sandbox)
    window.view_pictures.copy()
    assert "Open a job" in str(window.viewer.problem)
    window.close()
