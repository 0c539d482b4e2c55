"""Bodies of the object-tracking service as the tests use them; the oracle test holds them against its own schema."""

from typing import Any


def parameter(param: str, **more: Any) -> dict[str, Any]:
    return {
        "name": param.title(),
        "defaultValue": "5",
        "type": "int",
        "param": param,
        "readonly": False,
        "shouldShow": True,
        "required": True,
        "showClickToSet": False,
        **more,
    }


KEY_INFO = {"success": True, "apiKeyId": 9, "projectId": 1, "role": "readonly", "expires": "2027-01-01T00:00:00.000Z"}

SAMPLE = {
    "id": 3,
    "filename": "front.mp4",
    "signatureValidate": True,
    "created": "2026-05-04T09:12:00.000Z",
    "lastModified": "2026-05-04T09:12:00.000Z",
    "category": "post-processing",
    "coldstorageFilename": "cold",
    "label": "street",
    "intervalMs": 100,
    "frequency": 10,
    "originalIntervalMs": 100,
    "originalFrequency": 10,
    "deviceType": "camera",
    "sensors": [],
    "valuesCount": 40,
    "added": "2026-05-04T09:12:00.000Z",
    "boundingBoxes": [],
    "boundingBoxesType": "object_detection",
    "chartType": "video",
    "isDisabled": False,
    "isProcessing": False,
    "processingError": False,
    "isCropped": False,
    "projectId": 1,
    "sha256Hash": "0" * 64,
    "imageDimensions": {"width": 640, "height": 480},
    "datastreams": [],
}
FAILED_SAMPLE = {
    **SAMPLE,
    "id": 4,
    "frequency": 0,
    "imageDimensions": {"width": 0, "height": 0},
    "processingError": True,
    "processingErrorString": "Cannot read video",
}
SAMPLES = {"success": True, "samples": [SAMPLE, FAILED_SAMPLE], "totalCount": 2}

CONFIG = {
    "success": True,
    "enabled": True,
    "parameters": [
        parameter(
            "keep_grace", value="5", selectOptions=[{"value": "5", "selected": True}, {"value": "9", "selected": False}]
        ),
        parameter("threshold", type="float", defaultValue="0.5"),
        parameter("use_iou", type="boolean", value="", defaultValue="true"),
    ],
    "type": "object-tracking",
}

PLACE = {"label": "Car", "x": 0.25, "y": 0.5, "width": 0.1, "height": 0.125}
RESULTS = {
    "success": True,
    "hasResults": "has-results",
    "results": {
        "objectTracking": {
            "frames": [{"frameIndex": 0, "objects": [{**PLACE, "id": 0}]}, {"frameIndex": 1, "objects": []}],
            "parameters": {"keep_grace": "5", "use_iou": "true"},
        },
        "objectDetection": {"frames": [{"frameIndex": 4, "objects": [{**PLACE, "score": 0.75}]}]},
    },
}
RUNNING = {
    "success": True,
    "hasResults": "job-is-running",
    "jobIsRunning": {"jobId": 77, "config": {"enabled": True, "parameters": {"keep_grace": "9"}}},
}
NO_RESULTS = {"success": True, "hasResults": "no-results"}

JOB = {
    "success": True,
    "job": {
        "id": 77,
        "category": "Post-processing",
        "categoryKey": "post-processing",
        "key": "post-processing-2",
        "created": "2026-05-04T09:12:00.000Z",
        "started": "2026-05-04T09:12:01.000Z",
        "finished": "2026-05-04T09:13:00.000Z",
        "finishedSuccessful": True,
        "jobNotificationUids": [],
    },
}
