"""Settings of post-processing blocks: the list the service sends, the map it wants back."""

from collections.abc import Mapping

import msgspec

from app.domain.impulse import PostProcessingConfig
from app.formats.documents import decode, part, text, whole
from app.formats.edge_impulse_impulses import IMPULSES_FORMAT
from app.formats.edge_impulse_records import RequestRecord, RunningConfig


def read_config(document: Mapping[str, object]) -> PostProcessingConfig:
    """Settings in force; parameters without a key are left out, they could not be sent back."""
    config, _ = IMPULSES_FORMAT.read(document, PostProcessingConfig)
    return config


def write_request(config: PostProcessingConfig, *, variant: str) -> bytes:
    """The JSON body that asks for the results of one configuration.

    All values are text. ``type`` is sent only where the service gave one: older installations do not know it.
    """
    wire: dict[str, object] = {"enabled": config.enabled is not False, "parameters": config.values}
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
