"""Samples of the object-tracking service, with every field that its own client library requires."""

import hashlib
from dataclasses import dataclass
from typing import Any

from app.formats.images import image_size
from app.sandbox.deliveries import Delivery
from app.sandbox.impulse_answer import CREATED
from app.sandbox.sample_media import FRAME_RATE, first_picture

POST_PROCESSING, TESTING = "post-processing", "testing"


@dataclass(frozen=True)
class SandboxSample:
    """One camera as a video, or its first picture alone."""

    sample_id: int
    name: str
    camera: str
    kind: str  # "video" or "image"

    @property
    def category(self) -> str:
        """Where the service files it."""
        return POST_PROCESSING if self.kind == "video" else TESTING


@dataclass(frozen=True)
class Processing:
    """How far the service is with a sample; ``problem`` is why it failed."""

    running: bool = False
    problem: str = ""


def sample_document(
    delivery: Delivery, sample: SandboxSample, *, project_id: int, processing: Processing
) -> dict[str, Any]:
    """A sample as the service lists it."""
    stream = {"index": 0, "chartType": sample.kind, **_timing(delivery, sample)}
    document = {
        "id": sample.sample_id,
        "filename": sample.name,
        "signatureValidate": True,
        "created": CREATED,
        "lastModified": CREATED,
        "added": CREATED,
        "category": sample.category,
        "coldstorageFilename": f"sandbox/{sample.sample_id}",
        "label": "",
        "intervalMs": stream["intervalMs"],
        "frequency": stream["frequencyHz"],
        "originalIntervalMs": stream["intervalMs"],
        "originalFrequency": stream["frequencyHz"],
        "deviceType": "sandbox",
        "sensors": stream["sensors"],
        "valuesCount": stream["valuesCount"],
        "totalLengthMs": stream["totalLengthMs"],
        "boundingBoxes": [],
        "boundingBoxesType": "object_detection",
        "chartType": sample.kind,
        "isDisabled": False,
        "isProcessing": processing.running,
        "processingError": bool(processing.problem),
        "isCropped": False,
        "projectId": project_id,
        "sha256Hash": hashlib.sha256(sample.name.encode()).hexdigest(),
        "datastreams": [stream],
    }
    return document | ({"processingErrorString": processing.problem} if processing.problem else {})


def sample_answer(document: dict[str, Any]) -> dict[str, Any]:
    """What GET raw-data/{sampleId} answers, with no values: of a video they would be all of its pixels."""
    stream = document["datastreams"][0]
    payload = {
        "device_type": "sandbox",
        "sensors": stream["sensors"],
        "values": [],
        "intervalMs": stream["intervalMs"],
        "frequencyHz": stream["frequencyHz"],
    }
    streams = [{"index": 0, "payload": payload, "totalPayloadLength": 0}]
    whole = {"sample": document, "payload": payload, "totalPayloadLength": 0, "datastreamPayloads": streams}
    return {"success": True, **whole}


def _timing(delivery: Delivery, sample: SandboxSample) -> dict[str, Any]:
    frames = len(delivery.sequence) if sample.kind == "video" else 1
    rate = float(FRAME_RATE) if sample.kind == "video" else 0.0
    timing = {
        "intervalMs": 1000 / FRAME_RATE if sample.kind == "video" else 0.0,
        "frequencyHz": rate,
        "sensors": [{"index": 0, "name": "image", "units": "rgba"}],
        "valuesCount": frames,
        "totalLengthMs": frames * 1000 / FRAME_RATE,
    }
    picture = first_picture(delivery, sample.camera)
    if picture is None:
        return timing
    with picture.open("rb") as file:
        width, height = image_size(file)
    return {**timing, "imageDimensions": {"width": width, "height": height}}
