"""Commands about the class and the point under the cursor, and about measuring."""

from app.gui.actions import Command
from app.gui.pointing import Pointing


def pointing_commands(pointing: Pointing) -> tuple[Command, ...]:
    """For the table of commands of the window."""
    menu = "&View"
    return (
        Command("hide-class", menu, "&Hide class under the cursor", pointing.hide_class, ("H",), line_before=True),
        Command("isolate-class", menu, "&Isolate class under the cursor", pointing.isolate_class, ("Shift+H",)),
        Command("measure", menu, "&Measure", pointing.toggle_measuring, ("M",)),
        Command("measure-back", menu, "Take &back the last measured point", pointing.step_back, ("Backspace",)),
        Command("let-go", menu, "End measuring or let go of the &point", pointing.escape, ("Esc",)),
    )
