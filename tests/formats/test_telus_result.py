import contextlib
import copy
import json

import numpy as np
import pytest
from hypothesis import given

from app.checks.integrity import check_sequence
from app.domain.camera import CameraModel
from app.domain.finding import Severity
from app.errors import DocumentFormatError, ServiceError
from app.formats.telus import parse_result
from tests.formats.json_changes import with_one_change

IDENTITY = {"heading": {"w": 1, "x": 0, "y": 0, "z": 0}, "position": {"x": 0, "y": 0, "z": 0}}
LENS = {"cx": 950, "cy": 500, "fx": 1000, "fy": 1050, "k1": 0.31, "k2": -0.024, "p1": -0.0004, "p2": 0.0002}


def annotation(key, label="Car", *, text=None, frame_id="0", color="rgb(71, 153, 193)", **more):
    return {
        "_id": f"a{key}",
        "_isStationary": False,
        "attributes": {},
        "class_id": f"class-{label}",
        "color": color,
        "frame_id": frame_id,
        "grouping_config": None,
        "label": label,
        "label_key": key,
        "sensor_id": "",
        "text": label if text is None else text,
        "track_id": f"track-{key}",
        "type": "segmentation3d",
        **more,
    }


def mask(frame_id="0", sensor_id="top", label_url=None, url="", **more):
    address = f"https://store.example/masks/{frame_id}.txt" if label_url is None else label_url
    return {
        "frame_id": frame_id,
        "label_url": address,
        "sensor_id": sensor_id,
        "type": "segmentation3d",
        "url": url,
        **more,
    }


def sensor(sensor_id, url, pose=IDENTITY, **more):
    return {"sensor_id": sensor_id, "data_url": url, "original_url": url, "sensor_pose": pose, **more}


def frame(frame_id="0", *sensors):
    listed = sensors or (
        sensor("top", f"https://store.example/lidar/{frame_id}.pcd"),
        sensor("front", f"https://store.example/front/{frame_id}.jpg"),
    )
    return {"frame_id": frame_id, "ego_pose": IDENTITY, "sensors": list(listed)}


METAS = [
    {"id": "top", "name": "top", "modality": "lidar", "primary_view": True, "state": "editable"},
    {"id": "front", "name": "front", "modality": "camera", "camera_model": "brown_conrady", "intrinsics": LENS},
]


def result(*, annotations=None, frames=None, masks=None, metas=METAS, annotated=None, types=()):
    frames = [frame()] if frames is None else frames
    return {
        "annotation_data": {
            "annotations": [annotation(1)] if annotations is None else annotations,
            "frames": [{"_id": each["frame_id"]} for each in frames] if annotated is None else annotated,
            "groups": None,
            "masks": [mask(each["frame_id"]) for each in frames] if masks is None else masks,
            "sensors": list(types),
            "tracks": [],
        },
        "sensor_data": {"frames": frames, "sensor_meta": metas},
    }


def read(document=None, **parts):
    return parse_result(json.dumps(result(**parts) if document is None else document).encode())


def rules(sequence):
    return [finding.rule for finding in sequence.findings]


def message(sequence, rule):
    return " ".join(finding.message for finding in sequence.findings if finding.rule == rule)


# the shape of the service's own sample: two sensors of one id, the camera joined by name, no lidar in the frame
SAMPLE = {
    "annotation_data": {
        "annotations": [annotation(1, "Vehicle")],
        "frames": [{"_id": "0"}],
        "groups": None,
        "masks": [mask(sensor_id="18158562", label_url="https://xyz.s3.com/123.txt")],
        "sensors": [{"sensor_id": "18158562", "sensor_type": "CAMERA"}],
        "tracks": [{"_id": "track-1", "attributes": None, "label": "", "label_id": None, "state": "", "type": ""}],
    },
    "sensor_data": {
        "frames": [
            {
                "ego_pose": {
                    "heading": {"w": 0.979, "x": 0, "y": -0.02, "z": 0.202},
                    "position": {"x": -40, "y": -8, "z": -1},
                },
                "frame_id": "0",
                "sensors": [
                    {
                        "data_url": "https://xyz.s3.com/123",
                        "original_url": "https://xyz.s3.com/123.jpg",
                        "sensor_id": "front_center_rgb",
                        "sensor_pose": {
                            "heading": {"w": 0.98, "x": 0, "y": -0.05, "z": 0.189},
                            "position": {"x": -40, "y": -8, "z": -1},
                        },
                    }
                ],
            }
        ],
        "sensor_meta": [
            {
                "camera_model": "brown_conrady",
                "id": "18158562",
                "intrinsics": {**LENS, "k3": 0.0017, "k4": 0, "scale_factor": 0, "skew": 0},
                "modality": "camera",
                "name": "front_center_rgb",
                "primary_view": False,
                "state": "editable",
            },
            {"id": "18158562", "modality": "lidar", "name": "front_lidar", "primary_view": True, "state": "editable"},
        ],
    },
}


