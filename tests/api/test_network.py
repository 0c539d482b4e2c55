import socket

import pytest

from app.api.network import AddressRule
from app.errors import UnsafeUrlError

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.5.5",
    "::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
]
NEVER = ["169.254.169.254", "fe80::1", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "100.64.0.1"]
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"]


@pytest.mark.parametrize("number", PUBLIC)
@pytest.mark.parametrize("home", [None, "127.0.0.1", "api.example"])
def test_public_addresses_are_contacted(number: str, home: str | None) -> None:
    AddressRule(home).check("files.example", number)


@pytest.mark.parametrize("number", [*PRIVATE, *NEVER])
@pytest.mark.parametrize("home", [None, "api.example"])
def test_a_name_that_leads_into_the_private_network_is_refused(number: str, home: str | None) -> None:
    with pytest.raises(UnsafeUrlError, match="private network"):
        AddressRule(home).check("rebound.example", number)


@pytest.mark.parametrize("number", PRIVATE)
def test_a_service_on_a_private_address_may_have_files_there(number: str) -> None:
    AddressRule("127.0.0.1").check("files.example", number)


@pytest.mark.parametrize("number", NEVER)
def test_link_local_addresses_are_refused_even_then(number: str) -> None:
    with pytest.raises(UnsafeUrlError):
        AddressRule("127.0.0.1").check("metadata.example", number)


def test_the_configured_service_itself_is_always_contacted() -> None:
    AddressRule("intranet.example").check("intranet.example", "10.0.0.5")


def test_a_service_whose_name_leads_to_a_private_address_counts_as_private(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: inside)
    AddressRule("intranet.example").check("files.example", "10.0.0.6")
