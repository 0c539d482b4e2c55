"""What can be done with a row of the legend."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.gui.appearance import Appearance
from app.gui.panels.legend_model import LegendModel, LegendNode
from app.gui.text import action_text


def legend_menu(node: LegendNode, model: LegendModel, appearance: Appearance, parent: QWidget) -> QMenu:
    """The menu of a row, in the words of what each entry would do now; classes dim and flash as a whole."""
    menu = QMenu(parent)
    class_name = node.class_name
    name, class_text = (action_text(text, limit=40) for text in (node.row.text, class_name or node.row.text))
    drawn = model.is_visible(node) is not Qt.CheckState.Unchecked
    dimmed = appearance.visibility.dims_class(class_name)
    flashes = class_name in appearance.flashing.classes
    _add(menu, f"Show only {class_text}", "Return", lambda: show_only(appearance, class_name))
    _add(menu, f"{'Hide' if drawn else 'Show'} {name}", "Space", lambda: model.set_visible(node, visible=not drawn))
    _add(
        menu,
        f"{'Stop dimming' if dimmed else 'Dim'} {class_text}",
        "D",
        lambda: appearance.set_class_dimmed(class_name, dimmed=not dimmed),
    )
    verb = "Stop flashing" if flashes else "Flash"
    _add(menu, f"{verb} {class_text}", "B", lambda: flash(appearance, class_name))
    menu.addSeparator()
    _add(menu, "Copy name", "", lambda: QApplication.clipboard().setText(node.row.text))
    menu.addSeparator()
    _add(menu, "Show all", "Alt+H", appearance.show_all)
    return menu


def show_only(appearance: Appearance, class_name: str) -> None:
    """Isolate a class, also one that is alone already."""
    appearance.show_all()
    appearance.isolate_class(class_name)


def flash(appearance: Appearance, class_name: str) -> None:
    """Let a class flash, shown where it was hidden; one that flashes stops."""
    if class_name not in appearance.flashing.classes:
        appearance.set_class_visible(class_name, visible=True)
    appearance.flashing.toggle(class_name)


def _add(menu: QMenu, text: str, keys: str, do: Callable[[], object]) -> None:
    action = menu.addAction(f"{text}\t{keys}" if keys else text)
    action.triggered.connect(lambda _checked=False: do())