def test_a_plain_job_gives_frames_with_scan_mask_images_and_legend():
    sequence = read(frames=[frame("0"), frame("1")], annotations=[annotation(1), annotation(2, "Bus", frame_id="1")])
    assert [each.frame_id for each in sequence.frames] == ["0", "1"]
    first = sequence.frames[0]
    assert first.scan_url == "https://store.example/lidar/0.pcd"
    assert first.mask_url == "https://store.example/masks/0.txt"
    assert [(image.camera, image.url) for image in first.images] == [("front", "https://store.example/front/0.jpg")]
    assert first.legend.name(1) == "Car"
    assert sequence.findings == ()


def test_the_outer_data_makes_no_difference():
    document = result()
    assert read({"data": document, "success": True}).frames[0].urls == read(document).frames[0].urls


def test_a_mask_whose_sensor_is_called_a_camera_is_still_the_point_clouds():  # odd 2
    sequence = read(SAMPLE)
    assert sequence.frames[0].mask_url == "https://xyz.s3.com/123.txt"


def test_two_sensors_of_one_id_are_both_kept():  # odd 3
    sequence = read(SAMPLE)
    assert [camera.name for camera in sequence.cameras] == ["front_center_rgb"]
    assert "“front_center_rgb” and lidar “front_lidar”" in message(sequence, "sensor.duplicate-id")


def test_files_of_two_sensors_of_one_id_go_to_the_kind_they_look_like():  # odd 3
    document = copy.deepcopy(SAMPLE)
    document["sensor_data"]["frames"][0]["sensors"] = [
        sensor("18158562", "https://xyz.s3.com/1.pcd"),
        sensor("18158562", "https://xyz.s3.com/1.jpg"),
    ]
    record = read(document).frames[0]
    assert record.scan_url == "https://xyz.s3.com/1.pcd"
    assert [image.url for image in record.images] == ["https://xyz.s3.com/1.jpg"]


def test_files_of_one_id_that_look_like_nothing_are_shared_out_in_order():  # odd 3
    document = copy.deepcopy(SAMPLE)
    document["sensor_data"]["frames"][0]["sensors"] = [
        sensor("18158562", "https://a/1"),
        sensor("18158562", "https://a/2"),
    ]
    record = read(document).frames[0]
    assert (record.images[0].url, record.scan_url) == ("https://a/1", "https://a/2")


def test_a_sensor_joined_by_name_is_found_and_told():  # odd 4
    sequence = read(SAMPLE)
    assert sequence.frames[0].images[0].camera == "front_center_rgb"
    (finding,) = [each for each in sequence.findings if each.rule == "sensor.joined-by-name"]
    assert finding.severity is Severity.INFO
    assert "front_center_rgb" in finding.message


def test_an_exact_id_wins_over_another_sensors_name():  # odd 4
    metas = [METAS[0], {**METAS[1], "id": "a", "name": "b"}, {**METAS[1], "id": "b", "name": "c"}]
    sequence = read(metas=metas, frames=[frame("0", sensor("b", "https://a/1.jpg"))])
    assert sequence.frames[0].images[0].camera == "c"


def test_a_frame_without_a_lidar_has_no_scan_and_says_so():  # odd 5
    sequence = read(SAMPLE)
    assert sequence.frames[0].scan_url == ""
    (finding,) = [each for each in sequence.findings if each.rule == "scan.missing"]
    assert (finding.severity, finding.frame_id) == (Severity.ERROR, "0")


def test_frame_ids_are_text_and_keep_the_order_of_the_sensor_data():  # odd 6
    ids = ["10", "2", "0001", "frame001", "1"]
    sequence = read(frames=[frame(each) for each in ids], masks=[mask(each) for each in sorted(ids)])
    assert [each.frame_id for each in sequence.frames] == ids
    assert [each.mask_url for each in sequence.frames] == [f"https://store.example/masks/{each}.txt" for each in ids]


