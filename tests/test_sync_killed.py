"""A pull that is killed again and again loses nothing, lists nothing half, and fetches nothing twice."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.workspace import Workspace
from tests.pull_server import IN_FLIGHT, JOB, RESULT_URL, PullServer, pull, pull_server

REPOSITORY = Path(__file__).resolve().parents[1]
KILLS = 100
FILES = 100
SIZE = 192 << 10  # more than can be on its way to a client that is killed


@contextmanager
def puller(root: Path, service: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.pull_and_die", str(root), service]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        try:
            yield process
        finally:
            process.stdin.close()


def ended(process: subprocess.Popen[str], operations: int) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{operations}\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def most_operations(kill: int, here: int) -> int:
    """How long a run may live, so that the kills spread over nine tenths of the pull."""
    return 120 if here * KILLS < kill * 0.9 * FILES else 25


def check(root: Path, server: PullServer) -> int:
    """Everything that is listed is whole, and the catalogue is sound; returns how many files are here."""
    if not (root / "catalogue.sqlite").is_file():
        return 0
    with Workspace.open(root, read_only=True) as workspace:
        assert list(workspace.verify(read_data=True)) == []  # looks over the catalogue too
        here = {url: workspace.read(url) for url in server.files if workspace.find(url)}
        for job in workspace.jobs():
            assert workspace.job_document(job) is not None
    assert all(content == server.files[url] for url, content in here.items())
    return len(here)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork of a program that has everything loaded")
def test_a_pull_killed_at_a_hundred_points_loses_nothing_and_fetches_nothing_twice(tmp_path: Path) -> None:
    chance, root = random.Random(3), tmp_path / "ws"  # noqa: S311 - spreads the points
    with pull_server(frames=FILES // 4, size=SIZE) as server:
        here, progressed = 0, 0
        with puller(root, server.url) as process:
            for kill in range(KILLS):
                assert ended(process, chance.randint(1, most_operations(kill, here))) == -9
                before, here = here, check(root, server)
                assert here >= before
                progressed += here > before
        assert progressed > 10
        assert here < FILES  # the kills were spread over the pull, not behind its end
        summary = pull(root, server.url)
        assert summary.problems == ()
        assert check(root, server) == FILES + 1
        assert list((root / "partial").iterdir()) == []
        assert max(server.whole.values()) == 1
        for url, content in server.files.items():
            cuts = server.asked[url] - 1
            assert server.sent[url] <= len(content) + cuts * IN_FLIGHT
        assert sum(server.sent.values()) < 2 * sum(map(len, server.files.values()))
        with Workspace.open(root) as workspace:
            job = workspace.job(JOB)
            assert job is not None
            assert workspace.job_document(job) == server.files[RESULT_URL]
            assert workspace.left_overs().objects == ()
