"""The annotation service's own "no", in words: its public table of codes and those of its client library.

Sources: the service's page "error codes", and ``exception.py`` of its Python library. The set is open.
"""

from app.api.answers import ServiceTroubleError, plain
from app.errors import ApiError, KeyRefusedError, ServiceError

UNREADABLE_ATTACHMENT = "FS_0007"
NO_SUCH_JOB = frozenset({"FS_0006", "GE_0001", "404"})  # the second is how text that is no id is refused

_TROUBLE = frozenset({"FS_0000", "FS_0008", "api_error"})  # "server side, try again after some time", with status 400
_TROUBLED = ("the service has a problem of its own", "Try again in a few minutes.")
_CHECK_JOB = "Check the job id."
_ASK_OWNER = "Ask the owner of the project."

_KEY_CODES = frozenset({"auth-failure", "core.webutil.token_auth"})
_ACCESS_CODES = frozenset({"unauthorized", "core.webutil.auther"})

_MEANINGS = {
    **dict.fromkeys(_TROUBLE, _TROUBLED),
    "FS_0001": ("a job with this reference id exists already", "Use another reference id."),
    "FS_0002": ("the reference id is missing", "Give a reference id."),
    "FS_0003": ("the data of the job is invalid", _ASK_OWNER),
    "FS_0004": ("the job has no data", _ASK_OWNER),
    "FS_0005": ("the workflow id is missing", _ASK_OWNER),
    "FS_0006": ("there is no such job", _CHECK_JOB),
    UNREADABLE_ATTACHMENT: (
        "the file could not be accessed or copied",
        "Ask the owner of the project to share it, or name a folder on this machine that holds it.",
    ),
    "FS_00011": ("the job type must be TEST or NON_TEST", _ASK_OWNER),
    "FS_00012": ("the priority must be between 1 and 9", _ASK_OWNER),
    "GE_0001": ("a value is invalid, for example an id of the wrong form", "Check the ids that were entered."),
    "GE_0002": ("a value is missing", "Check the ids that were entered."),
    "BATCH_CREATION": ("a batch of this name exists already", "Use another name."),
    "invalid_request_error": ("the page of jobs asked for no longer exists", "Load the list of jobs again."),
    "resource_error": ("there is no such project", "Check the project id."),
}


class AccessRefusedError(KeyRefusedError):
    """The key is right, but does not open this project, batch or job; an unknown id may be refused so, too."""


def is_known(code: str) -> bool:
    """Whether the code is documented."""
    return code in _KEY_CODES | _ACCESS_CODES | _MEANINGS.keys()


def worded(host: str, code: str, message: str) -> ApiError:
    """What a code means and what to do, with the service's own words; an unknown code is shown as it is."""
    said = f" ({plain(message)})" if message else ""
    if code in _KEY_CODES:
        return KeyRefusedError(
            f"{host} refused the API key as wrong{said}.",
            next_step="Copy the key again from the service's settings, API Keys, and enter it.",
        )
    if code in _ACCESS_CODES:
        return AccessRefusedError(
            f"{host} refused the API key for this project, batch or job{said}.",
            next_step="Check the ids, or ask the owner of the project to give this key access.",
        )
    meaning, step = _MEANINGS.get(code, ("the service refused the request", "Check the ids that were entered."))
    shown = plain(code, limit=60) or "no"
    kind = ServiceTroubleError if code in _TROUBLE else ServiceError
    return kind(f"{host} says {shown}: {meaning}{said}.", code=code, next_step=step)
