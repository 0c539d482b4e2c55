"""The row of view chips over the 3D view with the menu of everything rarer, and the cross of the camera's pivot."""

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMenu, QToolButton, QWidget

from app.gui.navigation import Navigation
from app.gui.rig_views import rig_cameras
from app.gui.text import action_text, plain
from app.gui.theme import STEP
from app.gui.viewer import Viewer
from app.scene.following import Hold
from app.scene.rig_cameras import PREFIX
from app.scene.things import present

# name of the view, text of its button, its key, what it does
VIEW_BUTTONS = (
    ("top", "Top", "T", "From above, forward is up"),
    ("front", "Front", "F", "From ahead, looking back"),
    ("left", "Left", "L", "From the left"),
    ("ego", "Ego", "E", "From behind and above the ego"),
)
MENU_VIEWS = (
    ("top", "From the top", "T"),
    ("front", "From the front", "F"),
    ("back", "From the back", "Shift+F"),
    ("left", "From the left", "L"),
    ("right", "From the right", "Shift+L"),
    ("ego", "From behind the ego", "E"),
    ("driver", "From the driver's seat", "Shift+E"),
)
FIRST_TO_GO = ("left", "front", "ego", "top")
MORE_TIP = "Cameras (C), perspective (O), what to follow (G), saved views"
LONGEST_NAME = 20  # characters of a name on a chip
MOST_THINGS = 15  # in a menu
CROSS, ARM = 23, 8  # pixels: the widget's side, half the length of a line


