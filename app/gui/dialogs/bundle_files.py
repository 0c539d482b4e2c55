"""Asking where a bundle goes or comes from, and what to do about files that are missing."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.workspace.bundle import SUFFIX

BUNDLES = f"Bundles (*{SUFFIX})"


def ask_where_to_save(name: str, on_chosen: Callable[[Path], None], parent: QWidget) -> QFileDialog:
    """Ask for a file to write; the suffix comes by itself."""
    dialog = QFileDialog(parent, "Save bundle", name, BUNDLES)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
    return _opened(dialog, on_chosen)


def ask_what_to_import(on_chosen: Callable[[Path], None], parent: QWidget) -> QFileDialog:
    """Ask for a bundle to import."""
    dialog = QFileDialog(parent, "Import bundle", "", f"{BUNDLES};;All files (*)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _opened(dialog, on_chosen)


def ask_for_leave(sentence: str, details: str, on_agreed: Callable[[], None], parent: QWidget) -> QMessageBox:
    """Ask whether to save a bundle although files are missing."""
    box = _message(QMessageBox.Icon.Warning, "Save bundle", sentence, parent)
    box.setInformativeText("Save the bundle without them?")
    box.setDetailedText(details)
    agree = box.addButton("Save without them", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    agree.clicked.connect(on_agreed)
    box.open()
    return box


def tell(title: str, sentence: str, details: str, parent: QWidget) -> QMessageBox:
    """Tell what should be known about a bundle."""
    box = _message(QMessageBox.Icon.Information, title, sentence, parent)
    box.setInformativeText(details)
    box.open()
    return box


def _opened(dialog: QFileDialog, on_chosen: Callable[[Path], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.open()
    return dialog


def _message(icon: QMessageBox.Icon, title: str, sentence: str, parent: QWidget) -> QMessageBox:
    box = QMessageBox(icon, title, sentence, QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
