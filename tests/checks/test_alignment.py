"""Findings about calibrations: which camera, how far off, in which frames, and drift from beginning to end."""

import numpy as np
import pytest

from app.checks.alignment import FrameAlignment, check_alignment, moved_words
from app.domain.arrays import Float32, frozen
from app.domain.edge_alignment import PITCHES, ROLLS, YAWS, EdgeAlignment, Turn, Untold
from app.domain.finding import Finding, Severity

FOCAL = 1000.0
UNTOLD = EdgeAlignment(7, untold=Untold.FEW_EDGES)


def hill(right: float = 0.0, down: float = 0.0, *, height: float = 1.0) -> EdgeAlignment:
    """An alignment that is best where points move by some degrees, and half as good 0.7 degrees beside that."""
    roll, pitch, yaw = np.meshgrid(ROLLS, PITCHES, YAWS, indexing="ij")
    away = (yaw - right) ** 2 + (pitch + down) ** 2 + 0.1 * roll**2
    agreement: Float32 = (height * np.exp2(-away / 0.49)).astype(np.float32)
    return EdgeAlignment(200, frozen(agreement), focal=FOCAL)


def job_of(*alignments: EdgeAlignment) -> list[FrameAlignment]:
    return [FrameAlignment(f"f{index}", alignment) for index, alignment in enumerate(alignments)]


def check(*alignments: EdgeAlignment) -> tuple[Finding, ...]:
    return check_alignment("front", job_of(*alignments))


def facts(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.frame_id) for finding in findings]


def test_a_right_calibration_gives_no_finding() -> None:
    assert check() == check(hill()) == check(*[hill(0.1, -0.1)] * 12) == ()


def test_nothing_is_said_where_nothing_can_be_told() -> None:
    assert check(UNTOLD) == check(UNTOLD, UNTOLD, hill()) == ()


def test_a_camera_that_is_off_in_all_frames_is_one_finding_that_says_how_far_and_what_to_do() -> None:
    (finding,) = check(UNTOLD, *[hill(1.0, -0.5)] * 3)
    assert (finding.rule, finding.severity, finding.frame_id) == ("calibration.misaligned", Severity.WARNING, "")
    assert "camera “front” do not meet in 3 frames: their agreement is 0." in finding.message
    assert "right calibrations reach 0.7 of 1 or more" in finding.message
    assert "17 px to the right and 9 px up (1.1°)" in finding.message
    assert finding.message.endswith("ask the vendor for them.")


def test_pictures_of_a_linked_sample_are_doubted_before_the_calibration() -> None:
    (finding,) = check_alignment("front", [FrameAlignment(f"f{index}", hill(1.5), of_sample=True) for index in (0, 1)])
    assert "26 px to the right" in finding.message
    assert finding.message.endswith("linked sample: check first that its frame offset is right.")


def test_a_single_frame_that_is_known_is_named() -> None:
    assert facts(check(hill(1.5))) == facts(check(hill(1.5), UNTOLD)) == [("calibration.misaligned", "f0")]


def test_a_frame_that_is_off_alone_is_a_finding_of_that_frame() -> None:
    assert facts(check(*[hill()] * 4, hill(1.2), *[hill()] * 4)) == [("calibration.misaligned", "f4")]


def test_a_place_of_best_fit_that_moves_through_the_job_is_a_drift() -> None:
    (finding,) = check(*(hill(index / 23) for index in range(24)))
    assert (finding.rule, finding.frame_id) == ("calibration.drift", "")
    assert "from frame “f0” to frame “f23”" in finding.message
    assert "px to the right (0.7°)" in finding.message


@pytest.mark.parametrize("way", [-1, 1])
def test_a_strong_drift_is_told_beside_the_misalignment(way: int) -> None:
    found = check(*(hill(0.5, way * index / 8) for index in range(17)))
    assert facts(found) == [("calibration.misaligned", ""), ("calibration.drift", "")]


def test_a_constant_turn_is_no_drift_and_neither_is_noise() -> None:
    assert facts(check(*[hill(1.0)] * 24)) == [("calibration.misaligned", "")]
    wobble = np.random.default_rng(5).normal(0, 0.1, (24, 2))
    assert check(*(hill(right, down) for right, down in wobble)) == ()


def test_few_frames_or_pictures_that_agree_nowhere_say_nothing_about_drift() -> None:
    assert "calibration.drift" not in [rule for rule, _ in facts(check(*[hill(0)] * 4, *[hill(1.0)] * 4))]
    faint = check(*(hill(index / 8, height=0.2) for index in range(17)))
    assert [rule for rule, _ in facts(faint)] == ["calibration.misaligned"]


def test_pictures_that_agree_nowhere_ask_for_no_small_turn() -> None:
    (finding,) = check(hill(height=0.1))
    assert "No small turn of the camera makes it better." in finding.message


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(0, 0, 0), ""),
        (Turn(0.01, -0.01, 0), ""),
        (Turn(1, 0, 0), "17 px to the right (1.0°)"),
        (Turn(-2, 1, 0), "35 px to the left and 17 px down (2.2°)"),
        (Turn(0, 0, -1), "turned by 1° anticlockwise"),
        (Turn(0, -1, 1), "17 px up (1.0°), turned by 1° clockwise"),
    ],
)
def test_how_points_would_have_to_move_is_said_in_pixels(turn: Turn, words: str) -> None:
    assert moved_words(turn, focal=FOCAL) == words
