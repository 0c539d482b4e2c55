from dataclasses import replace

import numpy as np
import pytest

from app.checks import integrity
from app.checks.integrity import check_frame, check_sequence, check_video
from app.domain.arrays import frozen
from app.domain.camera import Camera
from app.domain.finding import Finding, Severity, merge_findings
from app.domain.legend import Legend, LegendEntry
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame

SOURCE = CloudSource("pcd", "0.7", "binary", 1, 1, None, ())
RED, BLUE = (200, 0, 0), (0, 0, 200)


def cloud(points, nonfinite=0):
    xyz = np.ones((points, 3), dtype=np.float32)
    xyz[:nonfinite, 1] = np.nan
    return PointCloud(frozen(xyz), frozen(np.zeros(3)), {}, SOURCE)


def mask(*keys):
    return Mask(frozen(np.array(keys, dtype=np.uint16)))


def legend(*entries):
    return Legend(tuple(LegendEntry(key, f"{name} # {key}", name, color) for key, name, color in entries))


def record(frame_id="0", *, scan="https://a/s", mask_url="https://a/m", images=("front",), rows=((1, "Car", RED),)):
    pictures = tuple(CameraImageRef(name, f"https://a/{name}.jpg") for name in images)
    return SequenceFrame(frame_id, scan, mask_url, pictures, legend(*rows))


def only(findings):
    (finding,) = findings
    return finding.rule, finding.severity, finding.message


def test_a_frame_whose_parts_fit_has_no_findings():
    assert check_frame(record(), cloud=cloud(3), mask=mask(1, 1, 1)) == ()


@pytest.mark.parametrize(("keys", "difference"), [((1, 1), "1 too few"), ((1, 1, 1, 1, 1), "2 too many")])
def test_a_mask_of_another_length_is_an_error_that_names_both(keys, difference):
    rule, severity, message = only(check_frame(record(), cloud=cloud(3), mask=mask(*keys)))
    assert (rule, severity) == ("mask.length", Severity.ERROR)
    assert f"{len(keys)} label keys" in message
    assert "3 points" in message
    assert difference in message


def test_an_empty_mask_does_not_fit_a_cloud():
    assert only(check_frame(record(), cloud=cloud(1_200), mask=mask()))[0] == "mask.length"


def test_a_missing_mask_is_a_warning_and_a_missing_scan_an_error():
    findings = check_frame(record(scan="", mask_url=""), cloud=None, mask=None)
    assert [(each.rule, each.severity, each.frame_id) for each in findings] == [
        ("scan.missing", Severity.ERROR, "0"),
        ("mask.missing", Severity.WARNING, "0"),
    ]


def test_files_given_from_elsewhere_fill_the_documents_gaps():
    assert check_frame(record(scan="", mask_url=""), cloud=cloud(1), mask=mask(1)) == ()


def test_files_that_cannot_be_read_say_why():
    findings = check_frame(
        record(),
        cloud=None,
        mask=None,
        mask_problem="The mask is cut short.",
        scan_problem="The header has no DATA line.",
        image_problems={"front": "It is empty."},
    )
    assert [(each.rule, each.severity) for each in findings] == [
        ("scan.unreadable", Severity.ERROR),
        ("mask.unreadable", Severity.ERROR),
        ("image.unreadable", Severity.WARNING),
    ]
    assert "cut short" in findings[1].message
    assert "“front”" in findings[2].message


def test_a_picture_without_an_address_is_missing():
    frame = SequenceFrame("0", "s", "m", (CameraImageRef("front", ""),), legend((1, "Car", RED)))
    rule, severity, message = only(check_frame(frame, cloud=cloud(1), mask=mask(1)))
    assert (rule, severity) == ("image.missing", Severity.WARNING)
    assert "“front”" in message


def test_a_job_without_any_legend_is_a_warning():
    rule, severity, message = only(check_frame(record(rows=()), cloud=cloud(2), mask=mask(4, 7)))
    assert (rule, severity) == ("legend.missing", Severity.WARNING)
    assert "2 label keys" in message


def test_keys_outside_the_legend_are_normal_and_counted():
    rule, severity, message = only(check_frame(record(), cloud=cloud(4), mask=mask(1, 58, 58, 0)))
    assert (rule, severity) == ("legend.unmapped-keys", Severity.INFO)
    assert message.startswith("3 points")
    assert "0 (1) and 58 (2)" in message


def test_many_unmapped_keys_are_summed_up():
    message = only(check_frame(record(), cloud=cloud(100), mask=mask(*range(100, 200))))[2]
    assert "and 90 more" in message


def test_a_cloud_without_points_is_a_warning():
    assert only(check_frame(record(), cloud=cloud(0), mask=mask()))[:2] == ("cloud.empty", Severity.WARNING)


