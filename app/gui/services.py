"""The outside world as one object: settings, keys, the two service clients and the workspace.

Everything is made when first needed, from any thread, so that the window appears before any of it is loaded.
"""

import threading
from typing import TYPE_CHECKING

import msgspec

from app.logs import Redaction
from app.settings import Credentials, Settings

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient
    from app.api.http import HttpClient
    from app.api.telus import TelusClient
    from app.workspace import Workspace


class Services:
    """Settings and credentials of this run, and what is made from them."""

    def __init__(self, settings: Settings, credentials: Credentials) -> None:
        self.settings = settings
        self.credentials = credentials
        self.redaction = Redaction((credentials.telus_key, credentials.edge_impulse_key))
        self._lock = threading.Lock()
        self._http: HttpClient | None = None
        self._workspace: Workspace | None = None

    @property
    def workspace(self) -> "Workspace":
        """The offline folder, opened on first use; raises WorkspaceError."""
        from app.workspace import Workspace

        with self._lock:
            if self._workspace is None:
                self._workspace = Workspace.open(self.settings.workspace_path)
            return self._workspace

    def telus(self) -> "TelusClient":
        """A client of the annotation service; raises KeyRefusedError without a key."""
        from app.api.telus import TelusClient

        return TelusClient(self._client(), base_url=self.settings.telus_url, key=self.credentials.telus_key)

    def edge_impulse(self) -> "EdgeImpulseClient":
        """A client of the impulse service; raises KeyRefusedError without a key."""
        from app.api.edge_impulse import EdgeImpulseClient

        key = self.credentials.edge_impulse_key
        return EdgeImpulseClient(self._client(), base_url=self.settings.edge_impulse_url, key=key)

    def reconnect(self, *, telus_url: str, edge_impulse_url: str, credentials: Credentials) -> None:
        """Use other addresses and keys from the next request on."""
        with self._lock:
            http, self._http = self._http, None
        self.settings = msgspec.structs.replace(self.settings, telus_url=telus_url, edge_impulse_url=edge_impulse_url)
        self.credentials = credentials
        for key in (credentials.telus_key, credentials.edge_impulse_key):
            self.redaction.protect(key)
        if http is not None:
            http.close()

    def close(self) -> None:
        """Release connections and the workspace."""
        with self._lock:
            if self._http is not None:
                self._http.close()
            if self._workspace is not None:
                self._workspace.close()
            self._http = self._workspace = None

    def _client(self) -> "HttpClient":
        from app.api.http import HttpClient

        with self._lock:
            if self._http is None:
                self._http = HttpClient()
            return self._http
