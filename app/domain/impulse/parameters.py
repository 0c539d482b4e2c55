"""Settings of blocks as the service describes them, and which of them a person is to see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.impulse.record import Json, Record, nothing


@dataclass(frozen=True)
class SelectOption(Record):
    """One choice of a parameter. ``rom_estimate`` in bytes."""

    value: str = ""
    selected: bool | None = None
    option_label: str = ""
    priority: float | None = None
    rom_estimate: float | None = None
    needs_ops: tuple[str, ...] = ()
    needs_features: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShowIf(Record):
    """When a parameter matters: while ``parameter`` is ("eq") or is not ("neq") set to ``value``."""

    parameter: str = ""
    operator: str = ""
    value: str = ""

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether the values fulfil it; an operator that is not known here hides nothing."""
        same = values.get(self.parameter) == self.value
        return same if self.operator == "eq" else not same if self.operator == "neq" else True


@dataclass(frozen=True)
class Parameter(Record):
    """One setting of a block. All values are text, as the service keeps them; ``value`` is None where it was never set.

    ``type`` is an open word such as string, int, float, boolean, select, secret, array or object; ``items`` and
    ``properties`` describe the last two. ``section`` is empty for what everybody is to see, else such as "advanced".
    """

    param: str
    name: str = ""
    value: str | None = None
    default_value: str = ""
    type: str = ""
    help: str = ""
    select_options: tuple[SelectOption, ...] = ()
    readonly: bool | None = None
    should_show: bool | None = None
    show_if: ShowIf | None = None
    show_for_implementation_version: tuple[int, ...] = ()
    invalid_text: str = ""
    section: str = ""
    multiline: bool | None = None
    required: bool | None = None
    hint: str = ""
    placeholder: str = ""
    show_click_to_set: bool | None = None
    valid: tuple[Json, ...] = ()
    items: Mapping[str, Json] = field(default_factory=nothing)
    properties: Mapping[str, Json] = field(default_factory=nothing)
    min_val: float | None = None
    max_val: float | None = None

    @property
    def effective_value(self) -> str:
        """The value in force."""
        return self.default_value if self.value is None else self.value

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or self.param


@dataclass(frozen=True)
class ParameterGroup(Record):
    """Parameters that are shown together under a heading."""

    group: str = ""
    items: tuple[Parameter, ...] = ()


def values_in_force(parameters: Iterable[Parameter]) -> dict[str, str]:
    """Values by parameter, defaults where none was set, in the service's order; what has no key cannot be set."""
    return {parameter.param: parameter.effective_value for parameter in parameters if parameter.param}


def visible_parameters(
    parameters: Iterable[Parameter],
    values: Mapping[str, str] | None = None,
    *,
    implementation_version: int | None = None,
) -> tuple[Parameter, ...]:
    """The parameters to show while ``values`` (those in force unless given) are set, in the service's order.

    Left out are those that the service hides, those whose condition does not hold, and those of other versions of the
    block's implementation where its version is known.
    """
    listed = tuple(parameters)
    settings = values_in_force(listed) | dict(values or {})
    return tuple(
        parameter
        for parameter in listed
        if parameter.should_show is not False
        and (parameter.show_if is None or parameter.show_if.holds(settings))
        and _of_version(parameter, implementation_version)
    )


def _of_version(parameter: Parameter, version: int | None) -> bool:
    wanted = parameter.show_for_implementation_version
    return version is None or not wanted or version in wanted
