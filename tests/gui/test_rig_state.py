import json
import shutil

import numpy as np

from tests.builders import FOCAL, IMAGE_SIZE, small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest


def test_a_camera_is_placed_for_the_picture_on_screen(qtbot, tmp_path):
    folder = small_delivery(tmp_path / "job", cameras=("front", "left"))
    truth = json.loads((folder / "truth.json").read_text())["frames"]
    with opened_viewer(qtbot, folder) as viewer:
        for index, frame_id in enumerate(truth):
            viewer.show_frame(index)
            rest(qtbot, viewer)
            for camera, wanted in truth[frame_id]["cameras"].items():
                placed = viewer.rig.placed(camera)
                assert (placed.name, placed.size, placed.intrinsics.fx) == (camera, IMAGE_SIZE, FOCAL)
                cloud = viewer.shown.frame.cloud
                seen = placed.relative_to(cloud.origin).project(cloud.xyz).seen
                assert np.count_nonzero(seen) == wanted["points_in_image"]


def test_a_placed_camera_is_made_once_per_frame(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        first = viewer.rig.placed("front")
        assert viewer.rig.placed("front") is first
        with qtbot.waitSignal(viewer.rig.changed):
            viewer.show_frame(1)
        assert viewer.rig.placed("front") is not first


def test_without_a_frame_a_picture_or_a_lens_no_camera_is_placed(qtbot, tmp_path):
    with opened_viewer(qtbot) as viewer:
        assert viewer.rig.placed("front") is None
    folder = small_delivery(tmp_path, cameras=("front", "left", "right"))
    shutil.rmtree(folder / "files" / "cameras" / "front")

    def without_lens(document):
        del document["sensor_data"]["sensor_meta"][2]["intrinsics"]

    edit_json(folder / "result.json", without_lens)
    with opened_viewer(qtbot, folder) as viewer:
        cameras = ("front", "left", "right", "another")
        assert [viewer.rig.placed(name) is not None for name in cameras] == [False, False, True, False]


def test_another_job_places_its_own_cameras(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "one")) as viewer:
        assert viewer.rig.placed("front") is not None
        with qtbot.waitSignal(viewer.rig.changed):
            viewer.open_path(small_delivery(tmp_path / "two", name="two", cameras=("left",)))
        qtbot.waitUntil(lambda: viewer.job.name == "two")
        rest(qtbot, viewer)
        assert viewer.rig.placed("front") is None
        assert viewer.rig.placed("left") is not None
