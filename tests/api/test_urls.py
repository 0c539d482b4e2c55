import contextlib
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.urls import join, parse_address, resolve_location, service_base
from app.errors import InputError, UnsafeUrlError

BASE = parse_address("https://api.example/v1/jobs/7?x=1")


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_no_id_can_change_the_host_or_the_path_before_it(segments: list[str]) -> None:
    try:
        url = join("https://api.example:8443/base/", *segments)
    except InputError:
        return
    address = parse_address(url)
    assert str(address.origin) == "https://api.example:8443"
    assert address.target.startswith("/base/")
    assert address.target.count("/") == 1 + len(segments)
    assert not {".", ".."} & set(address.target.split("/"))
    assert "?" not in address.target


BASES = {
    "https://api.example": ("https://api.example", ""),
    "https://api.example/": ("https://api.example", ""),
    "https://API.example:8443/proxy/a/": ("https://api.example:8443", "/proxy/a"),
    "https://[2001:db8::1]:8443/p": ("https://[2001:db8::1]:8443", "/p"),
    "https://bücher.example/v1/": ("https://xn--bcher-kva.example", ""),
    "http://127.0.0.1:8080/v1": ("http://127.0.0.1:8080", ""),
}
TRICKS = [
    "../..",
    "//evil.example",
    "%2e%2e",
    "%2E%2e/%2e%2e",
    "?",
    "#",
    "\\\\evil.example",
    "@evil.example",
    ";",
    ":443",
]


@given(st.sampled_from(sorted(BASES)), st.one_of(st.sampled_from(TRICKS), st.text(min_size=1)))
def test_whatever_the_base_and_the_id_the_host_stays_and_the_id_is_one_step(base: str, segment: str) -> None:
    origin, path = BASES[base]
    try:
        address = parse_address(join(service_base(base), "v1", "jobs", segment))
    except InputError:
        assert segment in (".", "..") or "\0" in segment or not segment.isprintable()
        return
    assert str(address.origin) == origin
    assert address.target.startswith(f"{path}/v1/jobs/")
    assert unquote(address.target.removeprefix(f"{path}/v1/jobs/")) == segment
    assert not set(address.target.removeprefix(f"{path}/v1/jobs/")) & set("/?#")


@pytest.mark.parametrize("segment", ["../..", "//evil.example", "a?b", "a#b", "%2e%2e", "a\\b", "a@b", "é", "a b\r\nc"])
def test_odd_ids_become_one_step_of_the_path(segment: str) -> None:
    address = parse_address(join("https://api.example", "jobs", segment))
    assert address.origin.host == "api.example"
    assert address.target.startswith("/jobs/")
    assert address.target.count("/") == 2


@pytest.mark.parametrize("segment", ["", ".", "..", "a\0b", "\ud800"])
def test_what_cannot_be_an_id_is_refused(segment: str) -> None:
    with pytest.raises(InputError, match="cannot be an id"):
        join("https://api.example", segment)


def test_a_query_value_is_encoded_exactly_once() -> None:
    inner = "https://data.example/a b.txt?x=1&y=%2F+#z"
    url = join("https://api.example", "v1", "attachments", query={"url": inner})
    assert url == (
        "https://api.example/v1/attachments?url=https%3A%2F%2Fdata.example%2Fa%20b.txt%3Fx%3D1%26y%3D%252F%2B%23z"
    )


@pytest.mark.parametrize(
    ("base", "joined"),
    [
        ("https://api.example", "https://api.example/v1/x"),
        ("https://api.example/", "https://api.example/v1/x"),
        ("https://api.example/v1", "https://api.example/v1/x"),
        ("https://api.example/v1/", "https://api.example/v1/x"),
        ("https://api.example/proxy/v1", "https://api.example/proxy/v1/x"),
        ("https://[::1]:8443/p/", "https://[::1]:8443/p/v1/x"),
        ("HTTPS://API.Example:443", "https://api.example/v1/x"),
        ("https://bücher.example", "https://xn--bcher-kva.example/v1/x"),
        ("http://localhost:8080", "http://localhost:8080/v1/x"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/x"),
    ],
)
def test_a_service_address_gets_exactly_one_version_step(base: str, joined: str) -> None:
    assert join(service_base(base), "v1", "x") == joined


@pytest.mark.parametrize("base", ["https://api.example/?a=1", "https://api.example/#part"])
def test_a_service_address_with_a_query_or_fragment_is_refused(base: str) -> None:
    with pytest.raises(InputError, match="query or a fragment"):
        join(base, "x")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://host.example/x",
        "data:text/plain,hello",
        "s3://bucket/key",
        "javascript:alert(1)",
        "https://user@host.example/",
        "https://api.example@evil.example/",
        "https://evil.example\\@api.example/",
        "https://api.example\\.evil.example/",
        "https:///path",
        "https:host.example",
        "https://",
        "https://host.example:99999/",
        "https://host.example:0/",
        "https://host.example:8o/",
        "https://[::1/",
        "https://[nonsense]/",
        "https://ho st.example/",
        "https://%65vil.example/",
        "http://host.example/",
        "http://10.0.0.1/",
        "//host.example/x",
        "host.example/x",
        "",
    ],
)
def test_addresses_that_are_not_contacted(url: str) -> None:
    with pytest.raises(UnsafeUrlError):
        parse_address(url)


@given(st.text())
def test_any_text_gives_an_address_that_a_request_line_can_carry_or_is_refused(text: str) -> None:
    with contextlib.suppress(UnsafeUrlError):
        assert all("!" <= character <= "~" for character in parse_address(text).target)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (b"/other?a=%2F+b", "https://api.example/other?a=%2F+b"),
        (b"other", "https://api.example/v1/jobs/other"),
        (b"../x", "https://api.example/v1/x"),
        (b"?q=2", "https://api.example/v1/jobs/7?q=2"),
        (b"//store.example/a%2Fb", "https://store.example/a%2Fb"),
        (b"https://store.example/a/../b/./c?X=%2f%2F+~!*'()", "https://store.example/a/../b/./c?X=%2f%2F+~!*'()"),
        (b"https://store.example", "https://store.example/"),
        (b"https://store.example?a=b", "https://store.example/?a=b"),
        (b"\\\\evil.example", "https://api.example/v1/jobs/\\\\evil.example"),
        ("/ü x".encode(), "https://api.example/%C3%BC%20x"),
        (b"https://store.example/a#fragment", "https://store.example/a"),
    ],
)
def test_a_redirect_is_followed_to_the_byte(location: bytes, expected: str) -> None:
    address = resolve_location(BASE, location)
    assert f"{address.origin}{address.target}" == expected


@pytest.mark.parametrize(
    "location", [b"", b"#x", b"file:///etc/passwd", b"https://api@evil.example/", b"ftp://x.example/"]
)
def test_redirects_that_are_not_followed(location: bytes) -> None:
    with pytest.raises(UnsafeUrlError):
        resolve_location(BASE, location)


def test_a_step_down_to_http_names_both_origins() -> None:
    with pytest.raises(UnsafeUrlError) as caught:
        resolve_location(BASE, b"http://127.0.0.1:80/x?secret=1")
    assert "https://api.example" in str(caught.value)
    assert "http://127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_address_shows_no_query() -> None:
    address = parse_address("https://host.example/a?signature=hidden")
    assert "hidden" not in f"{address} {address!r}"
    assert str(address) == "https://host.example/a?…"
