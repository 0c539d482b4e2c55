"""What this machine offers the program, as a report that may be passed on: no keys, no addresses, no home folder."""

from app.doctor.examination import examine
from app.doctor.report import DoctorReport, as_text

__all__ = ["DoctorReport", "as_text", "examine"]
