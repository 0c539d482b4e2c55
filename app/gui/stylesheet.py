"""The one stylesheet, built from the tokens of a theme.

Widgets choose a look by the dynamic property ``role``. Labels: ``caption`` (small, secondary), ``section`` (small,
secondary, spaced), ``title``, ``heading`` and ``brand`` (half bold), ``secondary``, ``chip``, ``state`` (framed; its
property ``tone`` is ``fine`` or ``attention``), ``fine``, ``attention``, ``wrong``, ``problem``. Buttons: ``primary``,
``quiet`` (no frame until hovered), ``caption`` (the same, small and secondary), ``chip`` (over pictures).
Trees and tables: ``table`` (columns without gaps). A field whose property ``invalid`` is true has a red border.
"""

from dataclasses import asdict
from string import Template

from app.gui.theme import CHIP, CHIP_SECONDARY, CHIP_TEXT, Tokens
from app.resource_files import resource_path

_TEXT = Template("""
QLabel[role="caption"] { color: $secondary; font-size: ${caption_px}px; }
QLabel[role="section"] { color: $secondary; font-size: ${caption_px}px; letter-spacing: 1px; }
QLabel[role="title"], QLabel[role="heading"], QLabel[role="brand"] { font-weight: 600; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="chip"] { background: $chip_css; color: $chip_text; border-radius: 5px; padding: 3px 8px; }
QLabel[role="state"] { background: $panel; border: 1px solid $line; border-radius: 5px; padding: 2px 8px; }
QLabel[role="fine"], QLabel[tone="fine"] { color: $fine; }
QLabel[role="attention"], QLabel[tone="attention"] { color: $attention; }
QLabel[role="wrong"], QLabel[role="problem"] { color: $wrong; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
""")

_BUTTONS = Template("""
QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 5px; padding: 4px 12px;
}
QToolButton { padding: 3px 8px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $window; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: transparent; }
QPushButton:checked, QToolButton:checked, QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: $accent; border-color: $text; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: transparent; color: $disabled; border-color: $line; }
QToolButton[role="quiet"] { background: transparent; border-color: transparent; padding: 3px; }
QToolButton[role="quiet"]:hover { background: $hover; }
QToolButton[role="quiet"]:focus { border-color: $accent; }
QToolButton[role="quiet"]:checked { background: transparent; color: $accent; }
QToolButton[role="caption"] {
    background: transparent; border-color: transparent; color: $secondary; font-size: ${caption_px}px; padding: 3px;
}
QToolButton[role="caption"]:hover { background: $hover; color: $text; }
QToolButton[role="caption"]:focus { border-color: $accent; }
QToolButton[role="chip"], QPushButton[role="chip"] {
    background: $chip_css; color: $chip_text; border: 1px solid transparent; padding: 3px 8px;
}
QToolButton[role="chip"]:hover, QPushButton[role="chip"]:hover { background: #2b333e; }
QToolButton[role="chip"]:focus, QPushButton[role="chip"]:focus { border-color: $accent; }
QToolButton[role="chip"]:checked, QPushButton[role="chip"]:checked { background: $accent; color: $on_accent; }
QToolButton::menu-indicator { image: none; }
""")

_FIELDS = Template("""
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $line; border-radius: 5px; padding: 4px 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border-color: $accent;
}
QLineEdit[invalid="true"] { border-color: $wrong; }
QLineEdit:disabled, QComboBox:disabled { color: $disabled; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$down_icon"); width: 12px; height: 12px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; background: transparent; width: 18px; }
QSpinBox::up-arrow { image: url("$up_icon"); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url("$down_icon"); width: 10px; height: 10px; }
QDoubleSpinBox { padding: 4px 0; }
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; border: none; }
QDoubleSpinBox QLineEdit { background: transparent; border: none; padding: 0 6px; }
QDoubleSpinBox:disabled { color: $disabled; }
QFrame[role="overlay"] { background: $panel; border: 1px solid $line; border-radius: 5px; }
QFrame[role="overlay"] QScrollArea, QFrame[role="overlay"] QScrollArea > QWidget > QWidget { background: transparent; }
QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $secondary; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $text; border: 1px solid $panel; width: 12px; height: 12px; margin: -5px 0; border-radius: 6px;
}
QSlider::handle:horizontal:focus { background: $accent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; selection-background-color: $selection; }
QCheckBox, QRadioButton { spacing: 8px; }
QRadioButton::indicator {
    width: 12px; height: 12px; border: 1px solid $secondary; border-radius: 7px; background: $field;
}
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 4px solid $accent; background: $on_accent; }
QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator:disabled { border-color: $disabled; }
QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 1px solid $secondary; border-radius: 3px; background: $field;
}
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check_icon"); }
QCheckBox:focus { color: $accent; }
QProgressBar { background: $line; border: none; border-radius: 2px; color: $text; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
""")

