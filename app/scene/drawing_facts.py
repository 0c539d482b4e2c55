"""What OpenGL says about itself; readable where none of the libraries that draw can be loaded."""

import re

import msgspec

_SOFTWARE = re.compile(r"llvmpipe|softpipe|swrast|swr\b|software|basic render|gdi generic", re.IGNORECASE)


class DrawingFacts(msgspec.Struct, frozen=True):
    """What OpenGL says about itself, and the points that are drawn in a second; or in ``problem`` why nothing is."""

    vendor: str = ""
    renderer: str = ""
    version: str = ""
    points_per_second: float = 0.0
    problem: str = ""
    next_step: str = ""

    @property
    def software(self) -> bool:
        """Whether the processor draws instead of a graphics card."""
        return _SOFTWARE.search(self.renderer) is not None
