"""The view of one impulse in a window of its own, and what the page with all of them needs."""

import pytest

from app.gui.impulses.detail import ImpulseDetail
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.settings import Credentials, Settings


@pytest.fixture
def detail(qtbot):
    """With nothing shown yet."""
    detail = ImpulseDetail()
    qtbot.addWidget(detail)
    detail.resize(820, 800)
    detail.show()
    return detail


@pytest.fixture
def runner():
    runner = TaskRunner()
    yield runner
    assert runner.shutdown()


@pytest.fixture
def workspace(tmp_path):
    return tmp_path / "workspace"


@pytest.fixture
def services(workspace):
    services = Services(Settings(workspace=str(workspace)), Credentials())
    yield services
    services.close()
