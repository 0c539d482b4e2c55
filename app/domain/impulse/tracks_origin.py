"""Which impulse, block, variant and parameters tracks come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.finding import listed
from app.domain.impulse.entries import MASK, SECRET
from app.domain.impulse.impulse_list import Impulse

MOST_PARAMETERS = 12  # that a sentence names


@dataclass(frozen=True)
class TracksOrigin:
    """Where the tracks of one camera come from.

    ``parameters`` are those that the results were made with, as the service stored them beside the results, not those
    that the block has now; secret ones are masked. Without a link to a sample ``block_id`` is None and ``variant``
    empty; an impulse that is not on this machine has no name.
    """

    impulse_id: int | None = None
    impulse: str = ""
    block_id: int | None = None
    block: str = ""
    block_type: str = ""
    variant: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """One line: impulse, block and variant, as far as they are known."""
        parts = (self.impulse or "unknown impulse", self.block or self._block, self.variant)
        return " · ".join(part for part in parts if part)

    @property
    def sentence(self) -> str:
        """The same with ids and the parameters that the tracks were made with."""
        impulse = f"{self.impulse} (id {self.impulse_id})" if self.impulse else "an impulse that is not on this machine"
        block = f"{self.block} (id {self.block_id})" if self.block and self.block_id is not None else self.block
        parts = [f"Tracks of {impulse}", block or self._block, self.variant and f"variant {self.variant}"]
        told = [f"{name} {value}" for name, value in self.parameters.items()]
        made = f"made with {listed(told, limit=MOST_PARAMETERS)}" if told else "made with unknown parameters"
        return f"{', '.join(part for part in parts if part)}; {made}."

    @property
    def _block(self) -> str:
        return "" if self.block_id is None else f"block {self.block_id}"


def origin_of(
    impulse: Impulse | None, *, block_id: int | None, variant: str, parameters: Mapping[str, str]
) -> TracksOrigin:
    """The origin of results that were asked of a block; without its id that of the impulse's one tracking block."""
    blocks = impulse.post_processing_blocks if impulse else ()
    wanted = impulse.tracking_blocks if impulse and block_id is None else ()
    named = wanted if len(wanted) == 1 else [block for block in blocks if block.block_id == block_id]
    block = next(iter(named), None)
    return TracksOrigin(
        impulse.impulse_id if impulse else None,
        impulse.name if impulse else "",
        block.block_id if block else block_id,
        block.label if block else "",
        block.type if block else "",
        variant,
        _masked(parameters, impulse, block.block_id if block else None),
    )


def _masked(parameters: Mapping[str, str], impulse: Impulse | None, block_id: int | None) -> Mapping[str, str]:
    config = impulse.post_processing_config(block_id) if impulse and block_id is not None else None
    secret = {each.param for each in config.parameters if each.type == SECRET} if config else frozenset()
    return {name: MASK if value and name in secret else value for name, value in parameters.items()}
