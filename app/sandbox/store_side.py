"""The file store: hands out files for signed addresses that expire, and refuses whoever brings a secret."""

import hashlib
import hmac
import mimetypes
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from app.sandbox.origin import Reply, Request, xml_error
from app.sandbox.ranges import ranged_reply
from app.sandbox.recording import Recorder

_KEY_HEADERS = ("x-api-key", "authorization", "x-jwt-token", "cookie")


class StoreSide:
    """Signs addresses for files and answers for them. ``keys`` are the secrets that must never arrive here."""

    def __init__(self, *, keys: Sequence[str], recorder: Recorder, seconds: float, clock: Callable[[], float]) -> None:
        self._secret = hashlib.sha256(repr(clock()).encode()).digest()
        self._keys = tuple(keys)
        self._recorder = recorder
        self._seconds = seconds
        self._clock = clock
        self._files: dict[str, Path] = {}

    def signed_target(self, path: Path) -> str:
        """Path and query under which ``path`` can be fetched for a while, in the manner of S3."""
        handle = hashlib.sha256(str(path).encode()).hexdigest()[:20]
        self._files[handle] = path
        target = f"/objects/{handle}/{quote(path.name)}"
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock()))
        # %2F and + are here on purpose: who re-encodes the address breaks its signature
        query = (
            f"X-Amz-Algorithm=HMAC-SHA256&X-Amz-Credential=sandbox%2F{moment[:8]}%2Flocal&X-Amz-Date={moment}"
            f"&X-Amz-Expires={self._clock() + self._seconds:.3f}&response-content-disposition=inline+file"
        )
        return f"{target}?{query}&X-Amz-Signature={self._sign(target, query)}"

    def respond(self, request: Request) -> Reply:
        """A file or a part of it, or an error in XML."""
        if self._carries_key(request):
            self._recorder.add_leak(request.recorded)
            return xml_error(400, "InvalidArgument", "Only one auth mechanism allowed")
        path, _, query = request.recorded.target.partition("?")
        signed, _, signature = query.rpartition("&X-Amz-Signature=")
        if not hmac.compare_digest(self._sign(path, signed).encode(), signature.encode()):
            return xml_error(403, "SignatureDoesNotMatch", "The signature does not match")
        if float(request.query["X-Amz-Expires"]) < self._clock():
            return xml_error(403, "AccessDenied", "Request has expired")
        file = self._files.get(request.segments[1])
        if file is None or not file.is_file():
            return xml_error(404, "NoSuchKey", "The specified key does not exist")
        return _file_reply(file, request)

    def _sign(self, target: str, query: str) -> str:
        return hmac.new(self._secret, f"{target}\n{query}".encode(), hashlib.sha256).hexdigest()

    def _carries_key(self, request: Request) -> bool:
        recorded = request.recorded
        text = "\n".join([recorded.target, *recorded.headers.values()])
        return any(request.header(name) for name in _KEY_HEADERS) or any(key in text for key in self._keys)


def _file_reply(file: Path, request: Request) -> Reply:
    return ranged_reply(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream", request)
