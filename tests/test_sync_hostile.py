"""Bodies made to exhaust this machine, each fetched by a child process whose work and memory are measured."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.peak_memory import only_where_it_is_told

REPOSITORY = Path(__file__).resolve().parent.parent
ALLOWED_SECONDS = 1.0  # of work, not of waiting for a turn
ALLOWED_GROWTH = 100e6  # bytes

CHILD = '''
import gzip, io, json, sys, time
from pathlib import Path

from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.errors import AppError
from app.progress import Progress
from app.sandbox.origin import OriginServer, Reply, json_reply
from app.sync import download_job
from app.workspace import Workspace
from tests.builders import result_document
from tests.peak_memory import peak_memory

what, place = sys.argv[1], Path(sys.argv[2])

def bomb() -> bytes:
    """200 MB of nothing in 194 kB."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as stream:
        for _ in range(200):
            stream.write(bytes(1_000_000))
    return packed.getvalue()

BOMB = Reply(200, bomb(), "application/json", {"Content-Encoding": "gzip", "ETag": '"1"'})
DEEP = Reply(200, b'{"success": true, "data": ' + b'{"x":[' * 100_000)
evil = BOMB if what.startswith("bomb") else DEEP
at = what.partition(" ")[2]
document = json.dumps(result_document("street", ["0"], [])).encode()

def respond(request):
    if "details" in request.segments:
        return evil
    if "jobs" in request.segments:
        data = {"job_id": "j", "status": "completed", "result": "https://data.example/result.json"}
        return json_reply({"success": True, "data": data})
    is_result = request.query.get("url", "").endswith("result.json")
    if is_result is (at == "as the result"):
        return evil
    return Reply(200, document if is_result else b"[1]")

server = OriginServer("service", respond)
with Workspace.open(place) as workspace, HttpClient() as http:
    telus = TelusClient(http, base_url=server.url, key="k")
    telus.job_result("p", "j")  # all is loaded and warm
    before, began = peak_memory(), time.process_time()
    try:
        if at == "as an answer":
            telus.project("p")
            words = ""
        else:
            summary = download_job(workspace, telus, project_id="p", job_id="j", progress=Progress())
            words = "; ".join(problem.message for problem in summary.problems)
    except AppError as error:
        words = str(error)
    seconds = time.process_time() - began
    grown = peak_memory() - before
server.stop()
kept = [path for folder in ("objects", "partial") for path in (place / folder).rglob("*")]
files = [path.stat().st_size for path in kept if path.is_file()]
print(json.dumps({"words": words, "seconds": seconds, "grown": grown, "files": files, "document": len(document)}))
'''


def measured(what: str, place: Path) -> dict[str, Any]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, what, str(place)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["seconds"] < ALLOWED_SECONDS
    assert found["grown"] < ALLOWED_GROWTH
    return found


@only_where_it_is_told
@pytest.mark.parametrize("at", ["as an answer", "as the result", "as a file"])
def test_a_gzip_bomb_is_stopped_at_the_cap_and_nothing_of_it_is_written(at: str, tmp_path: Path) -> None:
    found = measured(f"bomb {at}", tmp_path / "ws")
    assert "MiB" in found["words"]
    assert "Check that the address leads to what you expect." in found["words"]
    assert found["files"] == ([found["document"]] if at == "as a file" else [])


@only_where_it_is_told
@pytest.mark.parametrize("at", ["as an answer", "as the result"])
def test_json_nested_100_000_deep_is_refused_and_not_kept(at: str, tmp_path: Path) -> None:
    found = measured(f"deep {at}", tmp_path / "ws")
    assert "nested too deeply to be genuine. Fetch it again" in found["words"]
    assert found["files"] == []
