"""httpx over the sockets of ``network``: what goes on the wire is exactly the target that was asked for."""

import os
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore
import httpx
import truststore

from app.api.network import AddressRule, Backend
from app.api.urls import Origin
from app.errors import UnreachableError

_Pool = httpcore.ConnectionPool


class Transport(httpx.BaseTransport):
    """Connection pools by rule and proxy. Requests carry ``target`` (bytes) and ``rule`` (AddressRule) as extensions.

    httpx would normalise the path of an address and so break signatures; ``target`` goes out untouched.
    """

    def __init__(self, *, max_connections: int) -> None:
        self._max_connections = max_connections
        self._pools: dict[tuple[AddressRule, str, str], _Pool] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is read from the network while it is iterated."""
        url = request.url
        # httpcore would ask a proxy for a tunnel to the target, too, if it found that among the extensions
        extensions = {name: value for name, value in request.extensions.items() if name != "target"}
        core_url = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=request.extensions["target"]
        )
        core_request = httpcore.Request(
            request.method,
            core_url,
            headers=request.headers.raw,
            content=request.read(),
            extensions=extensions,
        )
        with _httpx_errors():
            response = self._pool(request).handle_request(core_request)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, request: httpx.Request) -> _Pool:
        rule: AddressRule = request.extensions["rule"]
        proxy = proxy_of(request.extensions["origin"])
        key = (rule, request.url.scheme, proxy)
        with self._lock:
            if key not in self._pools:
                self._pools[key] = self._new_pool(rule, proxy, encrypted=request.url.scheme == "https")
            return self._pools[key]

    def _new_pool(self, rule: AddressRule, proxy: str, *, encrypted: bool) -> _Pool:
        context = ssl_context() if encrypted else None
        if not proxy:
            return _Pool(ssl_context=context, max_connections=self._max_connections, network_backend=Backend(rule))
        address = _proxy(proxy)
        return httpcore.HTTPProxy(
            str(address.url),
            proxy_auth=address.raw_auth,
            ssl_context=context,
            max_connections=self._max_connections,
            network_backend=Backend(None),
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        with _httpx_errors():
            self._response.close()


def proxy_of(origin: Origin) -> str:
    """The proxy that the user's environment or system names for ``origin``, else an empty string."""
    if origin.is_loopback or urllib.request.proxy_bypass(origin.host):
        return ""
    proxies = urllib.request.getproxies()
    return proxies.get(origin.scheme) or proxies.get("all", "")


def _proxy(address: str) -> httpx.Proxy:
    """The proxy at an address, which may come without its scheme; raises UnreachableError that does not show it, as it
    may hold a password."""
    unusable = UnreachableError(
        "The proxy that the system names has an address that cannot be used.",
        next_step="Set HTTPS_PROXY to an address like http://proxy.example:3128, or unset it.",
    )
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL) as error:
        raise unusable from error
    if proxy.url.scheme not in ("http", "https") or not proxy.url.host:
        raise unusable
    return proxy


def ssl_context() -> ssl.SSLContext:
    """Trust what the operating system trusts, or exactly what SSL_CERT_FILE names; raises UnreachableError."""
    certificates = os.environ.get("SSL_CERT_FILE")
    if certificates:
        try:
            return ssl.create_default_context(cafile=certificates)
        except OSError as error:  # an ssl.SSLError is one, too
            raise UnreachableError(
                f"The certificates in {certificates} cannot be read.",
                next_step="Name a file of PEM certificates in SSL_CERT_FILE, or unset it.",
            ) from error
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """httpcore's errors under the same names in httpx."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
