"""Impulses with everything that the service tells about them, one file for each sort of thing.

::

    record        what all of them have in common        blocks        input, processing, learn, post-processing
    parameters    settings and which of them to show     processing    configs of processing and post-processing blocks
    learning      configs of learn blocks                training      what training made of them
    performance   figures of a variant                   metrics       figures of an impulse, columns of the table
    origin        who made it, from which data           impulse_list  one impulse, all impulses of a project
"""

from app.domain.impulse.blocks import PostProcessingBlock
from app.domain.impulse.impulse_list import Impulse, ImpulseList
from app.domain.impulse.processing import PostProcessingConfig

__all__ = ["Impulse", "ImpulseList", "PostProcessingBlock", "PostProcessingConfig"]
