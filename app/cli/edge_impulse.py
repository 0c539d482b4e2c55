"""The object-tracking service as commands reach it: address from the settings, key from the environment."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.domain.sample import KeyInfo
from app.errors import KeyRefusedError
from app.progress import Progress
from app.settings import credentials_from, load_settings


@contextmanager
def object_tracking() -> Iterator[EdgeImpulseClient]:
    """A client for as long as the block lasts; raises KeyRefusedError without a key."""
    settings, credentials = load_settings(), credentials_from()
    if not credentials.edge_impulse_key:
        raise KeyRefusedError(
            "There is no API key for the object-tracking service.", next_step="Set POINTPROOF_EDGE_IMPULSE_API_KEY."
        )
    with HttpClient() as http:
        yield EdgeImpulseClient(http, base_url=settings.edge_impulse_url, key=credentials.edge_impulse_key)


def key_info(edge_impulse: EdgeImpulseClient, progress: Progress) -> KeyInfo:
    """What the key opens; trouble that is coming with it is told on stderr."""
    info = edge_impulse.key_info(progress)
    for problem in info.problems(datetime.now(UTC)):
        sys.stderr.write(f"pointproof: {problem}\n")
    return info