class ViewTools(QWidget):
    """One button per usual view, marked while it is in use, a menu with all others, and what the camera follows."""

    def __init__(self, navigation: Navigation, viewer: Viewer, parent: QWidget) -> None:
        super().__init__(parent)
        self._navigation = navigation
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        self.buttons: dict[str, QToolButton] = {}
        for name, text, key, tip in VIEW_BUTTONS:
            self.buttons[name] = _chip(self, text, plain(f"{tip} ({key})"))
            self.buttons[name].setCheckable(True)
            self.buttons[name].clicked.connect(lambda _checked=False, name=name: navigation.look(name))
            row.addWidget(self.buttons[name])
        self.more = _chip(self, "Views", plain(MORE_TIP))
        self.more.setCheckable(True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(ViewMenu(navigation, viewer, self.more))
        self.followed = _chip(self, "", "")
        self.followed.clicked.connect(lambda _checked=False: navigation.follow(Hold.EGO))
        row.addWidget(self.more)
        row.addWidget(self.followed)
        navigation.changed.connect(self._refresh)
        self._refresh()

    def fit(self, width: int) -> None:
        """Take at most ``width`` pixels: the menu has every view, so that a button may go."""
        for button in self.buttons.values():
            button.show()
        for name in FIRST_TO_GO:
            if self._row.sizeHint().width() <= width:
                break
            self.buttons[name].hide()
        self.adjustSize()

    def _refresh(self) -> None:
        navigation = self._navigation
        for name, button in self.buttons.items():
            button.setChecked(name == navigation.view_name)
        self.more.setText(f"{_name_of(navigation)} ▾")
        self.more.setChecked(bool(navigation.view_name) and navigation.view_name not in self.buttons)
        text, tip = _followed(navigation)
        self.followed.setText(text)
        self.followed.setToolTip(plain(tip))
        self.followed.setVisible(bool(text))


class ViewMenu(QMenu):
    """Made anew each time it opens, from what the shown frame has."""

    def __init__(self, navigation: Navigation, viewer: Viewer, parent: QWidget) -> None:
        super().__init__(parent)
        self._navigation = navigation
        self._viewer = viewer
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        navigation = self._navigation
        for name, text, key in MENU_VIEWS:
            self._offer(self, f"{text}\t{key}", partial(navigation.look, name), checked=name == navigation.view_name)
        self._fill_cameras()
        self.addSeparator()
        self._offer(self, "Without perspective\tO", navigation.toggle_projection, checked=navigation.parallel)
        self._fill_following(self.addMenu("Follow"))
        self._fill_saved()

    def _fill_cameras(self) -> None:
        self.addSeparator()
        for camera in rig_cameras(self._viewer):
            name = PREFIX + camera.name
            text = f"Through camera {_short(camera.name)}"
            self._offer(self, text, partial(self._navigation.look, name), checked=name == self._navigation.view_name)

    def _fill_following(self, menu: QMenu) -> None:
        navigation, following, shown = self._navigation, self._navigation.following, self._viewer.shown
        self._offer(menu, "The ego", partial(navigation.follow, Hold.EGO), checked=following.hold is Hold.EGO)
        place = "This place of the street\tShift+G"
        self._offer(menu, place, partial(navigation.follow, Hold.PLACE), checked=following.hold is Hold.PLACE)
        menu.addSeparator()
        if shown is None or shown.prepared is None:
            return
        for thing in present(shown.prepared, shown.frame.legend)[:MOST_THINGS]:
            follow = partial(navigation.follow_key, thing.label_key)
            self._offer(menu, _short(thing.text), follow, checked=thing == following.thing)

    def _fill_saved(self) -> None:
        saved = self._navigation.saved
        self.addSeparator()
        for slot, view in saved.slots.items():
            self._offer(self, f"{_short(view.name)}\tAlt+{slot}", partial(self._navigation.go_to_saved, slot))
        self.addAction("Save this view…", self._save).setEnabled(saved.free_slot is not None)
        if saved.slots:
            menu = self.addMenu("Delete a saved view")
            for slot, view in saved.slots.items():
                menu.addAction(_short(view.name), partial(saved.remove, slot))

    def _save(self) -> None:
        slot = self._navigation.saved.free_slot
        if slot is None:
            return
        dialog = QInputDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Save this view")
        dialog.setLabelText(f"Name of the view; Alt+{slot} goes back to it:")
        dialog.setTextValue(f"View {slot}")
        dialog.textValueSelected.connect(lambda name: self._navigation.save_view(slot, name.strip()))
        dialog.open()

    @staticmethod
    def _offer(menu: QMenu, text: str, do: Callable[[], object], *, checked: bool = False) -> None:
        action = menu.addAction(text)
        action.setCheckable(checked)  # what is not in force needs no empty box beside it
        action.setChecked(checked)
        action.triggered.connect(lambda _checked=False: do())


class PivotCross(QWidget):
    """A small cross, light on a dark edge so that it shows on anything. Clicks go through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(CROSS, CROSS)
        self.hide()

    def stand_at(self, x: float, y: float) -> None:
        """Mark a position in the parent; one that is nowhere hides it."""
        known = math.isfinite(x) and math.isfinite(y)
        self.setVisible(known)
        if known:
            self.move(round(x - CROSS / 2), round(y - CROSS / 2))
            self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both lines twice: the edge, then the light."""
        painter = QPainter(self)
        middle = QPointF(CROSS / 2, CROSS / 2)
        for color, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255), 1.0)):
            painter.setPen(QPen(color, width))
            painter.drawLine(middle - QPointF(ARM, 0), middle + QPointF(ARM, 0))
            painter.drawLine(middle - QPointF(0, ARM), middle + QPointF(0, ARM))


def _chip(parent: QWidget, text: str, tip: str) -> QToolButton:
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(tip)
    button.setProperty("role", "chip")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _name_of(navigation: Navigation) -> str:
    """What the menu's chip says: the view that is in use where no other chip names it."""
    if navigation.camera:
        return f"Camera {_short(navigation.camera)}"
    rare = {"back": "Back", "right": "Right", "driver": "Driver"}
    return rare.get(navigation.view_name, "Views")


def _followed(navigation: Navigation) -> tuple[str, str]:
    """Text and tip of the chip that says what the camera follows; empty for the ego, which is usual."""
    following = navigation.following
    if following.hold is Hold.PLACE:
        return (
            "Staying here ✕",
            "The camera stays at this place of the street (Shift+G); click to go with the ego again",
        )
    if following.thing is None:
        return "", ""
    state = "is not in this frame" if following.lost else "is followed"
    mark = "?" if following.lost else "✕"
    return (
        f"{_short(following.thing.text)} {mark}",
        f"{following.thing.text} {state} (G); click to go with the ego again",
    )


def _short(text: str) -> str:
    """Foreign text for a menu or a chip."""
    return action_text(text, limit=LONGEST_NAME)
