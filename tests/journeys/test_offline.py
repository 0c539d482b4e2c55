"""A job is opened once through the services and then again without them."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.sandbox.server import Sandbox

pytestmark = pytest.mark.gl


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].copy()


def pictures_of_every_frame(desk, window) -> list[dict[str, np.ndarray]]:
    taken = []
    for index in range(len(window.viewer.sequence)):
        window.viewer.show_frame(index)
        desk.wait_for_frame(window, index)
        desk.until(lambda: all(window.viewer.alignment.explained(view.camera) for view in window.camera_area.views))
        views = {view.camera: pixels(view.grab().toImage()) for view in window.camera_area.views}
        taken.append({"3d": pixels(window.scene_view.picture()), **views})
    return taken


def test_a_job_seen_once_looks_the_same_with_the_services_gone(desk, delivery):
    with Sandbox([delivery]) as sandbox:
        window = desk.window(sandbox)
        desk.open(window, delivery)
        desk.link(window)
        online = pictures_of_every_frame(desk, window)
        window.close()
        sandbox.forget_requests()
        urls = sandbox
    again = desk.window(urls)
    desk.open(again, delivery)
    desk.until(lambda: bool(again.viewer.tracks))
    offline = pictures_of_every_frame(desk, again)
    assert urls.requests == ()
    assert len(online) == len(offline) == 4
    for before, after in zip(online, offline, strict=True):
        assert set(before) == {"3d", "front", "left"}
        for name, picture in before.items():
            assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10, f"{name} shows something"
            assert np.array_equal(picture, after[name]), name
    assert not all(np.array_equal(online[0][name], online[1][name]) for name in online[0])
    again.close()


def test_a_job_opened_a_second_time_makes_no_request(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    sandbox.forget_requests()
    desk.open(window, delivery)
    assert sandbox.requests == ()
    window.close()
