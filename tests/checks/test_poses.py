import numpy as np

from app.checks.poses import check_poses
from app.domain.finding import Severity
from app.domain.geometry import Pose
from app.domain.sequence import Sequence, SequenceFrame
from app.jobs import open_path
from tests.builders import small_delivery


def turned(x, *, degrees=0.0):
    half = np.radians(degrees) / 2
    return Pose.from_quaternion((x, 0.0, 0.0), w=np.cos(half), x=0.0, y=0.0, z=np.sin(half))


def findings_of(*poses):
    frames = (SequenceFrame(f"f{index}", "", "", world_from_ego=pose) for index, pose in enumerate(poses))
    return check_poses(Sequence(tuple(frames)))


def test_a_leap_is_a_warning_of_its_frame_with_numbers_and_a_next_step():
    (finding,) = findings_of(*(turned(x) for x in (0.0, 0.5, 1.0, 9.0, 9.5, 10.0)))
    assert (finding.rule, finding.severity, finding.frame_id) == ("pose.jump", Severity.WARNING, "f3")
    assert "8.0 m" in finding.message
    assert "0.50 m" in finding.message
    assert "ask the vendor" in finding.message


def test_turns_and_repeats_say_what_they_are():
    turn = [turned(index / 2, degrees=50 if index > 2 else 0) for index in range(6)]
    assert "turns by 50°" in findings_of(*turn)[0].message
    assert "repeats the one before" in findings_of(*map(turned, (0.0, 0.5, 1.0, 1.0, 2.0, 2.5)))[0].message
    broken = Pose(np.eye(3), np.full(3, np.inf))
    assert "not finite" in findings_of(turned(0), broken, turned(1))[0].message


def test_poses_that_never_change_are_told_once_for_the_job():
    (finding,) = findings_of(turned(1.0), None, turned(1.0))
    assert (finding.rule, finding.severity, finding.frame_id) == ("pose.still", Severity.INFO, "")
    assert "All 2 frames" in finding.message


def test_a_usual_drive_and_jobs_without_poses_have_no_findings(street):
    assert findings_of(*map(turned, (0.0, 0.5, 1.0, 1.5))) == ()
    assert findings_of(None, None) == ()
    assert findings_of() == ()
    assert check_poses(open_path(street).sequence) == ()


def test_a_job_reports_its_poses_with_everything_else(tmp_path):
    rules = [finding.rule for finding in open_path(small_delivery(tmp_path)).findings()]
    assert rules.count("pose.still") == 1
