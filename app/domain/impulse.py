"""Impulses of the object-tracking service (see ``impulses``), and settings of their post-processing blocks."""

from dataclasses import dataclass

from app.domain.impulses.blocks import PostProcessingBlock
from app.domain.impulses.impulse import Impulse, ImpulseList

__all__ = ["BlockParameter", "Impulse", "ImpulseList", "PostProcessingBlock", "PostProcessingConfig"]


@dataclass(frozen=True)
class BlockParameter:
    """One setting of a block; values are text, as the service keeps them. ``value`` is None where it was never set."""

    param: str
    name: str
    value: str | None
    default_value: str
    type: str = ""
    help: str = ""
    options: tuple[str, ...] = ()

    @property
    def effective_value(self) -> str:
        """The value in force."""
        return self.default_value if self.value is None else self.value


@dataclass(frozen=True)
class PostProcessingConfig:
    """Settings of a post-processing block; ``type`` is empty where the service did not name one."""

    enabled: bool
    parameters: tuple[BlockParameter, ...] = ()
    type: str = ""

    @property
    def values(self) -> dict[str, str]:
        """Values in force by parameter, in the service's order."""
        return {parameter.param: parameter.effective_value for parameter in self.parameters}
