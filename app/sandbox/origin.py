"""One web origin on this machine: a small threaded HTTP server around a function from request to reply."""

import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from app.sandbox.faults import Fault, FaultKind, Faults
from app.sandbox.generated import Body, pieces_of
from app.sandbox.recording import Recorded, Recorder

HOST = "127.0.0.1"
_LOGIN_PAGE = b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>Please log in.</body></html>"


@dataclass(frozen=True)
class Request:
    """A request ready to be answered; ``segments`` are the path's steps, percent-decoded."""

    recorded: Recorded

    @property
    def segments(self) -> tuple[str, ...]:
        """Decoded steps of the path, without empty ones."""
        return tuple(unquote(step) for step in self.recorded.path.split("/") if step)

    @property
    def query(self) -> Mapping[str, str]:
        """Decoded query, the last of repeated names."""
        text = self.recorded.target.partition("?")[2]
        return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}

    def header(self, name: str) -> str:
        """A header by lower-case name, empty where it is missing."""
        return self.recorded.headers.get(name, "")


@dataclass(frozen=True)
class Reply:
    """What to send back."""

    status: int = 200
    body: Body = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False


Respond = Callable[[Request], Reply]


def json_reply(document: Mapping[str, Any], *, status: int = 200) -> Reply:
    """A JSON document."""
    return Reply(status, json.dumps(document).encode())


class OriginServer:
    """Serves ``respond`` on 127.0.0.1 from its own threads until ``stop``; ``port`` 0 takes a free one."""

    def __init__(
        self,
        name: str,
        respond: Respond,
        *,
        port: int = 0,
        recorder: Recorder | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.name = name
        self.respond = respond
        self.recorder = recorder or Recorder()
        self.faults = faults or Faults()
        self.stopping = threading.Event()
        self._server = _Server((HOST, port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=f"sandbox {name}")
        self._thread.daemon = True
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it serves, without a trailing slash."""
        scheme = "https" if self._server.context else "http"
        return f"{scheme}://{HOST}:{self._server.server_address[1]}"

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS on connections from now on."""
        self._server.context = context

    def stop(self) -> None:
        """Close the port and every open connection, and wait for the threads; a second call does nothing."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], origin: OriginServer) -> None:
        self.origin = origin
        self.context: ssl.SSLContext | None = None
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.context is not None:
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._open_lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Wake every handler that waits for its client."""
        with self._open_lock:
            for connection in self._open:
                _end(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is no error of the server; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PointproofSandbox"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Requests are recorded, not printed: their targets may hold signatures."""

    def _serve(self) -> None:
        origin = self.server.origin
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        recorded = Recorded(origin.name, self.command, self.path, headers, body)
        origin.recorder.add(recorded)
        fault = origin.faults.take(origin.name, self.path)
        if fault is not None and fault.kind is FaultKind.HANG:
            self._wait_for_the_end()
            return
        self._send(_instead(fault) or origin.respond(Request(recorded)), fault)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        declared = len(reply.body) + (100 if kind is FaultKind.WRONG_LENGTH else 0)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(declared))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if fault is not None and kind is FaultKind.SLOW:
            self._drip(reply.body, fault)
        elif fault is not None and kind is FaultKind.STALL:
            self._write(reply.body[: fault.after_bytes])
            self._wait_for_the_end()
        elif fault is not None and kind in (FaultKind.CUT, FaultKind.WRONG_LENGTH):
            self._cut(reply, fault)
        else:
            self._write(reply.body, chunked=reply.chunked)

    def _write(self, body: Body, *, chunked: bool = False, ended: bool = True) -> None:
        for piece in pieces_of(body):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked and ended:
            self.wfile.write(b"0\r\n\r\n")

    def _drip(self, body: Body, fault: Fault) -> None:
        for start in range(0, len(body), fault.piece_bytes):
            self._write(body[start : start + fault.piece_bytes])
            if self.server.origin.stopping.wait(fault.seconds):
                break

    def _cut(self, reply: Reply, fault: Fault) -> None:
        part = reply.body if fault.kind is FaultKind.WRONG_LENGTH else reply.body[: fault.after_bytes]
        self._write(part, chunked=reply.chunked, ended=False)
        self.close_connection = True

    def _wait_for_the_end(self) -> None:
        self.close_connection = True
        self.connection.recv(1)  # returns when the client leaves or the sandbox stops


def _instead(fault: Fault | None) -> Reply | None:
    """The reply that a fault gives in place of the real one."""
    if fault is None:
        return None
    if fault.kind is FaultKind.TOO_MANY:
        return Reply(429, b"slow down", "text/plain", {"Retry-After": fault.retry_after})
    if fault.kind is FaultKind.ERROR:
        return Reply(fault.status, b"the server has a problem", "text/plain")
    if fault.kind is FaultKind.HTML:
        return Reply(200, _LOGIN_PAGE, "text/html; charset=utf-8")
    return xml_error(403, "AccessDenied", "Request has expired") if fault.kind is FaultKind.EXPIRED else None


def xml_error(status: int, code: str, message: str) -> Reply:
    """An error in the form of S3."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Reply(status, body.encode(), "application/xml")
