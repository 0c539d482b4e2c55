"""The impulses-detailed document: read into domain values, and written back without loss."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from app.domain.impulse import Impulse, ImpulseList
from app.domain.impulse.blocks import Block, ImpulseDesign
from app.domain.impulse.performance import DevicePerformance
from app.domain.impulse.record import Record
from app.domain.impulse.training import TrainingGraph
from app.errors import DocumentFormatError
from app.formats.records import RecordFormat

SPELLINGS: Mapping[type[Record], Mapping[str, str]] = {
    Block: {"block_id": "id"},
    ImpulseDesign: {"impulse_id": "id"},
    Impulse: {"design": "impulse"},
    DevicePerformance: {"eon_ram_optimized": "eon_ram_optimized"},
    TrainingGraph: {"hide_in_ui": "hideInUI"},
}
IMPULSES_FORMAT = RecordFormat(SPELLINGS)


def read_impulses(document: Mapping[str, object]) -> ImpulseList:
    """Every impulse that has an id, in the service's order; raises DocumentFormatError for another document."""
    if "impulses" not in document:
        raise DocumentFormatError("The impulses document lists no impulses: it is the answer to another question.")
    impulses, remarks = IMPULSES_FORMAT.read(document, ImpulseList)
    return replace(impulses, remarks=remarks)


def write_impulses(impulses: ImpulseList) -> bytes:
    """The document that gives the same list again, with everything that was kept of the one it was read from."""
    return msgspec.json.encode(IMPULSES_FORMAT.write(impulses))
