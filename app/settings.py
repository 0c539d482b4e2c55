"""What the user may configure, and where credentials come from. Keys are never part of the settings."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

APP_NAME = "pointproof"
TELUS_URL = "https://api.playment.io"
EDGE_IMPULSE_URL = "https://studio.edgeimpulse.com"


class RememberedProject(msgspec.Struct, frozen=True):
    """A project that was typed in once."""

    project_id: str
    name: str = ""


class KeptTable(msgspec.Struct, frozen=True):
    """How the impulses of one project were looked at last; ``filters`` as they were written, by column."""

    columns: tuple[str, ...] | None = None
    sort: str = ""
    descending: bool = False
    pinned: tuple[int, ...] = ()
    filters: dict[str, str] = {}


class Settings(msgspec.Struct, frozen=True):
    """Everything the settings file holds; unknown keys in the file are left out, missing ones take defaults."""

    telus_url: str = TELUS_URL
    edge_impulse_url: str = EDGE_IMPULSE_URL
    workspace: str = ""  # empty: the user's data directory
    theme: str = "system"  # system, dark or light
    projects: tuple[RememberedProject, ...] = ()
    quota_gb: float = 0  # most that the workspace may hold, in 10^9 bytes; 0: any size
    frame_memory_mb: int = 0  # most that decoded frames may hold, in 10^6 bytes; 0: a share of the machine's memory
    image_arrangement: str = "row"  # row, grid or large
    linked_zoom: bool = False  # of camera images
    follow_chosen: bool = True  # bring the camera forward that shows best what is chosen
    window_geometry: str = ""  # base64, Qt's own format
    window_state: str = ""
    impulses_geometry: str = ""  # of the window of impulses, likewise
    impulses_division: tuple[int, int] = (0, 0)  # pixels of the table above and beside the detail; 0: as it fits
    impulses_tables: dict[str, KeptTable] = {}  # by project

    @property
    def workspace_path(self) -> Path:
        """The offline folder."""
        return Path(self.workspace) if self.workspace else default_workspace()


class Credentials(msgspec.Struct):
    """API keys, in memory only; ``repr`` hides them."""

    telus_key: str = ""
    edge_impulse_key: str = ""

    def __repr__(self) -> str:
        known = {"telus": self.telus_key, "edge_impulse": self.edge_impulse_key}
        return f"Credentials(set={[name for name, key in known.items() if key]})"


def default_workspace() -> Path:
    """The workspace used unless the user chose another."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)) / "workspace"


def settings_path() -> Path:
    """The settings file."""
    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False)) / "settings.json"


def read_settings() -> Settings:
    """The settings file; a missing or damaged one gives the defaults, it never stops the program from starting."""
    try:
        return msgspec.json.decode(settings_path().read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError):
        return Settings()


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings file, then POINTPROOF_TELUS_URL, POINTPROOF_EDGE_IMPULSE_URL and POINTPROOF_WORKSPACE over it."""
    settings = read_settings()
    return msgspec.structs.replace(
        settings,
        telus_url=environment.get("POINTPROOF_TELUS_URL") or settings.telus_url,
        edge_impulse_url=environment.get("POINTPROOF_EDGE_IMPULSE_URL") or settings.edge_impulse_url,
        workspace=environment.get("POINTPROOF_WORKSPACE") or settings.workspace,
    )


def credentials_from(environment: Mapping[str, str] = os.environ) -> Credentials:
    """Keys from POINTPROOF_TELUS_API_KEY and POINTPROOF_EDGE_IMPULSE_API_KEY, white space around them removed."""
    return Credentials(
        telus_key=environment.get("POINTPROOF_TELUS_API_KEY", "").strip(),
        edge_impulse_key=environment.get("POINTPROOF_EDGE_IMPULSE_API_KEY", "").strip(),
    )