def test_numeric_frame_ids_join_with_text_ones():  # odd 6
    document = result(masks=[mask("7")], annotations=[annotation(1, frame_id="7")])
    document["sensor_data"]["frames"][0]["frame_id"] = 7
    document["annotation_data"]["frames"] = [{"_id": 7}]
    record = read(document).frames[0]
    assert (record.frame_id, record.mask_url) == ("7", "https://store.example/masks/7.txt")
    assert len(record.legend) == 1


@pytest.mark.parametrize("attributes", [{}, [], None, {"Name": {"value": "x", "state": "editable"}}])
def test_empty_shells_beside_an_annotation_are_ignored(attributes):  # odd 7
    odd = annotation(1, attributes=attributes, sensor_id="", grouping_config={"x": [1]})
    assert read(annotations=[odd]).frames[0].legend.name(1) == "Car"


def test_the_text_names_the_instance_and_the_label_the_class():  # odd 8
    (entry,) = read(annotations=[annotation(4, "MINIVAN", text="MINIVAN # 1", value="MINIVAN #1")]).frames[0].legend
    assert (entry.text, entry.class_name) == ("MINIVAN # 1", "MINIVAN")


@pytest.mark.parametrize("instance", ["MINIVAN # 1", "MINIVAN #1", "MINIVAN"])
def test_without_a_label_the_class_is_read_from_the_text(instance):  # odd 8
    (entry,) = read(annotations=[annotation(4, "", text=instance)]).frames[0].legend
    assert entry.class_name == "MINIVAN"


@pytest.mark.parametrize("color", ["rgb(71, 153, 193)", "rgb(71,153,193)", "#4799c1", "rgba(71, 153, 193, 0.3)"])
def test_a_colour_is_read_in_every_form(color):  # odd 9
    (entry,) = read(annotations=[annotation(1, color=color)]).frames[0].legend
    assert (entry.color, entry.color_given) == ((71, 153, 193), True)


@pytest.mark.parametrize("color", ["", None, "rgb(300,0,0)", "blue", 7])
def test_an_unreadable_colour_is_replaced_and_told(color):  # odd 9
    sequence = read(annotations=[annotation(1, color=color)])
    (entry,) = sequence.frames[0].legend
    assert not entry.color_given
    assert rules(sequence) == ["legend.invalid-colour"]


@pytest.mark.parametrize(
    ("label_url", "url"),
    [("https://a/m", ""), ("", "https://a/m"), (None, "https://a/m"), ("https://a/m", "https://b")],
)
def test_the_mask_is_where_either_address_says(label_url, url):  # odd 10
    document = result(masks=[{**mask(), "label_url": label_url, "url": url}])
    assert read(document).frames[0].mask_url == "https://a/m"


def test_an_empty_track_does_not_take_the_name_from_its_annotation():  # odd 11
    (entry,) = read(SAMPLE).frames[0].legend
    assert (entry.text, entry.track_id, entry.class_id) == ("Vehicle", "track-1", "class-Vehicle")


def test_label_keys_without_an_annotation_are_no_matter_of_the_document():  # odd 12
    legend = read(SAMPLE).frames[0].legend
    assert [entry.label_key for entry in legend] == [1]
    assert legend.get(58) is None


def test_quaternions_are_normalised():  # odd 13
    sequence = read(SAMPLE)
    pose, ego = sequence.frames[0].images[0].pose, sequence.frames[0].world_from_ego
    for rotation in (pose.rotation, ego.rotation):
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert ego.position.tolist() == pose.position.tolist() == [-40, -8, -1]


def test_a_seven_coefficient_lens_is_filled_up_with_zeros():  # odd 13
    lens = read(SAMPLE).cameras[0].intrinsics
    assert lens.model is CameraModel.BROWN_CONRADY
    assert lens.distortion == (0.31, -0.024, -0.0004, 0.0002, 0.0017, 0, 0, 0)


def test_a_scale_factor_of_zero_changes_nothing_and_is_not_told():  # odd 13
    sequence = read(SAMPLE)
    assert (sequence.cameras[0].intrinsics.fx, sequence.cameras[0].intrinsics.cx) == (1000, 950)
    assert sequence.cameras[0].scale_factor == 1
    assert "camera.scale-factor" not in rules(sequence)


