"""Export of a job for other programs: SemanticKITTI, PCD with ``label_key``, or npz.

Points keep the order of their file, those without a finite position too, and source coordinates; nothing is
transformed. One frame is in memory at a time.
"""

from app.domain.export_format import ExportFormat
from app.jobs.export.request import ExportRequest, ExportSummary
from app.jobs.export.run import export_job

__all__ = ["ExportFormat", "ExportRequest", "ExportSummary", "export_job"]
