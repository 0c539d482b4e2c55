"""The table of commands of the main window."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.gui.actions import Command
from app.gui.guide_commands import guide_commands
from app.gui.pointing_commands import pointing_commands
from app.gui.view_commands import view_commands

if TYPE_CHECKING:
    from app.gui.main_window import MainWindow

Standard = QKeySequence.StandardKey


def window_commands(window: "MainWindow") -> tuple[Command, ...]:
    """Everything that menus and keys can do, in menu order."""
    viewer = window.viewer
    bundles, impulse = window.bundle_dialogs, window.edge_impulse
    return (
        Command("open-folder", "&File", "Open &folder…", window.choose_folder, (Standard.Open,)),
        Command("open-file", "&File", "Open f&ile…", window.choose_file, ("Ctrl+Shift+O",)),
        Command("save-bundle", "&File", "&Save bundle…", bundles.save, ("Ctrl+Shift+S",), line_before=True),
        Command("import-bundle", "&File", "I&mport bundle…", bundles.bring, ("Ctrl+Shift+I",)),
        Command("export", "&File", "&Export job…", window.export_job, ("Ctrl+E",)),
        Command("connection", "&File", "&Connection…", window.edit_connection, ("Ctrl+,",), line_before=True),
        Command("workspace", "&File", "&Workspace…", window.storage_dialogs.show_workspace, ("Ctrl+Shift+W",)),
        Command("mappings", "&File", "&These files are at…", window.storage_dialogs.show_mappings),
        Command("refresh", "&File", "&Refresh jobs", window.library.refresh, ("F5",)),
        Command("find", "&File", "Fi&nd a job", window.jobs_panel.focus_filter, (Standard.Find,)),
        Command("link-cameras", "&File", "&Link cameras…", window.link_cameras, ("Ctrl+L",)),
        Command("quit", "&File", "&Quit", window.close, ("Ctrl+Q",), line_before=True),
        Command("play", "F&rame", "&Play or pause", viewer.playback.toggle, ("Space",)),
        Command("next", "F&rame", "&Next frame", lambda: viewer.step(1), ("Right",)),
        Command("previous", "F&rame", "P&revious frame", lambda: viewer.step(-1), ("Left",)),
        Command("next-ten", "F&rame", "Ten frames on", lambda: viewer.step(10), ("Shift+Right",)),
        Command("previous-ten", "F&rame", "Ten frames back", lambda: viewer.step(-10), ("Shift+Left",)),
        Command("first", "F&rame", "&First frame", lambda: viewer.show_frame(0), ("Home",)),
        Command("last", "F&rame", "&Last frame", lambda: viewer.show_frame(len(viewer.sequence) - 1), ("End",)),
        *view_commands(window.scene_view.navigation),
        *pointing_commands(window.scene_view.pointing),
        Command("show-all", "&View", "Show &all classes", viewer.appearance.show_all, ("Alt+H",)),
        *guide_commands(viewer),
        Command("theme", "&View", "Dark or light &theme", window.toggle_theme, ("Ctrl+T",), line_before=True),
        Command("full-screen", "&View", "F&ull screen", window.toggle_full_screen, (Standard.FullScreen, "F11")),
        Command("reset-layout", "&View", "&Reset layout", window.reset_layout),
        Command("service-jobs", "&Edge Impulse", "&Jobs of the project…", impulse.show_jobs, ("Ctrl+J",)),
        Command("refresh-boxes", "&Edge Impulse", "&Refresh boxes", impulse.refresh, ("Ctrl+R",)),
        Command("fetch-pictures", "&Edge Impulse", "Fetch &pictures of samples again", impulse.fetch_pictures),
        Command("keys", "&Help", "&Keys", window.show_keys, ("?", "F1")),
        Command("about", "&Help", "&About Pointproof", window.show_about),
    )