_LISTS = Template("""
QAbstractItemView { background: $panel; color: $text; border: none; outline: none; }
QTreeView::item, QListView::item { padding: 3px 4px; border-radius: 5px; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QTreeView[role="table"]::item { border-radius: 0; }
QTableView[role="table"]::item { padding: 0 5px; }
QTableView[role="table"]::item:selected { background: $selection; color: $text; }
QHeaderView::section {
    background: $panel; color: $secondary; border: none; border-bottom: 1px solid $line; padding: 4px 8px;
}
QTableCornerButton::section { background: $panel; border: none; }
QTreeView[role="table"]::indicator {
    width: 12px; height: 12px; border: 1px solid $secondary; border-radius: 3px; background: $field;
}
QTreeView[role="table"]::indicator:checked { background: $accent; border-color: $accent; image: url("$check_icon"); }
QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")

_FRAME = Template("""
QMainWindow, QMainWindow::separator { background: $window; }
QMainWindow::separator { width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $window; }
QSplitter::handle:hover { background: $accent; }
QDockWidget { color: $text; font-weight: 600; titlebar-close-icon: url("$close_icon"); }
QDockWidget::close-button {
    subcontrol-position: right center; subcontrol-origin: padding; position: absolute;
    right: 8px; top: 4px; bottom: 4px; width: 18px; icon-size: 16px; border: none; border-radius: 3px; padding: 0;
}
QDockWidget::close-button:hover { background: $hover; }
QDockWidget::title { background: $panel; padding: 6px 12px 3px 12px; border-bottom: 1px solid $line; text-align: left; }
QDockWidget > QWidget { background: $panel; }
QTabWidget, QTabWidget > QStackedWidget { background: $panel; }
QTabWidget::pane { border: none; }
QTabWidget::tab-bar { left: 10px; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 5px; padding: 4px 12px; margin: 4px 2px;
}
QTabBar::tab:hover { background: $hover; }
QTabBar::tab:selected { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 4px; padding: 4px 8px; }
QToolBar::separator { background: $line; width: 1px; margin: 4px; }
QMenuBar { background: $panel; color: $text; border-bottom: 1px solid $line; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 24px; border-radius: 5px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { background: $line; height: 1px; margin: 4px 8px; }
QMenu::icon { padding-left: 4px; }
QStatusBar { background: $panel; color: $secondary; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $secondary; padding: 0 4px; }
""")


def stylesheet(tokens: Tokens, *, caption_px: int) -> str:
    """The stylesheet of a theme; ``caption_px`` is the height of captions in pixels."""
    values = {
        **asdict(tokens),
        "field": tokens.window if tokens.is_dark else tokens.raised,
        "scroll": tokens.line if tokens.is_dark else "#b9c2ce",
        "chip_css": CHIP,
        "chip_text": CHIP_TEXT,
        "chip_secondary": CHIP_SECONDARY,
        "close_icon": resource_path("icons/dock-close.svg").as_posix(),
        "check_icon": resource_path(f"icons/check-{tokens.name}.svg").as_posix(),
        "up_icon": resource_path("icons/arrow-up.svg").as_posix(),
        "down_icon": resource_path("icons/arrow-down.svg").as_posix(),
        "caption_px": caption_px,
    }
    return "".join(part.substitute(values) for part in (_TEXT, _BUTTONS, _FIELDS, _LISTS, _FRAME))
