"""Folders of public datasets in the window's viewer."""

from app.domain.tracking import Box
from tests.gui.opened_viewer import opened_viewer, rest
from tests.jobs.dataset_folders import kitti_tracking, label_keys, mot, semantic_kitti


def test_a_semantic_kitti_sequence_shows_its_classes_with_their_instances(qtbot, tmp_path):
    with opened_viewer(qtbot, semantic_kitti(tmp_path / "00")) as viewer:
        rows = {row.text: row for row in viewer.legend_rows()}
        assert {instance.text for instance in rows["car"].instances} == {"car", "car # 4", "car # 9"}
        assert rows["car"].points == sum(key & 0xFFFF == 10 for key in label_keys(0).tolist())
        assert viewer.shown.pictures["image_2"].image is not None
        assert {row.text for row in viewer.legend_rows() if row.points} == {
            "Without a legend",
            "unlabeled",
            "car",
            "road",
        }


def test_tracks_of_a_dataset_lie_over_its_pictures(qtbot, tmp_path):
    with opened_viewer(qtbot, kitti_tracking(tmp_path)) as viewer:
        assert viewer.boxes["image_02"].tracked == (Box(10, 5, 20, 30, label="Car", track_id=0),)
        assert viewer.shown.pictures["image_02"].image is not None
        viewer.show_frame(1)  # has neither picture nor point cloud
        rest(qtbot, viewer)
        assert viewer.boxes["image_02"].tracked == (Box(11, 5, 20, 30, label="Car", track_id=0),)
        assert len(viewer.tracks) == 2


def test_a_job_without_any_point_cloud_shows_its_pictures(qtbot, tmp_path):
    with opened_viewer(qtbot, mot(tmp_path / "street")) as viewer:
        assert viewer.shown.frame.cloud is None
        assert viewer.shown.pictures["img1"].image is not None
        viewer.show_frame(1)
        rest(qtbot, viewer)
        assert [box.score for box in viewer.boxes["img1"].detected] == [0.9, 0.4]
