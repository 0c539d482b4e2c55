"""Addresses as the workspace knows them: a key to find a file by, and a text that is safe to show and to keep.

A URL may carry a signature in its query, so the URL itself is never stored outside of what the service sent.
"""

import hashlib
import re
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

# what the object-tracking service computed and was asked: small, and it may answer otherwise today
ANSWER_PATTERNS = (
    "edge-impulse:/projects/*/post-processing/*",
    "edge-impulse:/projects/*/impulses-detailed",
    "delivery:/jobs/*",
)

_LONGEST_SHOWN = 1000
_IMPULSES = re.compile(r"edge-impulse:/projects/(\d{1,18})/impulses-detailed", re.ASCII)


def url_key(url: str) -> str:
    """SHA-256 of the whole URL as 64 hex digits; names a file without revealing its address."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def shown_url(url: str) -> str:
    """The URL without user name, password, query and fragment, at most 1000 characters."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        shown = urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return "(unreadable address)"
    return shown.encode("utf-8", "replace").decode()[:_LONGEST_SHOWN]


def answer_address(*, ei_project_id: int, block_id: int, sample_id: int, variant: str) -> str:
    """Under which address the post-processing answer for a sample is kept; not a URL of the service."""
    return (
        f"edge-impulse:/projects/{ei_project_id}/post-processing/{block_id}/samples/{sample_id}"
        f"/{quote(variant, safe='')}"
    )


def request_address(answer: str) -> str:
    """Under which address the request that led to the answer at the address ``answer`` is kept."""
    return f"{answer}/request"


def sample_media_address(*, ei_project_id: int, sample_id: int, kind: Literal["video", "image"]) -> str:
    """Under which address the video or the image of a sample is kept."""
    return f"edge-impulse:/projects/{ei_project_id}/samples/{sample_id}/{kind}"


def impulses_address(ei_project_id: int) -> str:
    """Under which address the impulses of an Edge Impulse project are kept."""
    return f"edge-impulse:/projects/{ei_project_id}/impulses-detailed"


def impulses_project(address: str) -> int | None:
    """The Edge Impulse project whose impulses are kept under an address; None for any other address."""
    found = _IMPULSES.fullmatch(address)
    return int(found[1]) if found else None


def delivered_answer_address(job_id: str, camera: str) -> str:
    """Under which address the answer for a camera is kept that came with a delivery, of a sample nobody knows."""
    return f"delivery:/jobs/{quote(job_id, safe='')}/cameras/{quote(camera, safe='')}/answer"


def delivered_impulses_address(job_id: str) -> str:
    """Under which address impulses are kept that came with a delivery."""
    return f"delivery:/jobs/{quote(job_id, safe='')}/impulses-detailed"


def delivered_result_address(job_id: str) -> str:
    """Under which address a result document is kept that came with a delivery."""
    return f"delivery:/jobs/{quote(job_id, safe='')}/result"
