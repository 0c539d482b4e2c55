"""The annotation service's side: projects, batches, paged jobs, job results, attachments.

Every failure is status 400 with ``{"success": false, "error": {"code", "message"}}``, as the service documents it.
"""

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.sandbox.deliveries import Delivery, find_file
from app.sandbox.origin import Reply, Request, json_reply

PAGE = 100
_FIRST_TOKEN = 1575822103313046000  # tokens look like the service's: too long for a float


class TelusSide:
    """Answers for the deliveries. ``extra_jobs`` adds rows to each batch; every third of them is still in work."""

    def __init__(
        self, deliveries: Sequence[Delivery], *, key: str, extra_jobs: int, signed_url: Callable[[Path], str]
    ) -> None:
        self._deliveries = deliveries
        self._projects = {delivery.project_id: delivery for delivery in deliveries}
        self._key = key
        self._signed_url = signed_url
        self._extra = {delivery.project_id: _extra_rows(delivery, extra_jobs) for delivery in deliveries}

    def respond(self, request: Request) -> Reply:
        """The answer to one request."""
        if request.header("x-api-key") != self._key:
            return error_reply("auth-failure", "The API key is wrong")
        match request.segments:
            case ("v1", "attachments"):
                return self._attachment(request.query.get("url", ""))
            case ("v1", "projects", project_id, *rest) if project_id in self._projects:
                return self._in_project(self._projects[project_id], tuple(rest), request)
            case ("v1", "projects", _, *_):
                return error_reply("resource_error", "project_id not found")
        return Reply(404, b"404 page not found", "text/plain")

    def _in_project(self, delivery: Delivery, rest: tuple[str, ...], request: Request) -> Reply:
        match rest:
            case ("details",):
                return _success(self._details(delivery))
            case ("batch", batch_id):
                return self._batch_page(delivery, batch_id, request.query.get("page_token", ""))
            case ("jobs", job_id):
                return self._job(delivery, job_id)
        return Reply(404, b"404 page not found", "text/plain")

    def _details(self, delivery: Delivery) -> dict[str, Any]:
        rows = self._extra[delivery.project_id]
        batches = [dict(batch) for batch in delivery.details["batches"]]
        for batch in batches:
            if batch["id"] == delivery.batch["id"] and rows:
                completed = sum(row["status"] == "completed" for row in rows)
                batch["total_jobs"] += len(rows)
                batch["completed_jobs"] += completed
                batch["status"] = "In Progress" if completed < len(rows) else batch["status"]
        return {**delivery.details, "batches": batches}

    def _batch_page(self, delivery: Delivery, batch_id: str, token: str) -> Reply:
        if not _is_uuid(batch_id):
            return error_reply("GE_0001", "batch_id is not a valid UUID")
        if batch_id != delivery.batch["id"]:
            return error_reply("unauthorized", "No access to this batch")
        rows = [*delivery.batch["jobs"], *self._extra[delivery.project_id]]
        pages = max(1, -(-len(rows) // PAGE))
        tokens = ["", *(str(_FIRST_TOKEN + 7919 * page) for page in range(1, pages)), ""]
        if token not in tokens:
            return error_reply("invalid_request_error", "invalid pageToken")
        page = tokens.index(token)
        shown = rows[page * PAGE : (page + 1) * PAGE]
        return _success({**delivery.batch, "jobs": shown, "next_page_token": tokens[page + 1]})

    def _job(self, delivery: Delivery, job_id: str) -> Reply:
        if job_id == delivery.job["job_id"]:
            return _success(delivery.job)
        row = next((row for row in self._extra[delivery.project_id] if row["id"] == job_id), None)
        if row is None:
            return error_reply("FS_0006", "Job Unit not found")
        result = delivery.job["result"] if row["status"] == "completed" else ""
        own = {"job_id": job_id, "reference_id": row["reference_id"], "status": row["status"], "result": result}
        return _success({**delivery.job, **own})

    def _attachment(self, url: str) -> Reply:
        file = find_file(self._deliveries, url) if url else None
        if file is None:
            return error_reply("FS_0007", "The attachment could not be accessed or copied")
        return Reply(302, b"", "text/plain", {"Location": self._signed_url(file)})


def error_reply(code: str, message: str) -> Reply:
    """A failure in the service's documented form."""
    return json_reply({"success": False, "error": {"code": code, "message": message}}, status=400)


def _success(data: dict[str, Any]) -> Reply:
    return json_reply({"data": data, "success": True})


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _extra_rows(delivery: Delivery, count: int) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{delivery.project_id}/extra/{number}")),
            "reference_id": f"{delivery.name} {number + 1:04d}",
            "status": "in progress" if number % 3 == 0 else "completed",
            "frames": delivery.batch["jobs"][0]["frames"],
            "annotations": 0 if number % 3 == 0 else delivery.batch["jobs"][0]["annotations"],
        }
        for number in range(1, count + 1)
    )
