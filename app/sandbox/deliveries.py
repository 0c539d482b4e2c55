"""Delivery folders as the sandbox serves them: documents, and files found by what their address ends with."""

import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.sequence import Sequence
from app.errors import InputError
from app.formats.telus import parse_result
from app.workspace.delivery import Delivery as DeliveryFolder


@dataclass(frozen=True)
class Delivery:
    """One folder with ``job.json``, ``details.json``, ``batch.json``, ``result.json``, ``files/`` and ``tracking/``."""

    folder: Path
    details: dict[str, Any]
    batch: dict[str, Any]
    job: dict[str, Any]
    cameras: tuple[str, ...]

    @property
    def project_id(self) -> str:
        """The annotation service's project."""
        return str(self.job["project_id"])

    @property
    def name(self) -> str:
        """What people call the job."""
        return str(self.job["reference_id"])

    @functools.cached_property
    def urls(self) -> frozenset[str]:
        """Every address that the job and its result name."""
        result = _load(self.folder / "result.json")
        return frozenset([*_addresses(self.job), *_addresses(result)])

    @functools.cached_property
    def sequence(self) -> Sequence:
        """The frames of the job."""
        return parse_result((self.folder / "result.json").read_bytes())

    def picture(self, camera: str, index: int) -> Path | None:
        """Where a camera's picture of a frame lies, None where it has none."""
        image = self.sequence.frames[index].image(camera)
        return self.find(image.url) if image and image.url else None

    def tracking(self, camera: str) -> dict[str, Any]:
        """The has-results answer of a camera."""
        return _load(self.folder / "tracking" / f"{camera}.json")

    def impulses(self) -> dict[str, Any] | None:
        """The delivery's own impulses-detailed document, None where it has none."""
        path = self.folder / "impulses.json"
        return _load(path) if path.is_file() else None

    def find(self, url: str) -> Path | None:
        """The file that ``url`` stands for, found as the program itself finds it in a folder on disk."""
        return self._folder.locate(url)

    @functools.cached_property
    def _folder(self) -> DeliveryFolder:
        return DeliveryFolder.open(self.folder)


def open_deliveries(folders: Iterable[Path]) -> tuple[Delivery, ...]:
    """Read the folders; raises InputError for a folder that is no delivery."""
    return tuple(_open(Path(folder)) for folder in folders)


def find_file(deliveries: Iterable[Delivery], url: str) -> Path | None:
    """The file behind an address, first in the delivery that names exactly this address."""
    named = [delivery for delivery in deliveries if url in delivery.urls]
    found = (delivery.find(url) for delivery in (*named, *deliveries))
    return next((path for path in found if path is not None), None)


def _open(folder: Path) -> Delivery:
    details, batch, job = (_data(folder / f"{name}.json") for name in ("details", "batch", "job"))
    cameras = tuple(sorted(path.stem for path in (folder / "tracking").glob("*.json")))
    return Delivery(folder, details, batch, job, cameras)


def _data(path: Path) -> dict[str, Any]:
    data = _load(path).get("data")
    if not isinstance(data, dict):
        raise InputError(f"{path} has no data in it.", next_step="Choose another folder.")
    return data


def _load(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"{path.parent} is no delivery: {path.name} cannot be read.", next_step="Choose another folder."
        ) from error
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON.", next_step="Choose another folder.") from error
    if not isinstance(document, dict):
        raise InputError(f"{path} holds no JSON object.", next_step="Choose another folder.")
    return document


def _addresses(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _addresses(value)
    elif isinstance(node, list):
        for value in node:
            yield from _addresses(value)
    elif isinstance(node, str) and "://" in node:
        yield node
