from app.domain.legend import UNMAPPED_COLOR, Legend, LegendEntry
from app.domain.legend_table import UNMAPPED_CLASS, class_order, legend_table

LEGEND = Legend(
    (
        LegendEntry(1, "Ground", "Ground", (1, 2, 3)),
        LegendEntry(5, "Car # 1", "Car", (9, 9, 9)),
        LegendEntry(6, "Car # 2", "Car", (8, 8, 8)),
    )
)


def test_instances_of_a_class_stand_under_one_row_with_their_sum():
    rows = {row.text: row for row in legend_table(LEGEND, {1: 100, 5: 20, 6: 3})}
    assert rows["Car"].points == 23
    assert [instance.text for instance in rows["Car"].instances] == ["Car # 1", "Car # 2"]
    assert rows["Car"].color == (9, 9, 9)


def test_keys_without_a_legend_come_first_in_one_grey_row():
    first = legend_table(LEGEND, {0: 7, 58: 2, 1: 1})[0]
    assert first.class_name == UNMAPPED_CLASS
    assert first.text == "Without a legend"
    assert first.color == UNMAPPED_COLOR
    assert first.points == 9
    assert [instance.label_key for instance in first.instances] == [0, 58]


def test_no_point_is_lost_or_counted_twice():
    counts = {0: 7, 1: 100, 5: 20, 6: 3, 58: 2}
    assert sum(row.points for row in legend_table(LEGEND, counts)) == sum(counts.values())


def test_classes_of_other_frames_keep_their_place_without_points():
    order = class_order((Legend((LegendEntry(9, "Bus # 1", "Bus", (0, 0, 0)),)), LEGEND))
    assert order == ("Bus", "Ground", "Car")
    rows = legend_table(LEGEND, {1: 5}, order=order)
    assert [row.class_name for row in rows] == ["Bus", "Ground", "Car"]
    assert [row.points for row in rows] == [0, 5, 0]
