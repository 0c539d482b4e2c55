"""What is known about a point of several frames that are drawn together."""

from dataclasses import replace

from app.domain.point_facts import PointFacts, Reference, point_facts
from app.scene.frame_stack import FrameStack

FILE_ROW, FRAME_ROW = "Index in the file", "Frame"


def stacked_facts(stack: FrameStack, index: int, reference: Reference) -> PointFacts:
    """The facts of a point by its position in the stack: those of its own file for the shown frame.

    Points of other frames are where they are drawn, in the space of the shown frame, so that distances hold; which
    frame and position in its file they come from is told.
    """
    frame, index_in_file = stack.accumulated.source(index)
    if frame == stack.plan.at:
        return point_facts(stack.shown, index_in_file, reference)
    facts = point_facts(stack.frame, index, reference)
    moved = {FILE_ROW: str(index_in_file), FRAME_ROW: f"{frame + 1}, drawn together with {stack.plan.at + 1}"}
    rows = tuple((name, moved.get(name, text)) for name, text in facts.rows)
    return replace(facts, frame=frame, index=index_in_file, rows=rows)
