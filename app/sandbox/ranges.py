"""Files over HTTP with ETag, Range and If-Range, as file stores answer them."""

import re

from app.sandbox.generated import Body
from app.sandbox.origin import Reply, Request

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def file_reply(content: Body, request: Request, *, media_type: str, etag: str) -> Reply:
    """The file, or the part of it that is asked for; 416 for a part behind its end."""
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.header("range"))
    if asked is None or request.header("if-range") not in ("", etag):
        return Reply(200, content, media_type, headers)
    first = int(asked.group(1))
    last = min(int(asked.group(2) or len(content)), len(content) - 1)
    if first > last:
        return Reply(416, b"", media_type, {**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Reply(206, content[first : last + 1], media_type, headers)
