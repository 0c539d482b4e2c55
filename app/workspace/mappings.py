"""Folders that stand in for addresses: "these files are at ..."."""

from pathlib import Path

from app.workspace.catalogue import Catalogue
from app.workspace.records import FolderMapping

_SAVE = """INSERT OR REPLACE INTO folder_mappings (project_id, url_prefix, folder)
    VALUES (:project_id, :url_prefix, :folder)"""
_REMOVE = "DELETE FROM folder_mappings WHERE project_id = :project_id AND url_prefix = :url_prefix"


class FolderMappings:
    """Mappings by project and prefix; a prefix is kept without query and fragment, which may hold a signature."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def of_project(self, project_id: str) -> tuple[FolderMapping, ...]:
        """The mappings of a project, the longest prefix first, so that the first that fits is the closest."""
        statement = """SELECT project_id, url_prefix, folder FROM folder_mappings WHERE project_id = :project_id
            ORDER BY length(url_prefix) DESC, url_prefix"""
        rows = self._catalogue.rows(statement, {"project_id": project_id})
        return tuple(FolderMapping(row["project_id"], row["url_prefix"], Path(row["folder"])) for row in rows)

    def save(self, mapping: FolderMapping) -> None:
        """Remember a mapping, in place of an earlier one of the same prefix."""
        prefix = _without_query(mapping.url_prefix)
        row = {"project_id": mapping.project_id, "url_prefix": prefix, "folder": str(mapping.folder)}
        self._catalogue.write((_SAVE, [row]))

    def remove(self, project_id: str, url_prefix: str) -> None:
        """Forget a mapping; files fetched through it stay."""
        self._catalogue.write((_REMOVE, [{"project_id": project_id, "url_prefix": _without_query(url_prefix)}]))


def _without_query(prefix: str) -> str:
    return prefix.partition("?")[0].partition("#")[0]
