"""Files, or the parts of them that were asked for."""

import hashlib
import re

from app.sandbox.generated import Body, pieces_of
from app.sandbox.origin import Reply, Request

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def ranged_reply(content: Body, media_type: str, request: Request, *, etag: str = "") -> Reply:
    """The content with a strong ETag, by default made from it, or the range of it that the request names."""
    headers = {"ETag": etag or _etag(content), "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.header("range"))
    if asked is None or request.header("if-range") not in ("", headers["ETag"]):
        return Reply(200, content, media_type, headers)
    first = int(asked.group(1))
    last = min(int(asked.group(2) or len(content)), len(content) - 1)
    if first > last:
        return Reply(416, b"", media_type, {**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Reply(206, content[first : last + 1], media_type, headers)


def _etag(content: Body) -> str:
    digest = hashlib.sha256()
    for piece in pieces_of(content):
        digest.update(piece)
    return f'"{digest.hexdigest()[:32]}"'
