"""What can go wrong between two machines, in words."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx

from app.api.answers import unreachable
from app.api.bodies import CutBodyError
from app.api.pace import TooSlowError
from app.api.retries import TransientError
from app.errors import ApiError, UnreachableError


@contextmanager
def wire_errors(host: str) -> Iterator[None]:
    """Turn httpx's errors into ours, the passing ones into TransientError."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise TransientError(unreachable(host, "did not answer in time")) from error
    except TooSlowError as error:
        raise TransientError(unreachable(host, f"sends too slowly to wait for it ({error})")) from error
    except httpx.ConnectError as error:
        raise _connect_error(host, error) from error
    except (httpx.RemoteProtocolError, CutBodyError) as error:
        raise TransientError(unreachable(host, "cut the transfer short")) from error
    except httpx.ProxyError as error:
        raise UnreachableError(
            f"The proxy in between does not let {host} be reached.", next_step="Check the proxy settings."
        ) from error
    except httpx.HTTPError as error:
        raise TransientError(unreachable(host, "broke the connection off")) from error


def counted(chunks: Iterable[bytes], declared: int | None) -> Iterator[bytes]:
    """The chunks, with CutBodyError at the end when there were not as many bytes as declared."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        yield chunk
    if declared is not None and total != declared:
        raise CutBodyError(f"{total} bytes came of {declared}")


def _connect_error(host: str, error: httpx.ConnectError) -> ApiError | TransientError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UnreachableError(
                f"The certificate of {host} is not trusted: {cause.verify_message}.",
                next_step="Let your administrator install the right certificate, or name it in SSL_CERT_FILE.",
            )
        cause = cause.__cause__ or cause.__context__  # the connection pool drops the former
    return TransientError(unreachable(host, "cannot be reached"))