def test_another_scale_factor_is_told_and_leaves_the_numbers():
    metas = [METAS[0], {**METAS[1], "intrinsics": {**LENS, "scale_factor": 2}}]
    sequence = read(metas=metas)
    assert (sequence.cameras[0].intrinsics.fx, sequence.cameras[0].scale_factor) == (1000, 2)
    assert "smaller by 2" in message(sequence, "camera.scale-factor")


def test_ids_are_found_under_each_of_their_names():  # odd 14
    sequence = read(SAMPLE)
    assert (sequence.cameras[0].sensor_id, sequence.frames[0].frame_id) == ("18158562", "0")


def test_any_host_is_accepted_as_it_stands():  # odd 15
    assert read(SAMPLE).frames[0].mask_url == "https://xyz.s3.com/123.txt"
    odd = "s3://bucket/a b?x=%2F+&y=ü#z"
    assert read(masks=[mask(label_url=odd)]).frames[0].mask_url == odd


def test_page_chrome_around_the_document_is_no_document():  # odd 16, and odd 1
    body = json.dumps(SAMPLE).encode()
    with pytest.raises(DocumentFormatError, match="more text after its end"):
        parse_result(body + b"\n{% endtab %}")
    with pytest.raises(DocumentFormatError, match="a comment"):
        parse_result(b'{"annotation_data": {}, //the annotations\n "sensor_data": {}}')


@pytest.mark.parametrize("value", [0.0, None, "x"])
def test_a_heading_without_length_gives_no_pose_and_is_told(value):
    pose = {"heading": {"w": value, "x": 0, "y": 0, "z": 0}, "position": {"x": 1, "y": 2, "z": 3}}
    sequence = read(frames=[frame("0", sensor("front", "https://a/1.jpg", pose))])
    assert sequence.frames[0].images[0].pose is None
    assert "camera “front”" in message(sequence, "pose.invalid")


@pytest.mark.parametrize("pose", [None, {}, [], "", {"heading": {}, "position": None}])
def test_an_absent_pose_is_nothing_to_tell(pose):
    sequence = read(frames=[{**frame(), "ego_pose": pose}])
    assert sequence.frames[0].world_from_ego is None
    assert sequence.findings == ()


def test_the_same_oddity_in_many_frames_is_one_finding():
    bad = {"heading": {"w": 0, "x": 0, "y": 0, "z": 0}, "position": {"x": 0, "y": 0, "z": 0}}
    sequence = read(frames=[{**frame(str(index)), "ego_pose": bad} for index in range(40)])
    (finding,) = sequence.findings
    assert "40 frames" in finding.message
    assert finding.frame_id == ""


def test_a_fisheye_lens_keeps_its_four_coefficients():
    lens = {"cx": 1, "cy": 2, "fx": 3, "fy": 4, "k1": 0.1, "k2": 0.2, "k3": 0.3, "k4": 0.4, "p1": 9, "skew": 0.5}
    metas = [METAS[0], {**METAS[1], "camera_model": "fisheye", "intrinsics": lens}]
    (camera,) = read(metas=metas).cameras
    assert camera.intrinsics.model is CameraModel.FISHEYE
    assert (camera.intrinsics.distortion, camera.intrinsics.skew) == ((0.1, 0.2, 0.3, 0.4), 0.5)


@pytest.mark.parametrize("model", [None, "", "brown_conrady", "BROWN_CONRADY"])
def test_a_lens_without_a_model_is_brown_conrady(model):
    (camera,) = read(metas=[METAS[0], {**METAS[1], "camera_model": model}]).cameras
    assert camera.intrinsics.model is CameraModel.BROWN_CONRADY


def test_an_unknown_lens_model_is_not_guessed():
    sequence = read(metas=[METAS[0], {**METAS[1], "camera_model": "mei"}])
    assert sequence.cameras[0].intrinsics is None
    assert rules(sequence) == ["camera.unknown-model"]


@pytest.mark.parametrize("change", [{"fx": 0}, {"fy": -1}, {"cx": None}, {"fx": "wide"}])
def test_a_lens_that_cannot_project_is_left_out_and_told(change):
    sequence = read(metas=[METAS[0], {**METAS[1], "intrinsics": {**LENS, **change}}])
    assert sequence.cameras[0].intrinsics is None
    assert rules(sequence) == ["camera.invalid-intrinsics"]


