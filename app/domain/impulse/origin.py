"""Where an impulse comes from: its author, and the version of the data that it was made with."""

from dataclasses import dataclass

from app.domain.impulse.record import Record


@dataclass(frozen=True)
class User(Record):
    """A person; ``photo`` is an address."""

    id: int | None = None
    name: str = ""
    username: str = ""
    photo: str = ""

    @property
    def label(self) -> str:
        """What to call them."""
        return self.name or self.username


@dataclass(frozen=True)
class Actor(Record):
    """Who changed data: a person, or a program (with its ``client_id`` and ``logo_url``), or an API key."""

    type: str = ""
    id: int | None = None
    name: str = ""
    username: str = ""
    photo: str = ""
    client_id: str = ""
    logo_url: str = ""
    user: User | None = None
    created: str = ""
    created_by_user: User | None = None


@dataclass(frozen=True)
class ActionCounts(Record):
    """How many samples were added, changed and removed."""

    insert: float | None = None
    update: float | None = None
    delete: float | None = None


@dataclass(frozen=True)
class DatasetSummary(Record):
    """What changed since the version before."""

    raw_event_count_in_window: float | None = None
    sample_changes_count: float | None = None
    action_counts: ActionCounts | None = None


@dataclass(frozen=True)
class DatasetVersion(Record):
    """A state of the project's data; times are ISO 8601 as sent."""

    id: int | None = None
    created: str = ""
    version_index: int | None = None
    description: str | None = None
    parent_version_id: int | None = None
    restored_from_dataset_version_id: int | None = None
    type: str = ""
    summary: DatasetSummary | None = None
    window_start: str = ""
    window_end: str = ""
    actors: tuple[Actor, ...] = ()


@dataclass(frozen=True)
class PretrainedModel(Record):
    """The file of a model that was brought along."""

    file_name: str = ""
