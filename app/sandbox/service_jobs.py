"""Jobs of the object-tracking service: they end after so many looks at their status, and write a log meanwhile."""

from dataclasses import dataclass
from typing import Any

from app.sandbox.impulse_answer import CREATED

FIRST_JOB = 70001


@dataclass
class SandboxJob:
    """Work on one sample; it ends with the ``polls``-th look at its status."""

    job_id: int
    sample_id: int
    polls: int
    succeeds: bool
    seen: int = 0

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.seen >= self.polls

    def look(self) -> None:
        """Somebody asked how far it is."""
        self.seen += 1

    def document(self) -> dict[str, Any]:
        """The job as the service describes it."""
        document: dict[str, Any] = {
            "id": self.job_id,
            "category": "Post-processing",
            "categoryKey": "post-processing",
            "key": f"post-processing-{self.sample_id}",
            "created": CREATED,
            "started": CREATED,
            "jobNotificationUids": [],
        }
        return document | ({"finished": CREATED, "finishedSuccessful": self.succeeds} if self.ended else {})

    def log(self) -> list[dict[str, Any]]:
        """Pieces of its log, as coloured and overwritten as real ones."""
        pieces = [("info", f"\x1b[1mJob {self.job_id}\x1b[0m tracks objects in sample {self.sample_id}\n")]
        if self.seen:
            share = round(100 * min(self.seen, self.polls) / max(1, self.polls))
            pieces.append(("info", f"\rTracking   0 %\rTracking {share:3d} %\n"))
        if self.ended:
            pieces += [("info", "\x1b[32mDone\x1b[0m\n")] if self.succeeds else [*_FAILURE]
        return [{"created": CREATED, "data": data, "logLevel": level} for level, data in pieces]


_FAILURE = (
    ("error", "Traceback (most recent call last):\n  MemoryError: frame 2 does not fit\n"),
    ("error", "\x1b[31mERR: Job failed, out of memory\x1b[0m\n"),
)