def test_a_single_frame_may_stand_without_a_list():
    document = result(masks=[mask("7")], annotations=[annotation(1, frame_id="7")], annotated=[{"_id": "7"}])
    (only,) = document["sensor_data"].pop("frames")
    document["sensor_data"] |= {"ego_pose": {}, "sensors": only["sensors"]}
    (record,) = read(document).frames
    assert (record.frame_id, record.scan_url) == ("7", "https://store.example/lidar/0.pcd")
    assert record.mask_url == "https://store.example/masks/7.txt"
    assert len(record.legend) == 1


def test_a_single_frame_that_nobody_names_is_frame_0():
    document = {
        "annotation_data": {"masks": [mask("")]},
        "sensor_data": {"sensors": frame()["sensors"], "sensor_meta": METAS},
    }
    (record,) = read(document).frames
    assert (record.frame_id, record.mask_url) == ("0", "https://store.example/masks/.txt")


def test_without_sensor_data_the_annotated_frames_are_listed():
    document = result(frames=[frame("a"), frame("b")])
    del document["sensor_data"]
    sequence = read(document)
    assert [each.frame_id for each in sequence.frames] == ["a", "b"]
    assert rules(sequence) == ["scan.missing", "scan.missing"]


@pytest.mark.parametrize("nothing", [None, {}, [], ""])
def test_a_job_without_any_frame_opens_and_says_so(nothing):
    sequence = read({"annotation_data": nothing, "sensor_data": nothing})
    assert len(sequence) == 0
    assert rules(sequence) == ["sequence.empty"]


@pytest.mark.parametrize("masks", [None, [], {}, ""])
def test_a_job_without_masks_opens_and_says_so(masks):
    document = result()
    document["annotation_data"]["masks"] = masks
    sequence = read(document)
    assert sequence.frames[0].mask_url == ""
    assert rules(sequence) == ["mask.missing"]


def test_masks_of_other_kinds_are_not_taken():
    sequence = read(masks=[mask(type="segmentation")])
    assert rules(sequence) == ["mask.missing"]


def test_a_mask_without_a_type_is_taken():
    assert read(masks=[{**mask(), "type": None}]).frames[0].mask_url


def test_of_several_masks_the_one_of_the_lidar_is_taken():
    sequence = read(
        masks=[mask(sensor_id="front", label_url="https://a/1"), mask(sensor_id="top", label_url="https://a/2")]
    )
    assert sequence.frames[0].mask_url == "https://a/2"
    assert [(each.rule, each.severity) for each in sequence.findings] == [("mask.several", Severity.INFO)]


def test_of_several_masks_of_nobody_the_first_is_taken_with_a_warning():
    sequence = read(masks=[mask(sensor_id="", label_url="https://a/1"), mask(sensor_id="", label_url="https://a/2")])
    assert sequence.frames[0].mask_url == "https://a/1"
    assert [(each.rule, each.severity) for each in sequence.findings] == [("mask.several", Severity.WARNING)]


def test_one_mask_listed_twice_is_no_choice():
    assert read(masks=[mask(), mask()]).findings == ()


def test_an_empty_mask_beside_a_filled_one_is_no_choice():
    sequence = read(masks=[mask(label_url=""), mask(label_url="https://a/2")])
    assert sequence.frames[0].mask_url == "https://a/2"
    assert sequence.findings == ()


def test_of_several_lidars_the_masks_own_is_taken():
    metas = [*METAS, {"id": "rear", "name": "rear", "modality": "LIDAR"}]
    frames = [frame("0", sensor("top", "https://a/top"), sensor("rear", "https://a/rear"))]
    assert read(metas=metas, frames=frames, masks=[mask(sensor_id="rear")]).frames[0].scan_url == "https://a/rear"
    primary = read(metas=metas, frames=frames, masks=[mask(sensor_id="")])
    assert primary.frames[0].scan_url == "https://a/top"
    assert "“top”" in message(primary, "scan.several")


def test_masks_of_frames_without_sensor_data_are_told():
    sequence = read(masks=[mask("0"), mask("8"), mask("9")])
    assert "“8” and “9”" in message(sequence, "frame.without-sensors")


def test_a_mask_without_a_frame_is_told_where_there_is_a_choice():
    sequence = read(frames=[frame("0"), frame("1")], masks=[mask("0"), mask("")])
    assert "mask.without-frame" in rules(sequence)


