"""Which addresses may be contacted, and how parts become one address without ever changing its host."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urljoin

import httpx

from app.errors import InputError, UnsafeUrlError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]*))?")
_ASCII_HOST = re.compile(r"[A-Za-z0-9._\-]{1,253}")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))  # what a request line can carry as it is


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port: what a secret is bound to. The host is ASCII and lower case, IPv6 without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine by name or number."""
        return self.host == "localhost" or self.host.endswith(".localhost") or _is_loopback_number(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}")


@dataclass(frozen=True, repr=False)
class Address:
    """An acceptable web address; ``target`` is its path and query, byte for byte as they came.

    ``str()`` hides the query: signed addresses carry credentials there.
    """

    origin: Origin
    target: str

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def __str__(self) -> str:
        return f"{self.origin}{self.path}" + ("?…" if "?" in self.target else "")

    __repr__ = __str__


def parse_address(url: str) -> Address:
    """Accept an https address, or an http address of this machine; anything else raises UnsafeUrlError."""
    text = url.strip()
    match = _SCHEME.match(text)
    scheme = match.group(1).lower() if match else ""
    if scheme not in _DEFAULT_PORTS or match is None:
        raise _unsafe(
            f"Addresses that start with {scheme}: are not contacted." if scheme else "That is no web address."
        )
    rest = text[match.end() :]
    if not rest.startswith("//"):
        raise _unsafe("That is no complete web address.")
    authority, target = _split_authority(rest[2:])
    origin = _origin(scheme, authority)
    if scheme == "http" and not origin.is_loopback:
        raise _unsafe(f"{origin} is not encrypted; only https addresses are contacted.")
    return Address(origin, _target(target))


def resolve_location(base: Address, location: bytes) -> Address:
    """Where a redirect leads; path and query of ``location`` stay as they came, since signatures cover them.

    Raises UnsafeUrlError for addresses that are not acceptable and for a step from https down to http.
    """
    text = quote(location.strip(), safe=_VISIBLE)
    if not text or text.startswith("#"):
        raise _unsafe(f"{base.origin.host} redirects to nowhere.")
    address = _resolve(base, text)
    if base.origin.scheme == "https" and address.origin.scheme == "http":
        raise _unsafe(f"{base.origin} redirects to {address.origin}, which is not encrypted.")
    return address


def join(base: str, *segments: str, query: Mapping[str, str] | None = None) -> str:
    """``base`` with path segments and a query, each percent-encoded so that no id can change the address around it.

    Raises UnsafeUrlError for an unusable base and InputError for a segment that cannot be one step of a path.
    """
    address = parse_address(base)
    if "?" in address.target or "#" in base:
        raise InputError(
            f"The service address {address} has a query or a fragment.", next_step="Enter it up to its path only."
        )
    path = "/".join([address.path.rstrip("/"), *map(_segment, segments)])
    return f"{address.origin}{path}" + (f"?{urlencode(query, quote_via=quote, safe='')}" if query else "")


def service_base(base: str) -> str:
    """A configured service address without trailing slashes and without a trailing ``/v1``, which clients add."""
    text = base.strip().rstrip("/")
    return text[: -len("/v1")].rstrip("/") if text.endswith("/v1") else text


def _segment(value: str) -> str:
    try:
        encoded = quote(value, safe="")
    except UnicodeEncodeError:
        encoded = ""
    if encoded in ("", ".", "..") or "\0" in value:
        raise InputError(f"{value!r} cannot be an id.", next_step="Check the id that was entered.")
    return encoded


def _resolve(base: Address, text: str) -> Address:
    if _SCHEME.match(text):
        return parse_address(text)
    if text.startswith("//"):
        return parse_address(f"{base.origin.scheme}:{text}")
    if text.startswith("?"):
        return Address(base.origin, _target(base.path + text))
    if text.startswith("/"):
        return Address(base.origin, _target(text))
    return Address(base.origin, _target(urljoin(base.path, "./" + text)))


def _split_authority(rest: str) -> tuple[str, str]:
    end = re.search(r"[/?#]", rest)
    return (rest[: end.start()], rest[end.start() :]) if end else (rest, "")


def _target(text: str) -> str:
    target = quote(text.partition("#")[0], safe=_VISIBLE)
    return target if target.startswith("/") else "/" + target


def _origin(scheme: str, authority: str) -> Origin:
    if "@" in authority:
        raise _unsafe("Addresses with a user name in them are not contacted.")
    match = _AUTHORITY.fullmatch(authority)
    port = int(match.group(2) or _DEFAULT_PORTS[scheme]) if match else 0
    if match is None or not 0 < port < 65536:
        raise _unsafe("That is no web address: its host is malformed.")
    return Origin(scheme, _host(match.group(1)), port)


def _host(text: str) -> str:
    if text.startswith("["):
        return _ip_literal(text[1:-1])
    if _ASCII_HOST.fullmatch(text):
        return text.lower()
    if text.isascii():
        raise _unsafe("That is no web address: its host is malformed.")
    try:
        return httpx.URL(scheme="https", host=text).raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise _unsafe("That is no web address: its host is malformed.") from error


def _ip_literal(text: str) -> str:
    try:
        return ipaddress.IPv6Address(text).compressed
    except ValueError as error:
        raise _unsafe("That is no web address: its host is malformed.") from error


def _is_loopback_number(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unsafe(message: str) -> UnsafeUrlError:
    return UnsafeUrlError(message, next_step="Check the service address in the settings, or the document it came from.")
