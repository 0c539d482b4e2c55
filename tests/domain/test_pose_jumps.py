import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.geometry import Pose
from app.domain.pose_jumps import JumpKind, pose_jumps


def at(x, *, degrees=0.0):
    half = np.radians(degrees) / 2
    return Pose.from_quaternion((x, 0.0, 0.0), w=np.cos(half), x=0.0, y=0.0, z=np.sin(half))


def drive(*steps):
    return [at(x) for x in np.cumsum([0.0, *steps])]


def kinds(poses):
    return [(jump.frame, jump.kind) for jump in pose_jumps(poses)]


@given(
    st.lists(st.floats(-0.15, 0.15), min_size=2, max_size=60),
    st.floats(0.0, 3.5),
    st.lists(st.floats(-3.0, 3.0), min_size=60, max_size=60),
)
def test_driving_braking_and_turning_is_no_jump(changes, start, turns):
    speeds = np.clip(start + np.cumsum(changes), 0.0, 3.5)  # metres a frame, up to 126 km/h at ten frames a second
    headings = np.cumsum(turns)
    along = np.cumsum(speeds)
    poses = [at(x, degrees=heading) for x, heading in zip(along, headings, strict=False)]
    assert [jump for jump in pose_jumps(poses) if jump.kind is not JumpKind.REPEATED] == []


def test_a_leap_is_named_with_its_size_and_what_is_usual():
    (jump,) = pose_jumps(drive(0.5, 0.5, 0.5, 6.0, 0.5, 0.5))
    assert (jump.frame, jump.kind) == (4, JumpKind.STEP)
    assert jump.size == pytest.approx(6.0)
    assert jump.usual == pytest.approx(0.5)


def test_a_single_pose_that_stands_aside_is_one_jump():
    poses = drive(*[0.5] * 8)
    poses[4] = at(30.0)
    assert kinds(poses) == [(4, JumpKind.STEP)]


def test_two_leaps_that_do_not_lead_back_are_two():
    assert kinds(drive(0.5, 0.5, 9.0, 9.0, 0.5, 0.5, 0.5)) == [(3, JumpKind.STEP), (4, JumpKind.STEP)]


def test_three_times_the_usual_is_no_jump_below_a_metre_and_a_metre_is_none_below_three_times():
    assert kinds(drive(0.2, 0.2, 0.9, 0.2)) == []
    assert kinds(drive(0.5, 0.5, 1.4, 0.5)) == []
    assert kinds(drive(0.2, 0.2, 1.1, 0.2)) == [(3, JumpKind.STEP)]


def test_a_sudden_turn_is_a_jump_and_a_steady_one_is_not():
    turned = [at(index * 0.5, degrees=40 if index >= 3 else 0) for index in range(7)]
    (jump,) = pose_jumps(turned)
    assert (jump.frame, jump.kind) == (3, JumpKind.TURN)
    assert jump.size == pytest.approx(40, abs=1e-6)
    assert kinds([at(index * 0.5, degrees=20.0 * index) for index in range(7)]) == []


def test_a_pose_written_twice_is_found_where_the_ego_moves_and_not_where_it_stands():
    assert kinds(drive(0.5, 0.5, 0.0, 1.0, 0.5)) == [(3, JumpKind.REPEATED)]
    assert kinds(drive(0.0, 0.0, 0.0)) == []
    assert kinds(drive(0.5, 0.2, 0.05, 0.0, 0.0, 0.0, 0.05, 0.3)) == []


def test_missing_poses_are_stepped_over_and_their_way_shared():
    poses = drive(*[0.8] * 8)
    poses[3] = poses[4] = None
    assert kinds(poses) == []


def test_numbers_that_are_not_finite_are_told_and_do_not_hide_the_rest():
    poses = drive(*[0.5] * 8)
    poses[2] = Pose(np.eye(3), np.array([np.nan, 0.0, 0.0]))
    poses[6] = at(50.0)
    assert kinds(poses) == [(2, JumpKind.NOT_FINITE), (6, JumpKind.STEP)]


@pytest.mark.parametrize("poses", [[], [None], [at(0)], [at(0), at(500)], [None, None]])
def test_what_is_too_short_to_judge_has_no_jump(poses):
    assert kinds(poses) == []
