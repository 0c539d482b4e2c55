import numpy as np
import pytest

from app.domain.calibration import Calibration
from app.domain.cloud_space import CloudSpace, space_of_cameras
from app.domain.geometry import Pose
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame


def at(x, y):
    return Pose(np.eye(3), np.array([x, y, 0.0]))


def sequence_of(*frames):
    return Sequence(
        tuple(
            SequenceFrame(
                str(index), "", "", tuple(CameraImageRef("front", "", pose) for pose in cameras), world_from_ego=ego
            )
            for index, (ego, *cameras) in enumerate(frames)
        )
    )


@pytest.mark.parametrize(
    ("frames", "space"),
    [
        ([(at(-40, -8), at(-39, -8)), (at(-38, -8), at(-37, -8))], CloudSpace.WORLD),
        ([(at(0, 0), at(1, 0)), (at(30, 0), at(31, 0))], CloudSpace.WORLD),  # the start alone could not tell
        ([(at(-40, -8), at(0.4, 0.1))], CloudSpace.EGO),
        ([(at(5, 0), at(4, 0))], None),
        ([(at(500, 0),)], None),
        ([(None, at(500, 0))], None),
        ([(at(500, 0), None)], None),
        ([], None),
    ],
)
def test_cameras_beside_the_ego_in_the_world_tell_that_points_are_told_there_too(frames, space):
    assert space_of_cameras(Calibration(sequence_of(*frames))) is space