def test_a_frame_listed_twice_counts_once():
    sequence = read(frames=[frame("0"), frame("0", sensor("top", "https://a/other"))])
    assert [each.scan_url for each in sequence.frames] == ["https://store.example/lidar/0.pcd"]
    assert rules(sequence) == ["frame.repeated"]


def test_frames_without_ids_are_kept_apart():
    document = result(frames=[frame("0"), frame("1")], masks=[])
    for each in document["sensor_data"]["frames"]:
        each["frame_id"] = None
    sequence = read(document)
    assert len({each.frame_id for each in sequence.frames}) == 2
    assert "frame.unnamed" in rules(sequence)


def test_a_sensor_listed_twice_in_a_frame_counts_once():
    sequence = read(frames=[frame("0", sensor("top", "https://a/1"), sensor("top", "https://a/2"))])
    assert sequence.frames[0].scan_url == "https://a/1"
    assert rules(sequence) == ["sensor.repeated"]


@pytest.mark.parametrize(
    ("types", "ending", "scan", "images"),
    [
        ([], ".pcd?x=1", True, 0),
        ([], ".JPG", False, 1),
        ([{"sensor_id": "new", "sensor_type": "LIDAR"}], "", True, 0),
        ([{"sensor_id": "new", "sensor_type": "CAMERA"}], "", False, 1),
        ([], "", False, 0),
    ],
)
def test_a_sensor_without_description_is_what_its_files_or_annotations_say(types, ending, scan, images):
    sequence = read(frames=[frame("0", sensor("new", "https://a/1" + ending))], metas=None, types=types)
    assert bool(sequence.frames[0].scan_url) == scan
    assert len(sequence.frames[0].images) == images
    assert len(sequence.cameras) == images
    assert "sensor.unlisted" in rules(sequence)


def test_cameras_of_one_name_are_told_apart():
    metas = [METAS[0], {**METAS[1], "id": "l", "name": "cam"}, {**METAS[1], "id": "r", "name": "cam"}]
    sequence = read(metas=metas, frames=[frame("0", sensor("r", "https://a/r.jpg"), sensor("l", "https://a/l.jpg"))])
    assert [camera.name for camera in sequence.cameras] == ["cam (l)", "cam (r)"]
    assert {image.camera: image.url for image in sequence.frames[0].images} == {
        "cam (r)": "https://a/r.jpg",
        "cam (l)": "https://a/l.jpg",
    }


def test_the_original_address_stands_in_for_a_missing_copy():
    files = [sensor("top", "https://a/1.pcd"), {**sensor("front", "https://a/1.jpg"), "data_url": ""}]
    assert read(frames=[frame("0", *files)]).frames[0].images[0].url == "https://a/1.jpg"


def test_a_legend_of_the_frame_itself_comes_first():
    notes = [
        annotation(1, "Car", frame_id="0"),
        annotation(1, "Bus", frame_id="1"),
        annotation(2, "Tree", frame_id="1"),
    ]
    sequence = read(frames=[frame("0"), frame("1")], annotations=notes)
    assert [sequence.frames[index].legend.name(1) for index in (0, 1)] == ["Car", "Bus"]
    assert sequence.frames[0].legend.name(2) == "Tree"
    assert "1 (“Car” and “Bus”)" in message(sequence, "legend.conflict")


def test_a_key_that_other_frames_disagree_about_is_not_borrowed():
    notes = [annotation(1, "Car", frame_id="0"), annotation(1, "Bus", frame_id="1")]
    sequence = read(frames=[frame("0"), frame("1"), frame("2")], annotations=notes)
    assert sequence.frames[2].legend.get(1) is None


def test_annotations_without_a_frame_count_for_all():
    sequence = read(frames=[frame("0"), frame("1")], annotations=[annotation(1, frame_id="")])
    assert [each.legend.name(1) for each in sequence.frames] == ["Car", "Car"]


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (annotation(1, "Bus"), "“Car” and “Bus”"),
        (annotation(1, "Car", text="Car # 2"), "“Car” and “Car # 2”"),
        (annotation(1, "Car", color="rgb(0, 0, 0)"), "two colours"),
    ],
)
def test_a_key_with_two_meanings_in_one_frame_is_told(second, told):
    sequence = read(annotations=[annotation(1, "Car"), second])
    (entry,) = sequence.frames[0].legend
    assert (entry.text, entry.color) == ("Car", (71, 153, 193))
    assert told in message(sequence, "legend.conflict")
    assert sequence.findings[0].frame_id == "0"


