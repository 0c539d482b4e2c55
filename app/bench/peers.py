"""Peers that may be installed beside the program."""

import importlib
import importlib.util
from types import ModuleType


def installed(name: str) -> ModuleType | None:
    """The module of that name; None where it is not installed, or lacks a library of the system."""
    try:
        return importlib.import_module(name) if importlib.util.find_spec(name) else None
    except ImportError:
        return None
