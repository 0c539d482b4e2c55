"""Figures of impulses, and the columns that the service's own table shows them in."""

from dataclasses import dataclass

from app.domain.impulse.record import Record, Scalar


@dataclass(frozen=True)
class Filtering(Record):
    """How to filter by a figure: ``type`` is numeric, string, select, boolean, list or a newer word."""

    type: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric(Record):
    """One figure of an impulse; ``value_for_sorting`` orders it where the value, mostly text, cannot."""

    name: str = ""
    type: str = ""
    filtering_type: Filtering | None = None
    category: str = ""
    description: str = ""
    value: Scalar | None = None
    title: str = ""
    value_for_sorting: float | None = None
    value_hint: str = ""

    @property
    def label(self) -> str:
        """What to call it."""
        return self.title or self.name


@dataclass(frozen=True)
class MetricKey(Record):
    """A column that the service offers; ``type`` is core or additional."""

    name: str = ""
    description: str = ""
    type: str = ""
    filtering_type: Filtering | None = None
    show_in_table: bool | None = None


@dataclass(frozen=True)
class MetricKeys(Record):
    """The columns of one category."""

    category: str = ""
    metric_keys: tuple[MetricKey, ...] = ()
