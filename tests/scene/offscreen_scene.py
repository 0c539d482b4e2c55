"""A scene that is drawn out of sight, where this machine can."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from app.errors import AppError
from app.scene.offscreen import OffscreenScene


@contextmanager
def offscreen_scene(size: tuple[int, int]) -> Iterator[OffscreenScene]:
    """An empty one of ``size`` (width, height); skips the test where nothing can be drawn."""
    try:
        made = OffscreenScene(size)
    except AppError as error:
        pytest.skip(str(error))
    with closing(made):
        yield made
