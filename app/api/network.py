"""Sockets that end when the work is cancelled, and that refuse private targets by the address really connected to.

A blocking read cannot be interrupted from outside on every platform, so reads wait in short slices and look at the
work's progress in between; name resolution, connecting and TLS run in a thread of their own that is left behind.
"""

import contextlib
import ipaddress
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import httpcore

from app.api.pace import Pace
from app.errors import UnsafeUrlError
from app.progress import Progress

SLICE = 0.1  # seconds until a cancelled read ends
_ADDRESSES = 3  # so many addresses of a host may each take the time allowed for connecting

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Watch:
    """What ends a wait early: the user (Cancelled), the deadline, in time.monotonic() seconds (ReadTimeout), or a
    body that comes too slowly (TooSlowError)."""

    progress: Progress
    deadline: float | None = None
    pace: Pace | None = None

    def check(self) -> None:
        """Raise when the wait should end."""
        self.progress.check()
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise httpcore.ReadTimeout("the whole answer took too long")

    def note(self, received: int, *, waited: float) -> None:
        """Hear of bytes that came and of the seconds they were waited for; raises when that is too slow."""
        if self.pace is not None:
            self.pace.note(received, waited=waited)


_current: ContextVar[Watch] = ContextVar("watch")


@contextlib.contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let ``watch`` end the network waits of this thread inside the block."""
    token = _current.set(watch)
    try:
        yield
    finally:
        _current.reset(token)


@dataclass(frozen=True)
class AddressRule:
    """Where connections may lead: to ``home``, the configured service, and to public addresses.

    Private and loopback addresses are allowed only when the service itself has such an address; link-local ones,
    where clouds answer questions about credentials, never. ``home`` None: public addresses only.
    """

    home: str | None

    def check(self, host: str, number: str) -> None:
        """Raise UnsafeUrlError unless ``host`` may be contacted at the IP address ``number``."""
        if host == self.home:
            return
        kind = _kind(number)
        if kind == "public" or (kind == "private" and self._home_is_private()):
            return
        raise UnsafeUrlError(
            f"{host} leads to {number}, an address inside a private network.",
            next_step="Such addresses are contacted only when the service itself is on one.",
        )

    def _home_is_private(self) -> bool:
        if self.home is None:
            return False
        try:
            found = socket.getaddrinfo(self.home, None, type=socket.SOCK_STREAM)
        except OSError:
            return False
        return any(_kind(str(entry[4][0])) == "private" for entry in found)


def _kind(number: str) -> str:
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return "forbidden"
    if address.is_loopback or address.is_private:
        return "private"
    return "public" if address.is_global else "forbidden"


class Stream(httpcore.NetworkStream):
    """A connected socket, plain or with TLS."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._socket.settimeout(SLICE)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to ``max_bytes``; raises Cancelled within SLICE seconds of the work's cancellation."""
        watch, began = _current.get(), time.monotonic()
        while True:
            watch.check()
            asked = time.monotonic()
            received = self._receive(max_bytes)
            now = time.monotonic()
            watch.note(len(received or b""), waited=now - asked)
            if received is not None:
                return received
            if timeout is not None and now >= began + timeout:
                raise httpcore.ReadTimeout("nothing came in time")

    def _receive(self, max_bytes: int) -> bytes | None:
        """What is there, empty at the end of the stream; None where nothing came within SLICE seconds."""
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError:
            return None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of ``buffer``; requests are small, so this does not look at the progress."""
        self._socket.settimeout(timeout)
        try:
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error
        finally:
            self._socket.settimeout(SLICE)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS."""
        if isinstance(self._socket, ssl.SSLSocket):
            raise httpcore.ConnectError("a proxy that itself speaks TLS is not supported")
        self._socket.settimeout(timeout)
        return Stream(
            _in_background(lambda: ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), timeout)
        )

    def get_extra_info(self, info: str) -> Any:
        """httpcore asks whether an idle connection was closed by the other side."""
        if info == "is_readable":
            return self._socket.fileno() < 0 or _readable(self._socket)
        return self._socket if info == "socket" else None


class Backend(httpcore.NetworkBackend):
    """Opens connections under a rule; ``None`` where the user's proxy is what gets contacted."""

    def __init__(self, rule: AddressRule | None) -> None:
        self._rule = rule

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of ``host`` that answers."""
        longest = None if timeout is None else timeout * _ADDRESSES  # finding the name counts too
        return Stream(_in_background(lambda: _connect(host, port, timeout, self._rule), longest))


def _connect(host: str, port: int, timeout: float | None, rule: AddressRule | None) -> socket.socket:
    failure: OSError = OSError("the name has no address")
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        number = str(address[0])
        if rule is not None:
            rule.check(host, number)
        try:
            connected = socket.create_connection((number, port), timeout)
        except OSError as error:
            failure = error
            continue
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected
    raise failure


def _in_background(call: Callable[[], socket.socket], timeout: float | None) -> socket.socket:
    """The socket that ``call`` gives within ``timeout`` seconds; a later one is closed and nobody waits for it."""
    outcome: Future[socket.socket] = Future()
    end = None if timeout is None else time.monotonic() + timeout
    threading.Thread(target=_settle, args=(outcome, call), name="connect", daemon=True).start()
    try:
        while not wait([outcome], timeout=SLICE).done:
            _current.get().check()
            if end is not None and time.monotonic() >= end:
                raise httpcore.ConnectTimeout("no connection in time")
    except BaseException:
        outcome.add_done_callback(_close_late)
        raise
    try:
        return outcome.result()
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error


def _settle(outcome: "Future[socket.socket]", call: Callable[[], socket.socket]) -> None:
    try:
        outcome.set_result(call())
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        outcome.set_exception(error)


def _close_late(outcome: "Future[socket.socket]") -> None:
    if outcome.exception() is None:
        outcome.result().close()


def _readable(connected: socket.socket) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(connected, selectors.EVENT_READ)
        return bool(selector.select(0))
