import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import Redaction, set_up_logging

CANARY = "CANARY-3f9c1e"


@pytest.fixture
def redaction() -> Redaction:
    return Redaction([CANARY])


@pytest.fixture
def log(redaction: Redaction) -> Iterator[io.StringIO]:
    root, before = logging.getLogger(), logging.getLogger().level
    stream = io.StringIO()
    handlers = set_up_logging(redaction, level=logging.DEBUG, stream=stream)
    yield stream
    for handler in handlers:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(before)


@pytest.mark.parametrize(
    "text",
    [
        f"key is {CANARY}",
        "GET https://store.example/a?X-Amz-Signature=abc123secret&x=1",
        "x-api-key: abc123secret",
        "{'x-api-key': 'abc123secret', 'Accept': 'x'}",
        "[(b'Authorization', b'Bearer abc123secret')]",
        "Authorization: Bearer abc123secret",
        "Set-Cookie: jwt=abc123secret; Path=/",
        "api_key=abc123secret",
        "X-Amz-Signature=abc123secret",
        "https://user:abc123secret@host.example/path",
        "the key ei_abc123secretabc123secretabc123secret",
        "X-Amz-Credential=abc123secret%2Fus-east-1",
    ],
)
def test_secrets_of_every_form_are_taken_out(redaction: Redaction, text: str) -> None:
    cleaned = redaction.clean(text)
    assert CANARY not in cleaned
    assert "abc123secret" not in cleaned


def test_ordinary_text_stays_as_it_is(redaction: Redaction) -> None:
    text = "Frame 3 of 20: mask has 66,781 keys, token count 5 (https://host.example/path/to/file.pcd)"
    assert redaction.clean(text) == text


def test_the_path_stays_and_only_the_query_of_an_address_goes(redaction: Redaction) -> None:
    assert (
        redaction.clean("GET https://host.example/a/b.pcd?sig=1 failed") == "GET https://host.example/a/b.pcd?… failed"
    )


def test_the_home_of_the_user_is_written_as_a_tilde(redaction: Redaction) -> None:
    assert redaction.clean(f"open {Path.home()}/data/job") == "open ~/data/job"


def test_a_secret_that_is_part_of_another_leaves_nothing_behind() -> None:
    assert "tail" not in Redaction(["abcd", "abcdtail"]).clean("it is abcdtail")


def test_arguments_and_tracebacks_are_cleaned_too(log: io.StringIO) -> None:
    try:
        raise ValueError(f"no access with {CANARY}")
    except ValueError:
        logging.getLogger("app.test").exception("asked with %s", {"x-api-key": CANARY})
    written = log.getvalue()
    assert "ValueError" in written
    assert CANARY not in written


def test_a_key_entered_later_is_hidden_from_then_on(redaction: Redaction, log: io.StringIO) -> None:
    redaction.protect("  entered-later \n")
    logging.getLogger("app.test").warning("using entered-later")
    assert "entered-later" not in log.getvalue()
    assert "using" in log.getvalue()


def test_libraries_that_print_addresses_stay_quiet(log: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://host.example/x")
    logging.getLogger("httpcore.connection").debug("connect_tcp.started")
    assert log.getvalue() == ""


def test_a_log_file_is_cleaned_as_well(redaction: Redaction, tmp_path: Path) -> None:
    path = tmp_path / "pointproof.log"
    root, before = logging.getLogger(), logging.getLogger().level
    handlers = set_up_logging(redaction, level=logging.INFO, stream=io.StringIO(), file=path)
    logging.getLogger("app.test").info("with %s", CANARY)
    for handler in handlers:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(before)
    assert CANARY not in path.read_text()
    assert "[hidden]" in path.read_text()
