"""Certificates and proxies; the certificates are made on the spot by the openssl command."""

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.api.telus import TelusClient
from app.api.transport import proxy_of
from app.api.urls import parse_address
from app.errors import UnreachableError, UnsafeUrlError
from app.sandbox.origin import OriginServer, Reply
from tests.api.origins import KEY, client, credential, keys_seen, origins, redirect

OK = Reply(200, b'{"ok": true}')
CA = """
[ca]
default_ca = small
[small]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""
Certify = Callable[..., Path]


@pytest.fixture(scope="module")
def certify(tmp_path_factory: pytest.TempPathFactory) -> Certify:
    """Makes self-signed certificates: ``certify(name, end="20300101000000Z")`` gives a file with the key in it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")

    def make(name: str, *, end: str = "20491231000000Z") -> Path:
        folder = tmp_path_factory.mktemp("certificate")
        for file, text in (("ca.cnf", CA), ("index.txt", ""), ("serial", "01\n")):
            (folder / file).write_text(text)
        key = ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "asked.pem", "-subj", "/CN=made"]
        signed = ["ca", "-batch", "-notext", "-config", "ca.cnf", "-selfsign", "-keyfile", "key.pem"]
        dates = ["-startdate", "20200101000000Z", "-enddate", end, "-in", "asked.pem", "-out", "cert.pem"]
        for arguments in ([*key, "-addext", f"subjectAltName={name}"], [*signed, *dates]):
            subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True)
        both = folder / "both.pem"
        both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
        return both

    return make


@pytest.fixture(scope="module")
def certificate(certify: Certify) -> Path:
    return certify("IP:127.0.0.1")


@contextmanager
def encrypted(certificate: Path) -> Iterator[OriginServer]:
    with origins(lambda _: OK) as (server,):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.encrypt(context)
        yield server


def refusal(server: OriginServer) -> UnreachableError:
    with client() as http, pytest.raises(UnreachableError) as caught:
        http.request(f"{server.url}/x", credential=credential(server))
    assert server.recorder.requests == ()
    assert KEY not in str(caught.value)
    return caught.value


def test_a_self_signed_certificate_is_named_and_not_tried_again(certificate: Path) -> None:
    with encrypted(certificate) as server:
        error = refusal(server)
    assert "certificate of 127.0.0.1 is not trusted: self" in error.message
    assert "SSL_CERT_FILE" in error.next_step


def test_an_expired_certificate_is_named(certify: Certify, monkeypatch: pytest.MonkeyPatch) -> None:
    expired = certify("IP:127.0.0.1", end="20200201000000Z")
    monkeypatch.setenv("SSL_CERT_FILE", str(expired))
    with encrypted(expired) as server:
        assert "certificate has expired" in refusal(server).message


def test_a_certificate_of_another_host_is_named(certify: Certify, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = certify("DNS:elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(foreign))
    with encrypted(foreign) as server:
        message = refusal(server).message
    assert "certificate of 127.0.0.1 is not trusted" in message
    assert "not valid for '127.0.0.1'" in message


def test_another_scheme_is_another_origin_and_gets_no_key(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as store:
        moved = redirect(f"{store.url}/file")
        with origins(lambda _: moved) as (api,), client() as http:
            assert http.request(f"{api.url}/x", credential=credential(api)).body == OK.body
    assert keys_seen(api) == [KEY]
    assert keys_seen(store) == [""]


def test_a_redirect_down_to_http_is_refused_and_names_both_origins(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as api, origins(lambda _: OK) as (store,), client() as http:
        api.respond = lambda _: redirect(f"{store.url}/file?X-Amz-Signature=hidden")
        with pytest.raises(UnsafeUrlError, match="not encrypted") as caught:
            http.request(f"{api.url}/x", credential=credential(api))
    assert api.url in caught.value.message
    assert store.url in caught.value.message
    assert "hidden" not in str(caught.value)
    assert len(api.recorder.requests) == 1
    assert store.recorder.requests == ()


def test_a_private_authority_can_be_named_in_the_environment(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as server, client() as http:
        for _ in range(2):
            assert http.request(f"{server.url}/x", credential=credential(server)).body == OK.body


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_of_certificates_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with client() as http, pytest.raises(UnreachableError, match=r"authority\.pem cannot be read") as caught:
        http.request("https://127.0.0.1:9/x")
    assert "SSL_CERT_FILE" in caught.value.next_step


@pytest.fixture
def no_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def tunnel(server: OriginServer) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that leads every CONNECT to ``server``: its address, and what was said to itself."""
    heard: list[bytes] = []
    target = ("127.0.0.1", int(server.url.rpartition(":")[2]))

    def serve() -> None:
        inside, _ = listener.accept()
        with inside, socket.create_connection(target) as outside:
            heard.append(inside.recv(65536))
            inside.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(outside, inside))
            back.start()
            _pump(inside, outside)
            back.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        thread.join(10)
        assert not thread.is_alive()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@pytest.mark.usefixtures("no_exceptions")
def test_a_proxy_of_the_environment_carries_the_request_and_sees_no_key(
    certify: Certify, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certify("DNS:api.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as server, tunnel(server) as (proxy, heard):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        server.respond = lambda _: Reply(200, b'{"success": true, "data": {"name": "through the proxy"}}')
        with client() as http:
            project = TelusClient(http, base_url="https://api.example", key=KEY).project("p")
    assert project.name == "through the proxy"
    assert server.recorder.requests[0].headers["x-api-key"] == KEY
    assert heard[0].startswith(b"CONNECT api.example:443 HTTP/1.1\r\n")
    assert KEY.encode() not in b"".join(heard)


@pytest.mark.usefixtures("no_exceptions")
@pytest.mark.parametrize(
    ("exceptions", "proxied"),
    [("", True), ("other.example", True), ("api.example", False), (".example", False), ("*", False)],
)
def test_no_proxy_names_hosts_that_are_asked_without_it(
    exceptions: str, proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", exceptions)
    found = proxy_of(parse_address("https://api.example/x").origin)
    assert found == ("http://proxy.example:3128" if proxied else "")


@pytest.mark.usefixtures("no_exceptions")
def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with origins(lambda _: OK) as (proxy,), client() as http:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(UnreachableError, match=r"proxy in between does not let api\.example be reached"):
            http.request("https://api.example/x")


@pytest.mark.usefixtures("no_exceptions")
@pytest.mark.parametrize(
    "address", ["ftp://user:hidden@proxy.example", "socks5://user:hidden@proxy.example", "http://"]
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with client() as http, pytest.raises(UnreachableError, match="proxy that the system names") as caught:
        http.request("https://api.example/x")
    assert "hidden" not in str(caught.value)
    assert "HTTPS_PROXY" in caught.value.next_step


@pytest.mark.usefixtures("no_exceptions")
def test_a_proxy_may_be_named_without_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    with origins(lambda _: OK) as (proxy,), client() as http:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.removeprefix("http://"))
        with pytest.raises(UnreachableError, match="proxy in between"):
            http.request("https://api.example/x")


def test_this_machine_is_never_asked_for_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    with origins(lambda _: OK) as (server,), client() as http:
        assert http.request(f"{server.url}/x").body == OK.body
