"""The commands about which camera shows what is chosen."""

from app.gui.actions import Command
from app.gui.best_view import BestView


def best_view_commands(best: BestView) -> tuple[Command, ...]:
    """For the table of commands of the window."""
    menu = "&Images"
    return (
        Command("best-camera", menu, "&Best camera for what is chosen", best.show, ("B",), line_before=True),
        Command("crop", menu, "&Crop to what is chosen", best.crop, ("Shift+B",)),
        Command("follow-chosen", menu, "&Follow what is chosen", best.toggle, ("Alt+B",), is_on=lambda: best.following),
    )
