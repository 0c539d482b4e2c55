"""Settings of post-processing blocks: the list the service sends, the map it wants back."""

import msgspec

from app.domain.impulse import BlockParameter, PostProcessingConfig
from app.formats.documents import decode, part, rows, text, whole
from app.formats.edge_impulse_records import (
    ConfigRecord,
    ParameterRecord,
    RequestRecord,
    RunningConfig,
    SelectOption,
)


def read_config(record: ConfigRecord) -> PostProcessingConfig:
    """Settings in force; parameters without a key are left out, they could not be sent back."""
    listed = rows(record.parameters, ParameterRecord)
    parameters = tuple(_parameter(parameter) for parameter in listed if text(parameter.param))
    return PostProcessingConfig(enabled=record.enabled is not False, parameters=parameters, type=text(record.type))


def write_request(config: PostProcessingConfig, *, variant: str) -> bytes:
    """The JSON body that asks for the results of one configuration.

    All values are text. ``type`` is sent only where the service gave one: older installations do not know it.
    """
    wire: dict[str, object] = {"enabled": config.enabled, "parameters": config.values}
    if config.type:
        wire["type"] = config.type
    return msgspec.json.encode({"config": wire, "variant": variant})


def read_request(raw: bytes) -> dict[str, str]:
    """The parameters of a request as ``write_request`` wrote it; raises DocumentFormatError."""
    config = part(decode(raw, RequestRecord, what="request").config, RunningConfig) or RunningConfig()
    return read_values(config.parameters)


def read_size(width: object, height: object) -> tuple[int, int] | None:
    """(width, height) in pixels; None unless both are positive."""
    size = whole(width), whole(height)
    return (size[0], size[1]) if size[0] and size[1] and min(size[0], size[1]) > 0 else None


def read_values(value: object) -> dict[str, str]:
    """A map of settings with text values; anything else is empty."""
    return {str(key): text(setting) for key, setting in value.items()} if isinstance(value, dict) else {}


def _parameter(record: ParameterRecord) -> BlockParameter:
    return BlockParameter(
        param=text(record.param),
        name=text(record.name) or text(record.param),
        value=None if record.value is None else text(record.value),
        default_value=text(record.default_value),
        type=text(record.type),
        help=text(record.help),
        options=tuple(text(option.value) for option in rows(record.select_options, SelectOption)),
    )
