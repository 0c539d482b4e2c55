import pytest
from PySide6.QtGui import QColor

from app.domain.sequence import Frame, SequenceFrame
from app.gui.shown_frame import Picture, ShownFrame, load_frame, load_picture, look_at
from app.jobs import open_path
from app.progress import Cancelled, Progress
from tests.builders import small_delivery


@pytest.fixture
def job(tmp_path):
    return open_path(small_delivery(tmp_path / "delivery", frames=2, cameras=("front", "left")))


def shown(index: int) -> ShownFrame:
    return ShownFrame(Frame(index, SequenceFrame(str(index), "", ""), None, None), None)


def test_a_picture_has_the_pixels_of_its_file(job):
    picture = load_picture(job, 0, "front")
    pixels = job.load_image(0, "front")
    height, width, _ = pixels.shape
    assert (picture.image.width(), picture.image.height()) == (width, height)
    for x, y in ((0, 0), (width - 1, height - 1), (width // 3, height // 2)):
        assert QColor(picture.image.pixel(x, y)).getRgb()[:3] == tuple(pixels[y, x].tolist())


def test_a_damaged_picture_says_what_is_wrong_with_it(job, tmp_path):
    path = next((tmp_path / "delivery" / "files" / "cameras" / "front").glob("000000.*"))
    path.write_bytes(path.read_bytes()[:60])
    picture = load_picture(job, 0, "front")
    assert picture.image is None
    assert len(picture.problem) > 10
    assert load_frame(job, 0, Progress()).pictures["left"].image is not None


def test_loading_stops_when_it_is_cancelled(job):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        load_frame(job, 0, progress)


def test_a_look_tells_which_frames_are_here(job, tmp_path):
    (tmp_path / "delivery" / "files" / "lidar" / "000001.pcd").unlink()
    opened = look_at(job)
    assert opened.local_frames == {0}
    assert not opened.whole


def test_a_frame_that_lacks_a_picture_is_incomplete():
    frame = shown(0)
    assert frame.complete
    assert not ShownFrame(frame.frame, None, {"front": Picture("front", problem="gone")}).complete


def test_a_picture_brings_itself_at_half_its_size_for_small_views(tmp_path):
    job = open_path(small_delivery(tmp_path / "delivery", frames=1))
    picture = load_picture(job, 0, job.cameras[0])
    assert (picture.half.width(), picture.half.height()) == (picture.image.width() // 2, picture.image.height() // 2)
    assert picture.bytes == picture.image.sizeInBytes() + picture.half.sizeInBytes()