def test_a_key_listed_twice_with_one_meaning_is_fine():
    sequence = read(annotations=[annotation(1, track_id="a"), annotation(1, track_id="b")])
    assert (len(sequence.frames[0].legend), sequence.findings) == (1, ())


@pytest.mark.parametrize("key", [0, -1, 255, 65_536, 4.0, "4"])
def test_any_whole_label_key_is_a_label_key(key):
    (entry,) = read(annotations=[annotation(key)]).frames[0].legend
    assert entry.label_key == int(key)


@pytest.mark.parametrize("key", [None, "x", 1.5, True, [1], 10**30])
def test_an_annotation_without_a_whole_label_key_is_told(key):
    sequence = read(annotations=[annotation(key)])
    assert len(sequence.frames[0].legend) == 0
    assert rules(sequence) == ["legend.bad-label-key"]


def test_annotations_of_other_kinds_are_not_in_the_legend():
    sequence = read(annotations=[annotation(None, type="cuboid"), annotation(1)])
    assert (len(sequence.frames[0].legend), sequence.findings) == (1, ())


def test_entries_that_are_no_records_are_counted():
    sequence = read(annotations=[annotation(1), 7, None, "x"], masks=[mask(), []])
    assert "3 entries" in message(sequence, "document.odd-entries")


def older(**changes):
    entry = {"id": "x", "text": "MINIVAN # 1", "color": "rgb(1,2,3)", "label_key": 0, "value": "MINIVAN #1"}
    return {"legend": [entry], "url": "https://store.example/labels.pcd", **changes}


@pytest.mark.parametrize("wrap", [lambda body: body, lambda body: {"data": body}])
def test_the_older_form_is_one_frame_whose_cloud_carries_the_mask(wrap):
    (record,) = read(wrap(older())).frames
    assert record.scan_url == record.mask_url == "https://store.example/labels.pcd"
    (entry,) = record.legend
    assert (entry.label_key, entry.text, entry.class_name, entry.color) == (0, "MINIVAN # 1", "MINIVAN", (1, 2, 3))


def test_the_older_form_without_an_address_opens_and_says_so():
    assert rules(read(older(url=None))) == ["scan.missing", "mask.missing"]


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "neither annotation_data nor sensor_data"),
        ({"data": {"job_id": "1", "result": "https://a"}, "success": True}, "answer about a job"),
        ({"data": {"batches": []}}, "list of batches"),
        ({"data": {"jobs": []}}, "list of jobs"),
        ({"data": {"annotations": {"rectangles": []}, "image_url": "x"}}, "image job"),
        ({"data": {"video_data": {}}}, "video job"),
        ({"legend": {"#03f561": "car # 4"}, "url": "https://a/m.png"}, "image segmentation"),
    ],
)
def test_other_documents_are_named_for_what_they_are(document, named):
    with pytest.raises(DocumentFormatError, match=named):
        read(document)


def test_an_error_in_the_place_of_a_result_is_the_services():
    with pytest.raises(ServiceError, match="could not be accessed") as caught:
        read({"success": False, "error": {"code": "FS_0007", "message": "Attachment could not be accessed."}})
    assert caught.value.code == "FS_0007"


@given(with_one_change(SAMPLE))
def test_any_oddity_is_read_or_refused_in_words(document):
    with contextlib.suppress(DocumentFormatError, ServiceError):
        sequence = read(document)
        assert len({frame.frame_id for frame in sequence.frames}) == len(sequence)
        assert all(finding.message for finding in check_sequence(sequence))


def test_the_services_own_sample_opens(shared_data):
    path = shared_data.parent / "api" / "samples" / "telus_result.json"
    if not path.is_file():
        pytest.skip("the service's samples are not beside the recordings")
    sequence = parse_result(path.read_bytes())
    assert rules(sequence) == ["sensor.duplicate-id", "sensor.joined-by-name", "scan.missing"]


def test_a_real_delivery_opens_without_errors(shared_data):
    sequence = parse_result((shared_data / "deliveries" / "street" / "result.json").read_bytes())
    assert [each.frame_id for each in sequence.frames] == ["000965", "000970", "000975"]
    assert [camera.name for camera in sequence.cameras] == ["front", "left", "right"]
    assert all(len(each.urls) == 5 and len(each.legend) for each in sequence.frames)
    assert sequence.findings == ()
    assert not [finding for finding in check_sequence(sequence) if finding.severity is Severity.ERROR]
