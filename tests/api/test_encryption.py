"""Certificates and proxies; the certificates are made on the spot by the openssl command."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import UnreachableError
from app.sandbox.origin import OriginServer, Reply
from tests.api.origins import client, credential, origins

OK = Reply(200, b'{"ok": true}')


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    subject = ["-subj", "/CN=sandbox", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([openssl, *made, *subject], cwd=folder, check=True, capture_output=True)
    (folder / "both.pem").write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return folder / "both.pem"


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[OriginServer]:
    with origins(lambda _: OK) as (server,):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.encrypt(context)
        yield server


def test_a_certificate_that_nobody_vouches_for_is_named_and_not_tried_again(encrypted: OriginServer) -> None:
    told = r"certificate of 127\.0\.0\.1 is not trusted"
    with client() as http, pytest.raises(UnreachableError, match=told) as caught:
        http.request(f"{encrypted.url}/x", credential=credential(encrypted))
    assert "SSL_CERT_FILE" in caught.value.next_step
    assert encrypted.recorder.requests == ()


def test_a_private_authority_can_be_named_in_the_environment(
    encrypted: OriginServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with client() as http:
        for _ in range(2):
            assert http.request(f"{encrypted.url}/x", credential=credential(encrypted)).body == OK.body


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with origins(lambda _: OK) as (proxy,), client() as http:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(UnreachableError, match=r"proxy in between does not let api\.example be reached"):
            http.request("https://api.example/x")


def test_this_machine_is_never_asked_for_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    with origins(lambda _: OK) as (server,), client() as http:
        assert http.request(f"{server.url}/x").body == OK.body
