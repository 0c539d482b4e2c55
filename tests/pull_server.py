"""A small annotation service with one job of many files, which counts what it sent of each; and pulling from it."""

import hashlib
import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.progress import Progress
from app.sync import DownloadSummary, download_job
from app.workspace import Workspace
from tests.builders import result_document

PROJECT, JOB = "project", "job"
RESULT_URL = "https://data.example/pull/result.json"
BUFFER = 16 << 10  # asked of the system for each end of a connection; it takes twice that
IN_FLIGHT = 4 * BUFFER + (64 << 10)  # bytes that a killed client may have been sent without having them


class PullServer:
    """Serves on 127.0.0.1 until ``stop``: ``frames`` of mask, scan and images of ``size`` bytes each."""

    def __init__(self, *, frames: int, size: int, cameras: Sequence[str]) -> None:
        names = [f"{index:06d}" for index in range(frames)]
        document = result_document("pull", names, cameras)
        urls = sorted(set(re.findall(r'https://data\.example/[^"]*', json.dumps(document))))
        self.files: Mapping[str, bytes] = {
            **{url: _content(url, size) for url in urls},
            RESULT_URL: json.dumps({**document, "padding": "." * size}).encode(),
        }
        self.sent: Counter[str] = Counter()  # bytes by address
        self.asked: Counter[str] = Counter()
        self.whole: Counter[str] = Counter()  # complete bodies by address
        self.lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="pull server")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def pull_server(*, frames: int, size: int, cameras: Sequence[str] = ("front", "left")) -> Iterator[PullServer]:
    server = PullServer(frames=frames, size=size, cameras=cameras)
    try:
        yield server
    finally:
        server.stop()


def pull(root: Path, service: str) -> DownloadSummary:
    """Fetch the job into the workspace."""
    with Workspace.open(root) as workspace, HttpClient(requests_per_second=None, tries=1) as http:
        telus = TelusClient(http, base_url=service, key="key")
        return download_job(workspace, telus, project_id=PROJECT, job_id=JOB, progress=Progress())


def _content(url: str, size: int) -> bytes:
    digest = hashlib.sha256(url.encode()).digest()
    return (digest * (size // len(digest) + 1))[:size]


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, service: PullServer) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), _Handler)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)  # connections inherit it

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients are killed here; that is the point."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        url = parse_qs(parts.query).get("url", [""])[0]
        if parts.path.endswith(f"/jobs/{JOB}"):
            self._json(self._job())
        elif parts.path == "/v1/attachments":
            self._redirect(f"/store?{parts.query}")
        else:
            self._file(url)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to see."""

    def _job(self) -> dict[str, object]:
        names = {"project_id": PROJECT, "reference_id": "pull", "job_id": JOB, "batch_id": "batch"}
        return {"data": {**names, "status": "completed", "result": RESULT_URL}, "success": True}

    def _json(self, document: dict[str, object]) -> None:
        body = json.dumps(document).encode()
        self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _redirect(self, target: str) -> None:
        self._head(302, {"Location": target, "Content-Length": "0"})

    def _file(self, url: str) -> None:
        service, content = self.server.service, self.server.service.files[url]
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if start and self.headers.get("If-Range") != etag:
            start = 0
        headers = {"ETag": etag, "Content-Type": "application/octet-stream"}
        with service.lock:
            service.asked[url] += 1
        if start >= len(content):
            self._head(416, {**headers, "Content-Range": f"bytes */{len(content)}", "Content-Length": "0"})
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._head(206 if start else 200, {**headers, "Content-Length": str(len(content) - start)})
        self._body(url, memoryview(content)[start:])

    def _body(self, url: str, body: memoryview) -> None:
        service, size = self.server.service, len(body)
        while body:
            sent = self.connection.send(body[:BUFFER])
            body = body[sent:]
            with service.lock:
                service.sent[url] += sent
        with service.lock:
            service.whole[url] += size == len(service.files[url])

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
