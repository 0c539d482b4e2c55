"""The synthetic street: a seeded scene, scanned and photographed, written as a delivery of both services.

``scene`` places things made of ``solids``; ``trace`` follows ``rays`` to them; ``lidar`` and ``picture`` turn what is
met into returns and pixels; ``boxes`` and ``documents`` describe it; ``delivery`` writes it and ``cache`` keeps it.
"""

from app.sandbox.street.cache import street_folder
from app.sandbox.street.plan import StreetPlan

__all__ = ["StreetPlan", "street_folder"]
