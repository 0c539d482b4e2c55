"""Logs without secrets: what could open a door is taken out before a line is written anywhere."""

import logging
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
NOISY = ("httpx", "httpcore", "PIL", "matplotlib")
HIDDEN = "[hidden]"
_SHORTEST_SECRET = 4  # shorter ones would blank out ordinary text

_SECRET_NAMES = (
    r"(?:x-api-key|x-jwt-token|authorization|proxy-authorization|cookie|set-cookie|api[_-]?key|token|secret|password)"
)
_HEADER = re.compile(
    rf"(?i)([\"']?\b{_SECRET_NAMES}\b[\"']?\s*[:=,]\s*)(?:b?\"[^\"]*\"|b?'[^']*'|(?:bearer|basic)\s+\S+|[^\s,;}})\]]+)"
)
_QUERY = re.compile(r"(?i)(\b[a-z][a-z0-9+.\-]*://[^\s?#\"'<>]*)\?[^\s\"'<>)\]}]*")
_USER_INFO = re.compile(r"(?i)(\b[a-z][a-z0-9+.\-]*://)[^\s/?#@\"'<>]+@")
_SIGNATURE = re.compile(r"(?i)\b((?:X-Amz-[A-Za-z\-]+|Signature|AWSAccessKeyId|sig)=)[^\s&\"'<>)]+")
_EDGE_IMPULSE_KEY = re.compile(r"\bei_[0-9A-Za-z_\-]{16,}")


class Redaction:
    """Takes keys, signed queries, credential headers and the user's home out of text. ``secrets`` go word for word."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: tuple[str, ...] = ()
        for secret in secrets:
            self.protect(secret)
        home = str(Path.home())
        self._home = home if len(home) > 1 else ""

    def protect(self, secret: str) -> None:
        """Hide ``secret`` from now on; white space around it does not count."""
        text = secret.strip()
        if len(text) >= _SHORTEST_SECRET and text not in self._secrets:
            self._secrets = tuple(sorted((*self._secrets, text), key=len, reverse=True))

    def clean(self, text: str) -> str:
        """``text`` fit for a file that may be passed on."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _USER_INFO.sub(r"\1", text)
        text = _QUERY.sub(r"\1?…", text)
        text = _SIGNATURE.sub(rf"\1{HIDDEN}", text)
        text = _HEADER.sub(rf"\1{HIDDEN}", text)
        text = _EDGE_IMPULSE_KEY.sub(HIDDEN, text)
        return text.replace(self._home, "~") if self._home else text


class RedactingFormatter(logging.Formatter):
    """Cleans each line as a whole: message, arguments, traceback and stack."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__(FORMAT)
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """The finished line without secrets."""
        return self._redaction.clean(super().format(record))


def set_up_logging(
    redaction: Redaction, *, level: int = logging.WARNING, stream: TextIO | None = None, file: Path | None = None
) -> tuple[logging.Handler, ...]:
    """Write the program's log to ``stream`` (stderr by default) and to ``file``, cleaned; returns the handlers.

    Libraries that print addresses or headers stay at WARNING whatever ``level`` is.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stderr)]
    if file is not None:
        handlers.append(logging.FileHandler(file, encoding="utf-8", delay=True))
    root = logging.getLogger()
    root.setLevel(level)
    for handler in handlers:
        handler.setFormatter(RedactingFormatter(redaction))
        root.addHandler(handler)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return tuple(handlers)
