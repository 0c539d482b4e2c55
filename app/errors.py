"""Every failure the program words for its user, as one tree.

::

    AppError
    ├── InputError            a path or an argument that cannot be used
    ├── TooLargeError         more than the memory that is free
    ├── FormatError           bytes that do not follow their format (``position`` where known)
    │   ├── CloudFormatError      point cloud files
    │   ├── MaskFormatError       mask files
    │   ├── DocumentFormatError   JSON documents of the two services
    │   ├── ImageFormatError      camera images and other pictures
    │   ├── ViewFormatError       the view written into a picture
    │   └── BundleFormatError     bundles
    ├── ApiError              a service could not be asked, or did not answer as hoped
    │   ├── UnreachableError      no connection, a time-out, a cut transfer
    │   ├── KeyRefusedError       the key is missing, wrong or lacks access
    │   ├── ServiceError          the service says no (``code`` is the service's own)
    │   ├── NotReadyError         the thing asked for does not exist yet
    │   └── UnsafeUrlError        an address this program refuses to contact
    └── WorkspaceError        the offline folder cannot be read or written
        └── DamagedFileError      a file is not what was received

Messages are whole sentences, free of keys and of query strings. ``next_step`` tells the user what to do.
"""


class AppError(Exception):
    """A failure in plain words; ``str()`` gives the cause followed by the next step."""

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InputError(AppError):
    """A path or an argument given by the user cannot be used."""


class TooLargeError(AppError):
    """What was asked for takes more memory than there is; nothing was taken."""


class FormatError(AppError):
    """Bytes do not follow the format they claim; ``position`` is the byte offset where that shows."""

    def __init__(self, message: str, *, position: int | None = None, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.position = position


class CloudFormatError(FormatError):
    """A point cloud file is damaged, cut short or of an unknown kind."""


class MaskFormatError(FormatError):
    """A mask file is not a flat list of whole label keys."""


class DocumentFormatError(FormatError):
    """A JSON document of a service does not have the documented form; what to do about it is mostly the same."""

    def __init__(
        self,
        message: str,
        *,
        position: int | None = None,
        next_step: str = "Fetch it again; if it stays like this, report it to whoever sent it.",
    ) -> None:
        super().__init__(message, position=position, next_step=next_step)


class ImageFormatError(FormatError):
    """A picture is damaged, too large or of an unknown kind."""


class ViewFormatError(FormatError):
    """A picture carries no view to go back to, or one that cannot be read."""


class BundleFormatError(FormatError):
    """A file is no bundle, or one that cannot be trusted."""


class ApiError(AppError):
    """A service could not be asked, or did not answer as hoped."""


class UnreachableError(ApiError):
    """No connection, a time-out or a transfer that was cut."""


class KeyRefusedError(ApiError):
    """The API key is missing, wrong, expired or lacks access."""


class ServiceError(ApiError):
    """The service answered with an error of its own; ``code`` is its code or the HTTP status."""

    def __init__(self, message: str, *, code: str = "", next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.code = code


class NotReadyError(ApiError):
    """What was asked for does not exist yet, for example the result of a job still in work."""


class UnsafeUrlError(ApiError):
    """An address from a service's answer that this program refuses to contact."""


class WorkspaceError(AppError):
    """The offline folder cannot be read or written."""


class DamagedFileError(WorkspaceError):
    """A file does not have the SHA-256 any more that it was received with."""
