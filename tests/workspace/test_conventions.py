import sqlite3
from pathlib import Path

import pytest

from app.domain.pose_convention import CameraAxes, PoseConvention, PoseDirection, PoseSpace
from app.errors import WorkspaceError
from app.workspace import Workspace

BODY = PoseConvention(PoseDirection.INVERSE, CameraAxes.BODY, PoseSpace.WORLD)


def test_a_chosen_convention_is_there_after_the_workspace_was_closed(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "ws") as workspace:
        assert workspace.pose_convention("j1") is None
        workspace.save_pose_convention("j1", PoseConvention())
        workspace.save_pose_convention("j1", BODY)
        workspace.save_pose_convention("j2", PoseConvention(axes=CameraAxes.BODY))
    with Workspace.open(tmp_path / "ws") as workspace:
        assert workspace.pose_convention("j1") == BODY
        workspace.save_pose_convention("j1", None)
        assert workspace.pose_convention("j1") is None
        assert workspace.pose_convention("j2") == PoseConvention(axes=CameraAxes.BODY)


def test_a_word_of_a_newer_version_counts_as_not_chosen(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "ws") as workspace:
        workspace.save_pose_convention("j1", BODY)
    connection = sqlite3.connect(tmp_path / "ws" / "catalogue.sqlite")
    connection.execute("UPDATE pose_conventions SET axes = 'nautical'")
    connection.commit()
    connection.close()
    with Workspace.open(tmp_path / "ws") as workspace:
        assert workspace.pose_convention("j1") is None


def test_who_only_reads_remembers_nothing(tmp_path: Path) -> None:
    Workspace.open(tmp_path / "ws").close()
    with (
        Workspace.open(tmp_path / "ws", read_only=True) as workspace,
        pytest.raises(WorkspaceError, match="reading only"),
    ):
        workspace.save_pose_convention("j1", BODY)
