"""The sandbox: both services and a file store on this machine, over real HTTP."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from app.domain.post_processing import HAS_RESULTS
from app.errors import InputError
from app.sandbox.deliveries import open_deliveries
from app.sandbox.edge_impulse_side import EdgeImpulseSide
from app.sandbox.faults import Faults
from app.sandbox.origin import OriginServer, Respond
from app.sandbox.recording import Recorded, Recorder
from app.sandbox.sample_answer import Processing
from app.sandbox.store_side import StoreSide
from app.sandbox.telus_side import TelusSide

TELUS_KEY = "sandbox-annotation-key"
EDGE_IMPULSE_KEY = "ei_sandbox_object_tracking_key_0001"


class Sandbox:
    """Serves delivery folders until ``stop``, as three origins on 127.0.0.1: port, port + 1 and port + 2.

    ``port`` 0 takes three free ports. ``extra_jobs`` adds that many rows to each batch, some still in work.
    ``signature_seconds`` is how long a signed address of the store is good for. Raises InputError for a folder that
    is no delivery, and for a port that is taken.
    """

    def __init__(
        self,
        deliveries: Sequence[Path],
        *,
        port: int = 0,
        telus_key: str = TELUS_KEY,
        edge_impulse_key: str = EDGE_IMPULSE_KEY,
        extra_jobs: int = 0,
        signature_seconds: float = 300.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        opened = open_deliveries(deliveries)
        self.telus_key = telus_key
        self.edge_impulse_key = edge_impulse_key
        self.faults = Faults()
        self._recorder = Recorder()
        self._stopped = threading.Event()
        self._origins: list[OriginServer] = []
        self._edge_impulse = EdgeImpulseSide(opened, key=edge_impulse_key)
        keys = (telus_key, *self._edge_impulse.keys.values())
        self._store = StoreSide(keys=keys, recorder=self._recorder, seconds=signature_seconds, clock=clock)
        telus = TelusSide(opened, key=telus_key, extra_jobs=extra_jobs, signed_url=self._signed_url)
        sides = {"telus": telus.respond, "edge-impulse": self._edge_impulse.respond, "store": self._store.respond}
        for step, (name, respond) in enumerate(sides.items()):
            self._serve(name, respond, port + step if port else 0)
        self._edge_impulse.url = self.edge_impulse_url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def telus_url(self) -> str:
        """The annotation service."""
        return self._origins[0].url

    @property
    def edge_impulse_url(self) -> str:
        """The object-tracking service."""
        return self._origins[1].url

    @property
    def store_url(self) -> str:
        """The file store that signed addresses lead to."""
        return self._origins[2].url

    @property
    def edge_impulse_keys(self) -> dict[int, str]:
        """Keys by project id; the first is ``edge_impulse_key``."""
        return self._edge_impulse.keys

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Every request so far, in order of arrival."""
        return self._recorder.requests

    @property
    def leaks(self) -> tuple[Recorded, ...]:
        """Requests that brought an API key to the store: there must never be any."""
        return self._recorder.leaks

    def forget_requests(self) -> None:
        """Start recording anew."""
        self._recorder.clear()

    def set_sample_state(self, sample: str, state: str = HAS_RESULTS, *, polls: int = 2, succeeds: bool = True) -> None:
        """Put a sample, such as ``"street front"``, into ``has-results``, ``job-is-running`` or ``no-results``.

        Its job ends at the ``polls``-th question about it, and leaves results behind if it ``succeeds``.
        """
        self._edge_impulse.set_state(sample, state, polls=polls, succeeds=succeeds)

    def set_sample_processing(self, sample: str, *, running: bool = False, problem: str = "") -> None:
        """Let the service be still at work on a sample, or have failed with it for a reason."""
        self._edge_impulse.set_processing(sample, Processing(running=running, problem=problem))

    def set_key_info(self, **info: str) -> None:
        """What the object-tracking service says about its keys: ``role``, and ``expires`` as a date."""
        self._edge_impulse.key_info = info

    def wait(self, seconds: float | None = None) -> bool:
        """Serve until ``stop`` is called elsewhere, at most ``seconds``; tells whether it was stopped."""
        return self._stopped.wait(seconds)

    def stop(self) -> None:
        """Close all ports and connections; a second call does nothing."""
        for origin in self._origins:
            origin.stop()
        self._stopped.set()

    def _serve(self, name: str, respond: Respond, port: int) -> None:
        try:
            origin = OriginServer(name, respond, port=port, recorder=self._recorder, faults=self.faults)
        except OSError as error:
            self.stop()
            raise InputError(f"Port {port} cannot be used.", next_step="Choose another with --port.") from error
        self._origins.append(origin)

    def _signed_url(self, path: Path) -> str:
        return self.store_url + self._store.signed_target(path)
