"""``pointproof impulses``: the impulses of a project with their blocks, settings and figures."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.cli.bar import progress_bar
from app.cli.exit_codes import FINE
from app.cli.impulses_text import comparison_text, to_text
from app.cli.windows import Windows
from app.domain.finding import counted, listed
from app.domain.impulse import Impulse, ImpulseList
from app.domain.impulse.table import ImpulseTable, table_of
from app.domain.impulse.table_rows import Arrangement
from app.errors import InputError, KeyRefusedError
from app.formats.edge_impulse import parse_impulses
from app.formats.edge_impulse_impulses import write_impulses
from app.formats.impulse_table import encode_csv, encode_table
from app.jobs.files import read_bytes
from app.settings import credentials_from, load_settings
from app.sync import fetch_impulses
from app.workspace import Workspace
from app.workspace.addresses import impulses_address
from app.workspace.local_files import PlainFile
from app.workspace.private_file import write_where_asked
from app.workspace.workspace import is_workspace

WHAT = "the impulses"
Documents = dict[str, ImpulseList]  # by what to call where they come from


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Report on the impulses of a file, of a workspace, or of the service where no path is given. Raises AppError."""
    as_table = options.csv or options.table_json
    if options.output is not None and not as_table:
        raise InputError("Only a table is written to a file.", next_step="Add --csv or --table-json, or leave out -o.")
    if options.all_columns and not as_table:
        raise InputError(
            "Only a table has columns.", next_step="Add --csv or --table-json, or leave out --all-columns."
        )
    documents = _fetched() if options.path is None else _local(options.path.absolute())
    if as_table:
        _write_table(table_of(_only(documents)), options)
    elif options.compare:
        sys.stdout.write(comparison_text(*_two(_only(documents), options.compare)))
    else:
        sys.stdout.write(_as_json(_only(documents)) if options.json else to_text(documents))
    return FINE


def _only(documents: Documents) -> ImpulseList:
    if len(documents) > 1:
        raise InputError(
            "There are impulses of several projects, and this has room for one.",
            next_step=f"Name one of them: {', '.join(documents)}.",
        )
    (impulses,) = documents.values()
    return impulses


def _as_json(impulses: ImpulseList) -> str:
    return msgspec.json.format(write_impulses(impulses), indent=1).decode("utf-8") + "\n"


def _write_table(table: ImpulseTable, options: argparse.Namespace) -> None:
    """To a file, which spreadsheets open, or to stdout, which programs read."""
    every = tuple(column.key for column in table.columns) if options.all_columns else None
    arrangement, target = Arrangement(columns=every), options.output
    csv = encode_csv(table, arrangement, bom=target is not None) if options.csv else b""
    content = csv or encode_table(table, arrangement)
    if target is None:
        sys.stdout.buffer.write(content)
        return
    write_where_asked(target.absolute(), content)
    sys.stdout.write(f"{target}: {counted(len(table.impulses), 'impulse')}\n")


def _two(impulses: ImpulseList, ids: Sequence[int]) -> tuple[Impulse, Impulse]:
    known = {impulse.impulse_id: impulse for impulse in impulses.impulses}
    missing = [number for number in ids if number not in known]
    if missing:
        raise InputError(
            f"There is no impulse with the id {missing[0]}.",
            next_step=f"Choose from {listed(map(str, known), limit=20) or 'none: the project has no impulses'}.",
        )
    return known[ids[0]], known[ids[1]]


def _local(path: Path) -> Documents:
    if is_workspace(path):
        return _stored(path, wanted="")
    if not path.exists() and is_workspace(path.parent):
        return _stored(path.parent, wanted=path.name)
    if not path.is_file():
        raise InputError(
            f"There is no impulses document at {path}.",
            next_step="Give a file with the service's answer, or a workspace.",
        )
    return {path.name: parse_impulses(read_bytes(PlainFile(path), WHAT))}


def _stored(root: Path, *, wanted: str) -> Documents:
    """The stored documents of a workspace, or that of the one project that is wanted."""
    with Workspace.open(root, read_only=True) as workspace:
        project_ids = [each for each in workspace.impulse_projects() if wanted in ("", str(each))]
        files = {root / str(project_id): workspace.find(impulses_address(project_id)) for project_id in project_ids}
        documents = {str(path): parse_impulses(read_bytes(file, WHAT)) for path, file in files.items() if file}
    if not documents:
        whose = f" of the project {wanted}" if wanted else ""
        raise InputError(
            f"The workspace {root} holds no impulses{whose}.",
            next_step="Get them with `pointproof impulses`, without a path.",
        )
    return documents


def _fetched() -> Documents:
    """Asked of the service and stored in the workspace."""
    settings, key = load_settings(), credentials_from().edge_impulse_key
    if not key:
        raise KeyRefusedError(
            "There is no API key for the object-tracking service.",
            next_step="Set POINTPROOF_EDGE_IMPULSE_API_KEY, or name a file or a workspace.",
        )
    with (
        Workspace.open(settings.workspace_path) as workspace,
        HttpClient() as http,
        progress_bar("Impulses") as progress,
    ):
        client = EdgeImpulseClient(http, base_url=settings.edge_impulse_url, key=key)
        project_id = client.key_info(progress).project_id
        found = fetch_impulses(workspace, client, project_id, progress=progress)
    return {str(settings.workspace_path / str(project_id)): found}