def test_a_cloud_without_any_position_is_as_good_as_empty():
    rule, _, message = only(check_frame(record(), cloud=cloud(2, nonfinite=2), mask=mask(1, 1)))
    assert rule == "cloud.empty"
    assert "None of the 2 points" in message


def test_points_without_a_position_are_counted():
    rule, severity, message = only(check_frame(record(), cloud=cloud(5, nonfinite=2), mask=mask(1, 1, 1, 1, 1)))
    assert (rule, severity) == ("cloud.nonfinite", Severity.INFO)
    assert message.startswith("2 of 5 points")


def test_different_classes_of_one_colour_are_one_warning_for_the_job():
    frames = (
        record("0", rows=((1, "Car", RED), (2, "Bus", RED))),
        record("1", rows=((1, "Car", RED), (2, "Bus", RED))),
    )
    rule, severity, message = only(check_sequence(Sequence(frames)))
    assert (rule, severity) == ("legend.duplicate-colours", Severity.WARNING)
    assert "rgb(200, 0, 0) for “Car” and “Bus”" in message


def test_instances_of_one_class_may_share_a_colour():
    rows = ((1, "Car", RED), (2, "Car", RED), (3, "Bus", BLUE))
    assert check_sequence(Sequence((record(rows=rows),))) == ()


def test_a_colour_that_two_frames_use_differently_is_no_clash():
    frames = (record("0", rows=((1, "Car", RED),)), record("1", rows=((1, "Bus", RED),)))
    assert check_sequence(Sequence(frames)) == ()


def test_a_replaced_colour_is_no_clash():
    entries = (LegendEntry(1, "Car", "Car", RED), LegendEntry(2, "Bus", "Bus", RED, color_given=False))
    assert check_sequence(Sequence((SequenceFrame("0", "s", "m", (), Legend(entries)),))) == ()


def test_a_camera_that_a_frame_does_not_mention_is_told_with_the_frame():
    frames = (record("0"), record("1", images=()), record("2"))
    finding = check_sequence(Sequence(frames, (Camera("front", "front", None),)))[0]
    assert (finding.rule, finding.frame_id) == ("image.missing", "1")


def test_a_camera_without_any_picture_is_one_finding():
    frames = (record("0"), record("1"))
    rule, _, message = only(check_sequence(Sequence(frames, (Camera("front", "f", None), Camera("rear", "r", None)))))
    assert rule == "image.missing"
    assert "“rear” for any frame" in message


def test_findings_of_reading_come_first_and_only_once():
    read = Finding("sensor.joined-by-name", Severity.INFO, "1 sensor joined by name.")
    frame = record(mask_url="")
    findings = check_sequence(Sequence((frame,), findings=(read, *frame.gaps)))
    assert [finding.rule for finding in findings] == ["sensor.joined-by-name", "mask.missing"]


def test_a_job_and_its_frames_report_a_gap_in_the_same_words():
    frame = record(mask_url="")
    merged = merge_findings(check_sequence(Sequence((frame,))), check_frame(frame, cloud=cloud(1), mask=None))
    assert [finding.rule for finding in merged] == ["mask.missing"]


def test_every_rule_is_documented_in_the_table():
    frames = (record(scan="", mask_url="", rows=((1, "Car", RED), (2, "Bus", RED)), images=()),)
    findings = [
        *check_sequence(Sequence(frames, (Camera("front", "f", None),))),
        *check_frame(
            record(), cloud=cloud(3, 1), mask=mask(9), scan_problem="x", mask_problem="x", image_problems={"a": "x"}
        ),
        *check_frame(record(rows=()), cloud=cloud(0), mask=mask(1)),
    ]
    for finding in findings:
        assert f"``{finding.rule}``" in integrity.__doc__
        row = next(line for line in integrity.__doc__.splitlines() if f"``{finding.rule}``" in line)
        assert finding.severity.value in row


def test_a_camera_with_pictures_from_elsewhere_misses_none():
    lidar_only = replace(record(), images=(CameraImageRef("front", ""), CameraImageRef("left", "")))
    sequence = Sequence((lidar_only,), findings=lidar_only.gaps)
    (missing,) = check_sequence(sequence, pictured=frozenset({"front"}))
    assert missing.rule == "image.missing"
    assert "left" in missing.message
    assert "front" not in missing.message
    assert check_sequence(sequence, pictured=frozenset({"front", "left"})) == ()


@pytest.mark.parametrize(("frames", "last", "rules"), [(3, 2, []), (3, 3, ["video.too-short"]), (1, 0, [])])
def test_a_video_must_reach_as_far_as_its_results(frames, last, rules):
    assert [finding.rule for finding in check_video("front", frames=frames, last_number=last)] == rules


def test_a_video_that_cannot_be_read_is_told_with_the_reason():
    (finding,) = check_video("front", frames=None, last_number=5, problem="It is cut short.")
    assert (finding.rule, "It is cut short." in finding.message) == ("video.unreadable", True)
