import pytest

from app.gui.image_state import Arrangement, ImageState
from app.gui.layout import Layout
from app.gui.preferences import Preferences
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.settings import Credentials, RememberedProject, load_settings, read_settings, settings_path


@pytest.fixture
def runner(qtbot):
    runner = TaskRunner()
    yield runner
    assert runner.shutdown()


def preferences(runner, *, remember=True) -> Preferences:
    return Preferences(Services(load_settings(), Credentials(telus_key="secret-key")), runner, remember=remember)


def test_projects_and_addresses_are_there_at_the_next_start(qtbot, runner):
    kept = preferences(runner)
    kept.remember_projects((RememberedProject("p-1", "street"),))
    kept.remember_addresses("https://telus.example", "https://ei.example")
    qtbot.waitUntil(settings_path().is_file)
    settings = load_settings()
    assert settings.projects == (RememberedProject("p-1", "street"),)
    assert settings.telus_url == "https://telus.example"
    assert b"secret-key" not in settings_path().read_bytes()


def test_the_quota_holds_at_once_and_at_the_next_start(qtbot, runner):
    services = Services(load_settings(), Credentials())
    Preferences(services, runner, remember=True).remember_quota(20)
    assert services.settings.quota_gb == 20
    qtbot.waitUntil(settings_path().is_file)
    assert load_settings().quota_gb == 20


def test_the_memory_for_frames_holds_at_once_and_at_the_next_start(qtbot, runner):
    services = Services(load_settings(), Credentials())
    Preferences(services, runner, remember=True).remember_frame_memory(512)
    assert services.settings.frame_memory_mb == 512
    qtbot.waitUntil(settings_path().is_file)
    assert load_settings().frame_memory_mb == 512


def test_the_layout_is_written_at_once(runner):
    preferences(runner).remember_layout(Layout("Z2VvbWV0cnk=", "c3RhdGU="))
    assert preferences(runner).layout == Layout("Z2VvbWV0cnk=", "c3RhdGU=")


def test_an_address_from_the_environment_is_not_written_down(qtbot, runner, monkeypatch):
    monkeypatch.setenv("POINTPROOF_TELUS_URL", "http://127.0.0.1:9")
    kept = preferences(runner)
    kept.remember_theme("light")
    qtbot.waitUntil(settings_path().is_file)
    assert load_settings().telus_url == "http://127.0.0.1:9"
    assert read_settings().telus_url != "http://127.0.0.1:9"
    assert read_settings().theme == "light"


def test_a_damaged_settings_file_gives_the_defaults(runner):
    settings_path().parent.mkdir(parents=True)
    settings_path().write_bytes(b"{not json")
    assert read_settings().theme == "system"


def test_a_demonstration_leaves_the_settings_alone(qtbot, runner):
    kept = preferences(runner, remember=False)
    kept.remember_theme("light")
    kept.remember_layout(Layout("a", "b"))
    qtbot.wait(600)
    assert not settings_path().exists()


def test_how_images_are_laid_out_is_there_at_the_next_start(qtbot, runner):
    images = ImageState(runner)
    kept = preferences(runner)
    kept.keep_images(images)
    assert images.arrangement is Arrangement.ROW
    images.arrange(Arrangement.GRID)
    images.set_linked(linked=True)
    qtbot.waitUntil(lambda: read_settings().image_arrangement == "grid")
    assert read_settings().linked_zoom
    again = ImageState(runner)
    preferences(runner).keep_images(again)
    assert (again.arrangement, again.linked) == (Arrangement.GRID, True)
