"""Strict JSON into tolerant records: the text must be valid, what it says may miss or be odd anywhere.

Records are msgspec structs whose containers are ``Maybe[Record]`` and ``Rows[Record]`` and whose leaves are ``Any``;
the accessors below turn them into plain values. So a wrong type inside a document never refuses the whole document,
while fields that nobody reads are skipped without being built.
"""

import re
from math import isfinite
from typing import Any, TypeAlias, TypeVar

import msgspec

from app.domain.finding import printable
from app.errors import DocumentFormatError

MAX_DOCUMENT_BYTES = 512 * 1024 * 1024
LONGEST_MESSAGE = 400

T = TypeVar("T")

Maybe: TypeAlias = T | list[Any] | str | int | float | bool | None
Rows: TypeAlias = list[Maybe[T]] | dict[str, Any] | str | int | float | bool | None

_MAGIC = (
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF file"),
    (b"# .PCD", "a point cloud (PCD)"),
    (b"VERSION", "a point cloud (PCD)"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
_QUERY = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s?#\"']*)[?#][^\s\"']*", re.IGNORECASE)
_HTML = re.compile(rb"(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML_CODE = re.compile(rb"<Code>\s*([A-Za-z0-9.]{1,60})\s*</Code>")
_POSITION = re.compile(r" \(byte (\d+)\)$")
_HALF_PAIR = re.compile(rb"(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2})(?!\\u[dD][c-fC-F])")


def decode(raw: bytes, kind: type[T], *, what: str) -> T:
    """Read one JSON object, as a record or a plain ``dict``; ``what`` names the document in messages ("job result").

    Raises DocumentFormatError with the byte position where known: no JSON at all (named for what it is), cut short,
    text after the end, comments, NaN, broken UTF-8, nesting without end, or more than MAX_DOCUMENT_BYTES.
    """
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise DocumentFormatError(f"The {what} has {len(raw):,} bytes, more than the {MAX_DOCUMENT_BYTES:,} allowed.")
    try:
        if not raw.isascii():
            raw.decode("utf-8")  # text in fields that are skipped would otherwise go unchecked
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise _misfit(raw, str(error), what) from error
    except msgspec.DecodeError as error:
        raise _explained(raw, str(error), what) from error
    except UnicodeDecodeError as error:
        raise _foreign(raw, what) or _damaged(what, "a byte that is not UTF-8 text", error.start) from error
    except RecursionError as error:
        raise _too_deep(what) from error
    except MemoryError as error:
        raise DocumentFormatError(f"The {what} does not fit into memory.") from error


def rows(value: Rows[T], kind: type[T]) -> list[T]:
    """The records of a list; anything else in its place, or among them, is left out."""
    return [row for row in value if isinstance(row, kind)] if isinstance(value, list) else []


def oddities(value: object, kind: type[object]) -> int:
    """How many entries of a list are neither records nor null."""
    return sum(row is not None and not isinstance(row, kind) for row in value) if isinstance(value, list) else 0


def part(value: Maybe[T], kind: type[T]) -> T | None:
    """A nested record; None where something else stands in its place."""
    return value if isinstance(value, kind) else None


def text(value: object) -> str:
    """A string as it is, a number or a yes/no as JSON writes it, anything else as the empty string."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""


def texts(value: object) -> tuple[str, ...]:
    """The non-empty strings of a list."""
    return tuple(filter(None, map(text, value))) if isinstance(value, list) else ()


def number(value: object) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def whole(value: object) -> int | None:
    """A whole number that fits 64 bits, also written ``16.0`` or as text; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value, re.ASCII):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -(2**63) <= value < 2**63 else None


def spoken(value: object) -> str:
    """A service's own words, fit for a message: at most LONGEST_MESSAGE characters, addresses without their query."""
    words = printable(_QUERY.sub(r"\1?…", text(value).strip()))
    return words if len(words) <= LONGEST_MESSAGE else words[: LONGEST_MESSAGE - 1] + "…"


def flag(value: object) -> bool:
    """Whether the value is a plain true."""
    return value is True


def _misfit(raw: bytes, reason: str, what: str) -> DocumentFormatError:
    """Valid so far, but not what belongs there: damage further on is the better explanation."""
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
    except RecursionError:
        return _too_deep(what)
    except msgspec.DecodeError as error:
        return _explained(raw, str(error), what)
    found = re.fullmatch(r"Expected `object`, got `(\w+)`", reason)
    if found:
        return DocumentFormatError(f"The {what} should be a JSON object, but is of type {found[1]}.", position=0)
    return DocumentFormatError(f"The {what} cannot be read: {reason}.")


def _too_deep(what: str) -> DocumentFormatError:
    return DocumentFormatError(f"The {what} is nested too deeply to be genuine.")


def _explained(raw: bytes, reason: str, what: str) -> DocumentFormatError:
    foreign = _foreign(raw, what)
    if foreign:
        return foreign
    found = _POSITION.search(reason)
    if found is None:
        return _ended(raw, what)
    position = int(found[1]) - ("trailing characters" in reason)  # that one is counted behind the character
    oddity = _oddity(raw[position : position + 9], reason)
    if oddity:
        return _damaged(what, oddity, position)
    if position == 0:
        return _mistaken(what, "other text", "Check that the right file or address was given.")
    detail = _POSITION.sub("", reason).removeprefix("JSON is malformed: ")
    return DocumentFormatError(f"The {what} is damaged at byte {position:,}: {detail}.", position=position)


def _oddity(there: bytes, reason: str) -> str:
    if there.startswith((b"//", b"/*")):
        return "a comment, which JSON does not allow"
    if re.match(rb"-?(?:NaN|Infinity)", there):
        return "NaN or Infinity, which JSON does not allow"
    return "more text after its end" if "trailing characters" in reason else ""


def _ended(raw: bytes, what: str) -> DocumentFormatError:
    broken = _HALF_PAIR.search(raw)
    if broken:  # msgspec reports half a surrogate pair as an early end
        return _damaged(what, "half of a surrogate pair", broken.start(1))
    return DocumentFormatError(
        f"The {what} is cut short after {len(raw):,} bytes.", position=len(raw), next_step="Fetch it again."
    )


def _damaged(what: str, oddity: str, position: int) -> DocumentFormatError:
    return DocumentFormatError(f"The {what} has {oddity}, at byte {position:,}.", position=position)


def _foreign(raw: bytes, what: str) -> DocumentFormatError | None:
    """The error for bytes that are plainly something else than JSON; None where they might be JSON."""
    start = raw[:4096].lstrip()
    if not start:
        return DocumentFormatError(f"The {what} is empty.", position=0, next_step="Fetch it again.")
    if _HTML.match(start):
        return _mistaken(what, "a web page (HTML)", "A login page or a proxy may stand in between; check the address.")
    if start.startswith(b"<"):
        return _xml(raw, what)
    if start.startswith(b"\xef\xbb\xbf"):
        return _mistaken(what, "text that begins with a byte order mark", "Save it as UTF-8 without one.")
    kind = next((kind for magic, kind in _MAGIC if start.startswith(magic)), None)
    return _mistaken(what, kind, "Check that the right file or address was given.") if kind else None


def _xml(raw: bytes, what: str) -> DocumentFormatError:
    code = _XML_CODE.search(raw[:4096])
    if code is None:
        return _mistaken(what, "XML", "Check that the right file or address was given.")
    answer = f"XML, an answer of the file store ({code[1].decode('ascii')})"
    return _mistaken(what, answer, "Its address may have expired or the key may lack access; fetch it again.")


def _mistaken(what: str, kind: str, next_step: str) -> DocumentFormatError:
    return DocumentFormatError(f"The {what} is not JSON but {kind}.", position=0, next_step=next_step)
