"""The object-tracking service's project document, with every field that its own client library requires."""

from typing import Any

from app.sandbox.deliveries import Delivery
from app.sandbox.impulse_answer import CREATED


def project_document(delivery: Delivery, *, project_id: int, url: str) -> dict[str, Any]:
    """What GET /v1/api/{projectId} answers; ``url`` is the service's own address."""
    nothing = {"totalLengthMs": 0, "labels": [], "totalLabels": 0, "dataCount": 0}
    videos = {**nothing, "dataCount": len(delivery.cameras)}
    categories = {"training": nothing, "testing": nothing, "validation": nothing, "postProcessing": videos}
    uids: list[int] = []
    notifications = {f"{kind}JobNotificationUids": uids for kind in ("train", "dsp", "modelTesting", "export")}
    return {
        "success": True,
        "project": _project(delivery, project_id),
        "developmentKeys": {},
        "impulse": {"created": True, "configured": True, "complete": True},
        "devices": [],
        "dataSummary": nothing,
        "dataSummaryPerCategory": categories,
        "computeTime": {"periodStartDate": CREATED, "periodEndDate": CREATED, "timeUsedMs": 0, "timeLeftMs": 3_600_000},
        "acquisitionSettings": _acquisition(),
        "collaborators": [],
        "deploySettings": _deployment(),
        "experiments": [],
        "latencyDevices": [],
        "urls": {},
        "showCreateFirstImpulse": False,
        "showGettingStartedWizard": {"showWizard": False, "step": 0},
        "performance": _performance(),
        **notifications,
        "hasNewTrainingData": False,
        "studioUrl": url,
        "inPretrainedModelFlow": False,
        "showSensorDataInAcquisitionGraph": False,
        "notifications": [],
    }


def _project(delivery: Delivery, project_id: int) -> dict[str, Any]:
    return {
        "id": project_id,
        "name": f"{delivery.name} tracking",
        "description": "Served by the sandbox on this machine",
        "created": CREATED,
        "owner": "sandbox",
        "ownerIsDeveloperProfile": True,
        "collaborators": [],
        "labelingMethod": "object_detection",
        "metadata": {},
        "isEnterpriseProject": False,
        "whitelabelId": 0,
        "tier": "free",
        "hasPublicVersion": False,
        "isPublic": False,
        "allowsLivePublicAccess": False,
        "indPauseProcessingSamples": False,
        "publicProjectListed": False,
    }


def _acquisition() -> dict[str, Any]:
    return {
        "intervalMs": 100,
        "lengthMs": 1000,
        "segmentShift": False,
        "defaultPageSize": 100,
        "viewType": "list",
        "gridColumnCount": 4,
        "gridColumnCountDetailed": 4,
        "showExactSampleLength": False,
        "inlineEditBoundingBoxes": False,
    }


def _deployment() -> dict[str, Any]:
    libraries = dict.fromkeys(("arduinoLibraryName", "tinkergenLibraryName", "particleLibraryName"), "sandbox")
    return {"eonCompiler": True, "sensor": "camera", **libraries}


def _performance() -> dict[str, Any]:
    limits = {"jobLimitM": 60, "dspFileSizeMb": 4096, "trainJobRamMb": 4096}
    return {"gpu": False, "enterprisePerformance": False, **limits}
