import math

import numpy as np
import pytest

from app.domain.legend import Legend, LegendEntry
from app.domain.legend_table import UNMAPPED_CLASS
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.point_facts import Reference, direction_text, point_facts, value_text
from app.domain.sequence import Frame, SequenceFrame

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
LEGEND = Legend((LegendEntry(7, "Bus # 3", "Bus", (1, 2, 3)),))
UTM = np.array([5e5, 5e6, 100.0])
NEAR = Reference(ego=np.zeros(3), ground=-1.8)
COLUMNS = {
    "Intensity": np.array([0.31, 0.5], dtype=np.float32),
    "stamp": np.array([1_700_000_000_123_456_789, 2], dtype=np.uint64),
    "ring": np.array([12, 255], dtype=np.uint8),
    "normal": np.array([[0.0, 0.6, 0.8], [1, 0, 0]], dtype=np.float32),
    "gps_time": np.array([1234567890.123456, 0.1]),
}


def frame_of(xyz=((14.2, -22.61, -1.48), (3, 4, 0)), keys=(7, 9), origin=(0, 0, 0), columns=COLUMNS):
    cloud = PointCloud(np.array(xyz, dtype=np.float32), np.array(origin, dtype=np.float64), columns, SOURCE)
    mask = None if keys is None else Mask(np.array(keys, dtype=np.uint16))
    return Frame(4, SequenceFrame("frame-5", "scan", "mask", legend=LEGEND), cloud, mask)


def test_a_point_reads_at_a_glance():
    assert point_facts(frame_of(), 0, NEAR).line == "x 14.20  y −22.61  z −1.48 m  Bus # 3  i 0.31"
    assert point_facts(frame_of(keys=None, columns={}), 1, NEAR).line == "x 3.00  y 4.00  z 0.00 m"


def test_every_field_is_told_in_the_type_of_the_file_and_no_digit_is_lost():
    rows = dict(point_facts(frame_of(), 0, NEAR).rows)
    assert rows["stamp (uint64)"] == "1700000000123456789"
    assert rows["Intensity (float32)"] == "0.31"
    assert rows["ring (uint8)"] == "12"
    assert rows["normal (float32)"] == "0.0, 0.6, 0.8"
    assert rows["gps_time (float64)"] == "1234567890.123456"
    assert value_text(np.arange(40, dtype=np.uint8)).endswith(" 15, …")


def test_label_place_and_relations_are_told_in_order():
    names = [name for name, _ in point_facts(frame_of(columns={}), 0, NEAR).rows]
    assert names == [
        *("Label", "Class", "Label key", "x", "y", "z"),
        *("Distance from the lidar", "Direction", "Height over ground", "Index in the file", "Frame"),
    ]
    rows = dict(point_facts(frame_of(), 1, NEAR).rows)
    assert rows["Distance from the lidar"] == "5.000 m"
    assert rows["Height over ground"] == "1.800 m"
    assert rows["Direction"] == "53.1° left"
    assert rows["Index in the file"] == "1"
    assert rows["Frame"] == "5 (frame-5)"


def test_a_label_key_without_a_legend_is_told_as_such():
    facts = point_facts(frame_of(), 1, NEAR)
    assert (facts.label_key, facts.label, facts.class_name) == (9, "Without a legend", UNMAPPED_CLASS)
    assert "Class" not in dict(facts.rows)


def test_survey_coordinates_are_the_files_own_to_the_millimetre():
    local = np.random.default_rng(1).uniform(-800, 800, size=(2, 3))
    facts = point_facts(frame_of(xyz=local, origin=UTM), 1, Reference(ego=None, ground=0.0))
    assert facts.position == pytest.approx(local[1] + UTM, abs=1e-3)
    assert dict(facts.rows)["y"] == f"{facts.position[1]:.3f} m"
    assert "Distance from the lidar" not in dict(facts.rows)


@pytest.mark.parametrize(("degrees", "text"), [(-12.34, "12.3° right"), (190, "170.0° right"), (0, "0.0° left")])
def test_directions_are_to_either_side_of_ahead(degrees, text):
    assert direction_text(math.radians(degrees)) == text


def test_the_heading_turns_ahead():
    ahead = Reference(ego=np.zeros(3), ground=0.0, heading=math.atan2(4, 3))
    assert dict(point_facts(frame_of(), 1, ahead).rows)["Direction"] == "0.0° left"


def test_copied_rows_are_lines_with_a_tab():
    facts = point_facts(frame_of(), 0, NEAR)
    assert facts.text.splitlines()[0] == "Label\tBus # 3"
    assert len(facts.text.splitlines()) == len(facts.rows)


def test_points_that_are_not_there_are_refused():
    with pytest.raises(IndexError):
        point_facts(frame_of(), 2, NEAR)
    with pytest.raises(ValueError, match="no point cloud"):
        point_facts(Frame(0, SequenceFrame("0", "", ""), None, None), 0, NEAR)
