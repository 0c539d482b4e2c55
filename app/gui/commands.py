"""The table of commands of the main window."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.gui.actions import Command
from app.gui.best_view_commands import best_view_commands
from app.gui.box_commands import box_commands
from app.gui.color_mode_bar import mode_commands
from app.gui.guide_commands import guide_commands
from app.gui.image_commands import image_commands
from app.gui.image_point_commands import image_point_commands
from app.gui.pointing_commands import pointing_commands
from app.gui.track_jumps import track_commands
from app.gui.view_commands import view_commands

if TYPE_CHECKING:
    from app.gui.main_window import MainWindow

Standard = QKeySequence.StandardKey


def window_commands(window: "MainWindow") -> tuple[Command, ...]:
    """Everything that menus and keys can do, in menu order."""
    viewer = window.viewer
    return (
        *_file(window),
        *_frame(window),
        *view_commands(window.scene_view.navigation),
        *pointing_commands(window.scene_view.pointing),
        *_look(window),
        *mode_commands(window.color_modes),
        *guide_commands(viewer),
        *box_commands(viewer.box_style),
        *track_commands(window.track_jumps),
        *_window(window),
        *image_commands(window.camera_area, viewer.images, window.point_tools),
        *image_point_commands(viewer.appearance),
        *best_view_commands(window.best_view),
        *_edge_impulse(window),
        *_help(window),
    )


def _file(window: "MainWindow") -> tuple[Command, ...]:
    bundles, pictures = window.bundle_dialogs, window.picture_dialogs
    return (
        Command("open-folder", "&File", "Open &folder…", window.choose_folder, (Standard.Open,)),
        Command("open-file", "&File", "Open f&ile…", window.choose_file, ("Ctrl+Shift+O",)),
        Command("save-bundle", "&File", "&Save bundle…", bundles.save, ("Ctrl+Shift+S",), line_before=True),
        Command("import-bundle", "&File", "I&mport bundle…", bundles.bring, ("Ctrl+Shift+I",)),
        Command("export", "&File", "&Export job…", window.export_job, ("Ctrl+E",)),
        Command("save-picture", "&File", "Save pictu&re…", pictures.save, ("Ctrl+P",), line_before=True),
        Command("copy-picture", "&File", "Cop&y picture", window.view_pictures.copy, ("Ctrl+Shift+C",)),
        Command("go-to-picture", "&File", "&Go to the view of a picture…", pictures.open, ("Ctrl+Shift+G",)),
        Command("connection", "&File", "&Connection…", window.edit_connection, ("Ctrl+,",), line_before=True),
        Command("workspace", "&File", "&Workspace…", window.storage_dialogs.show_workspace, ("Ctrl+Shift+W",)),
        Command("mappings", "&File", "&These files are at…", window.storage_dialogs.show_mappings),
        Command("refresh", "&File", "&Refresh jobs", window.library.refresh, ("F5",)),
        Command("find", "&File", "Fi&nd a job", window.jobs_panel.focus_filter, (Standard.Find,)),
        Command("link-cameras", "&File", "&Link cameras…", window.link_cameras, ("Ctrl+L",)),
        Command("quit", "&File", "&Quit", window.close, ("Ctrl+Q",), line_before=True),
    )


def _frame(window: "MainWindow") -> tuple[Command, ...]:
    viewer = window.viewer
    return (
        Command("play", "F&rame", "&Play or pause", viewer.playback.toggle, ("Space",)),
        Command("next", "F&rame", "&Next frame", lambda: viewer.step(1), ("Right",)),
        Command("previous", "F&rame", "P&revious frame", lambda: viewer.step(-1), ("Left",)),
        Command("next-ten", "F&rame", "Ten frames on", lambda: viewer.step(10), ("Shift+Right",)),
        Command("previous-ten", "F&rame", "Ten frames back", lambda: viewer.step(-10), ("Shift+Left",)),
        Command("first", "F&rame", "&First frame", lambda: viewer.show_frame(0), ("Home",)),
        Command("last", "F&rame", "&Last frame", lambda: viewer.show_frame(len(viewer.sequence) - 1), ("End",)),
        Command("go-to", "F&rame", "&Go to frame…", window.timeline.jump.start, ("Ctrl+G",)),
        Command("slower", "F&rame", "Play s&lower", viewer.playback.slower, ("<",), line_before=True),
        Command("faster", "F&rame", "Play f&aster", viewer.playback.faster, (">",)),
        Command("loop", "F&rame", "Play in a l&oop", viewer.playback.toggle_loop, ("Ctrl+Shift+L",)),
    )


def _look(window: "MainWindow") -> tuple[Command, ...]:
    appearance, tools = window.viewer.appearance, window.point_tools
    return (
        Command("show-all", "&View", "Show &all classes", appearance.show_all, ("Alt+H",)),
        Command("range", "&View", "Range of &values", tools.toggle_range, ("Shift+V",)),
        Command("cuts", "&View", "What is &cut away", tools.toggle_cuts, ("Shift+X",)),
        Command("cut-nothing", "&View", "Cut &nothing away", appearance.cut_nothing, ("Alt+X",)),
        Command("look", "&View", "How points &look", tools.toggle_look, ("Shift+P",)),
    )


def _window(window: "MainWindow") -> tuple[Command, ...]:
    return (
        Command("calibration", "&View", "Cali&bration…", window.show_calibration, ("Ctrl+Shift+K",), line_before=True),
        Command("theme", "&View", "Dark or light &theme", window.toggle_theme, ("Ctrl+T",), line_before=True),
        Command("full-screen", "&View", "F&ull screen", window.toggle_full_screen, (Standard.FullScreen, "F11")),
        Command("reset-layout", "&View", "&Reset layout", window.reset_layout),
    )


def _edge_impulse(window: "MainWindow") -> tuple[Command, ...]:
    impulse = window.edge_impulse
    return (
        Command("impulses", "&Edge Impulse", "&Impulses…", window.impulses.show, ("Ctrl+I",)),
        Command("service-jobs", "&Edge Impulse", "&Jobs of the project…", impulse.show_jobs, ("Ctrl+J",)),
        Command("refresh-boxes", "&Edge Impulse", "&Refresh boxes", impulse.refresh, ("Ctrl+R",)),
        Command("fetch-pictures", "&Edge Impulse", "Fetch &pictures of samples again", impulse.fetch_pictures),
    )


def _help(window: "MainWindow") -> tuple[Command, ...]:
    return (
        Command("keys", "&Help", "&Keys", window.show_keys, ("?", "F1")),
        Command("doctor", "&Help", "&Doctor…", window.doctoring.show),
        Command("about", "&Help", "&About Pointproof", window.show_about),
    )
