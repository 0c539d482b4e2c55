"""Export of a job for other programs: SemanticKITTI, PCD with ``label_key``, or npz.

Points keep the order of their file, those without a finite position too, and source coordinates; nothing is
transformed. One frame is in memory at a time.
"""

from app.jobs.export.request import ExportFormat, ExportRequest, ExportSummary
from app.jobs.export.run import export_job

__all__ = ["ExportFormat", "ExportRequest", "ExportSummary", "export_job"]
