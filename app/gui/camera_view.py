"""One camera image of the shown frame with its boxes and layers, and what is said over it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.placed_camera import PlacedCamera
from app.gui.box_marks import Mark, Tag, mark_at, marks_of, paint_mark, paint_tag, place_tags
from app.gui.camera_acts import CameraActs
from app.gui.camera_labels import DOT, Header, NoteChip, Reason, paint_header, paint_note, paint_readout, paint_reason
from app.gui.camera_note import CameraAct
from app.gui.camera_shot import CameraShot, shot_of
from app.gui.camera_texts import STALE, ViewNote, box_lines, header_details, notes_of, readout
from app.gui.camera_tools import CameraTools
from app.gui.icons import icon_over_picture
from app.gui.image_layer import ImageLayer
from app.gui.picture_canvas import PictureCanvas
from app.gui.scaled_picture import ScaledPicture
from app.gui.shown_frame import Picture
from app.gui.straightening import Straightening
from app.gui.text import plain, visible
from app.gui.theme import STEP, caption_font, current
from app.gui.tooltips import shows_tooltip
from app.gui.viewer import Viewer
from app.jobs import FrameBoxes

MARGIN = 8
NARROWEST = 200
SMALLEST = QSize(NARROWEST, 96)
USUAL = QSize(320, 200)
NOT_LINKED = "Not linked to a sample"
NO_PICTURE = "No image yet"
LONGEST = 600  # characters of a sentence in a tooltip


class CameraView(PictureCanvas):
    """The picture of one camera; all its text is painted, so nothing in a name can become markup."""

    link_requested = Signal(str)  # camera
    act_requested = Signal(str, object)  # camera, CameraAct
    look_requested = Signal()  # to change how images look
    resized = Signal()  # the picture has another size than the last one
    box_clicked = Signal(object)  # Box as it came; beside every box ``clicked``

    def __init__(
        self, viewer: Viewer, camera: str, *, layers: tuple[ImageLayer, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.camera = camera
        self._viewer = viewer
        self._shot = CameraShot(-1, Picture(camera))
        self._layers = layers
        self._scaled = ScaledPicture()
        self._marks: tuple[Mark, ...] = ()
        self._tags: tuple[Tag, ...] = ()
        self._hovered: Mark | None = None
        self._straightening = Straightening(viewer.runner, camera, self)
        self._build()
        for layer in layers:
            layer.setParent(self)
            layer.changed.connect(self.update)
        self._connect()
        self._refresh()

    def _build(self) -> None:
        self.tools = CameraTools(self)
        self._unlinked = QToolButton(self)
        self._unlinked.setText(NOT_LINKED)
        self._unlinked.setIcon(icon_over_picture("link"))
        self._unlinked.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._unlinked.setProperty("role", "chip")
        self._unlinked.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._unlinked.setToolTip("Choose the Edge Impulse sample that has the boxes of this camera")
        self._unlinked.setCursor(Qt.CursorShape.ArrowCursor)
        self.acts = CameraActs(self.camera, self)

    def _connect(self) -> None:
        self.acts.asked.connect(lambda act: self.act_requested.emit(self.camera, act))
        for button in (self.tools.link, self._unlinked):
            button.clicked.connect(lambda _checked=False: self.link_requested.emit(self.camera))
        self.tools.enlarge.clicked.connect(lambda _checked=False: self.double_clicked.emit())
        self.tools.look.clicked.connect(lambda _checked=False: self.look_requested.emit())
        self._straightening.made.connect(self._show)
        viewer = self._viewer
        viewer.rig.changed.connect(self._refresh)  # which tells of frames and pictures too
        viewer.tracking_changed.connect(self._refresh)
        viewer.alignment.changed.connect(self._say)
        viewer.selection_changed.connect(self._on_selection_changed)
        viewer.box_style.changed.connect(self._refresh)
        viewer.images.straight_changed.connect(self._refresh)
        viewer.images.tones_changed.connect(self._on_tones_changed)

    # -- what is shown --------------------------------------------------------------------------------------------

    @property
    def placed(self) -> PlacedCamera | None:
        """The camera in whose pixels the picture is shown; None without a place, a lens or a picture."""
        return self._shot.placed

    @property
    def shot(self) -> CameraShot:
        """Everything that is shown of the camera."""
        return self._shot

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The boxes as they are drawn."""
        return self._marks

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags that found room."""
        return self._tags

    @property
    def state(self) -> str:
        """What is said beside the camera's name."""
        note = self._viewer.notes.get(self.camera)
        details = (note.brief,) if note else header_details(self._shot)
        return DOT.join((*details, *((STALE,) if self.stale else ())))

    @property
    def stale(self) -> str:
        """Why the boxes are not those that were asked for; empty where they are."""
        known = self._viewer.tracking.get(self.camera)
        return known.stale if known else ""

    @property
    def _agreement(self) -> str:
        return self._viewer.alignment.explained(self.camera)

    @property
    def linked(self) -> bool:
        """Whether boxes are known for this camera, or on their way."""
        if self._viewer.shown is None or self.camera in self._viewer.notes or self.stale:
            return True
        if self._shot.boxes != FrameBoxes():
            return True
        return any(track.camera == self.camera for track in self._viewer.tracks)

    def sizeHint(self) -> QSize:
        """A small picture."""
        return USUAL

    def minimumSizeHint(self) -> QSize:
        """Room for a header."""
        return SMALLEST

    def show_part(self, rect: QRectF) -> None:
        """As near as a part of the picture, in pixels of the picture as it came, just fits."""
        lens = self._shot.lens
        hull = rect if lens is None else QRectF(*lens.hull(rect.x(), rect.y(), rect.width(), rect.height()))
        self.set_placement(self.placement.showing(hull))

    # -- the viewer's news ----------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """A straight picture is swapped in with its boxes when it is whole; until then the last one stays."""
        shot = shot_of(self._viewer, self.camera)
        straight = self._viewer.images.straight
        if shot is not None and not (straight and shot.bends and shot.size is not None):
            self._straightening.forget()
            self._show(shot)
            return
        if shot is not None:
            self._straightening.ask(shot)
        self._say()

    def _show(self, shot: CameraShot) -> None:
        before, self._shot = self._shot.size, shot
        self._scaled.set_image(shot.picture.image, shot.picture.half)
        for layer in self._layers:
            layer.lens = shot.lens
            layer.set_placed(shot.placed)
        self._say_over()
        self.set_placement(self.placement.resized(shot.view_size, QSizeF(self.size())))  # which places tags
        if shot.size != before and shot.size is not None:
            self.resized.emit()

    def _say(self) -> None:
        """Anew what lies over the picture, with room for it among the tags."""
        self._say_over()
        self._place_tags()
        self.update()

    def _say_over(self) -> None:
        """What lies over the picture, which tags keep clear of."""
        note = self._viewer.notes.get(self.camera)
        self._unlinked.setVisible(not self.linked)
        self.acts.offer(note.acts if note else {CameraAct.REFRESH} if self.stale else ())
        self._place_over()
        self.setAccessibleName(visible(f"Camera {self.camera} {self.state}".strip()))

    def _on_selection_changed(self) -> None:
        self._place_tags()
        self.update()

    def _on_tones_changed(self) -> None:
        self._scaled.set_tones(self._viewer.images.tones)
        self.update()

    def _on_placed(self) -> None:
        style = self._viewer.box_style
        marks = marks_of(self._shot.drawn, self.placement, look=style.look, color_of=style.color)
        self._marks = marks if self._shot.size is not None else ()
        self._hovered = mark_at(self._marks, self.cursor_at) if self.cursor_at is not None else None
        self._place_tags()

    def _place_tags(self) -> None:
        self._tags = place_tags(
            self._marks,
            metrics=QFontMetricsF(caption_font(self.font())),
            inside=self.placement.visible,
            first=self._hovered or next((mark for mark in self._marks if self._is_selected(mark)), None),
            taken=[self._header().rect, self._note_rect(), self._plate(), *map(_taken_by, (self.tools, self.acts))],
        )

    def _is_selected(self, mark: Mark) -> bool:
        return mark.track_id is not None and self._viewer.selected_track == (self.camera, mark.track_id)

    def _header(self) -> Header:
        end = self.width() if self.tools.isHidden() else self.tools.x()
        room = QRectF(MARGIN, MARGIN, end - 2 * MARGIN, self.tools.link.sizeHint().height())
        details = () if self.camera in self._viewer.notes else header_details(self._shot)
        told = (*details, *filter(None, (self._viewer.alignment.words(self.camera),)))
        return Header.fitted(visible(self.camera), told, room=room, font=self.font())

    def _notes_told(self) -> tuple[ViewNote, ...]:
        wanted, note = self._viewer.images.straight, self._viewer.notes.get(self.camera)
        words = self._viewer.alignment.doubt(self.camera)
        doubt = ViewNote(words, (self._agreement,), warns=True) if words else None
        return notes_of(self._shot, note, stale=self.stale, straight_wanted=wanted, doubt=doubt)

    def _note(self) -> NoteChip | None:
        told = self._notes_told()
        if not told:
            return None
        height = self.tools.link.sizeHint().height()
        room = QRectF(MARGIN, height + MARGIN + STEP, self.width() - 2 * MARGIN, height)
        return NoteChip.fitted([note.brief for note in told], warns=told[0].warns, room=room, font=self.font())

    def _note_rect(self) -> QRectF:
        note = self._note()
        return note.rect if note else QRectF()

    def _reason(self) -> Reason | None:
        """Why there is no image, between what else lies over the picture; on a plate where boxes are drawn."""
        picture = self._shot.picture
        if picture.image is not None:
            return None
        top = max(self._header().rect.bottom(), self._note_rect().bottom()) + MARGIN
        shown = (button for button in (self.acts, self._unlinked) if not button.isHidden())
        bottom = min((button.y() for button in shown), default=self.height()) - MARGIN
        room = QRectF(MARGIN, top, self.width() - 2 * MARGIN, bottom - top)
        on_plate = self._shot.on_empty_plane
        return Reason.fitted(picture.problem or NO_PICTURE, room=room, on_plate=on_plate, font=self.font())

    def _plate(self) -> QRectF:
        reason = self._reason()
        return reason.rect if reason is not None and reason.on_plate else QRectF()

    def _place_over(self) -> None:
        """Keep the buttons at the picture's corners."""
        self.tools.fit(width=self.width(), attended=self.underMouse() or self.hasFocus())
        self.tools.move(self.width() - self.tools.width() - MARGIN, MARGIN)
        size = self._unlinked.sizeHint()
        self._unlinked.setGeometry(MARGIN, self.height() - size.height() - MARGIN, size.width(), size.height())
        size = self.acts.fitted(self.width() - 2 * MARGIN)
        self.acts.setGeometry(MARGIN, self.height() - size.height() - MARGIN, size.width(), size.height())

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, boxes and layers, tags, then what lies over them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color("scene_bottom"))
        if self._shot.on_empty_plane:
            painter.fillRect(self.placement.rect, current().color("raised"))
        self._scaled.paint(painter, self.placement, ratio=self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_layers(painter, above_boxes=False)
        self._paint_boxes(painter)
        self._paint_layers(painter, above_boxes=True)
        painter.setFont(self.font())
        if (reason := self._reason()) is not None:
            paint_reason(painter, reason)
        paint_header(painter, self._header())
        if (note := self._note()) is not None:
            paint_note(painter, note)
        self._paint_readout(painter)
        self._paint_state(painter)

    def _paint_layers(self, painter: QPainter, *, above_boxes: bool) -> None:
        """None while the picture is still that of another frame: layers are of the shown one."""
        shown = self._viewer.shown
        if self._shot.size is None or shown is None or shown.index != self._shot.index:
            return
        for layer in self._layers:
            if layer.above_boxes is above_boxes:
                painter.save()
                painter.setClipRect(self.placement.visible)
                layer.paint(painter, self.placement)
                painter.restore()

    def _paint_boxes(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self.placement.visible)
        chosen = [mark for mark in self._marks if self._is_selected(mark)]
        for mark in sorted(self._marks, key=lambda mark: mark in chosen):  # the selected one on top
            paint_mark(painter, mark, selected=mark in chosen, dimmed=bool(chosen) and mark not in chosen)
        painter.setFont(caption_font(self.font()))
        for tag in self._tags:
            paint_tag(painter, tag, selected=tag.mark in chosen, dimmed=bool(chosen) and tag.mark not in chosen)
        painter.restore()

    def _paint_readout(self, painter: QPainter) -> None:
        if self.cursor_at is None or not self.placement.visible.contains(self.cursor_at):
            return
        text = readout(self._shot, self.placement.to_picture(self.cursor_at), scale=self.placement.scale)
        plate = self._plate()
        corner = QPointF(self.width() - MARGIN, self.height() - MARGIN if plate.isEmpty() else plate.top() - STEP)
        paint_readout(painter, text, corner=corner, width=self.width() - 2 * MARGIN)

    # -- input ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the picture at its corners."""
        self._place_over()
        super().resizeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer what can be done with the picture."""
        super().enterEvent(event)
        self._place_over()
        self._place_tags()

    def leaveEvent(self, event: QEvent) -> None:
        """Be quiet again."""
        super().leaveEvent(event)
        self._place_over()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer what can be done with the picture."""
        super().focusInEvent(event)
        self._place_over()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Be quiet again."""
        super().focusOutEvent(event)
        self._place_over()

    def _on_pointed(self) -> None:
        at = self.cursor_at
        hovered = mark_at(self._marks, at) if at is not None else None
        if hovered != self._hovered:
            self._hovered = hovered
            self._place_tags()
        pointing = hovered is not None and hovered.track_id is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor)

    def _on_clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """A box under the click is meant, and its track selected; beside every box no track is."""
        mark = mark_at(self._marks, at)
        track_id = mark.track_id if mark is not None else None
        self._viewer.select_track(None if track_id is None else (self.camera, track_id))
        if mark is not None:
            self.box_clicked.emit(self._shot.original.get(mark.box, mark.box))
        else:
            super()._on_clicked(at, modifiers)

    def event(self, event: QEvent) -> bool:
        """Tooltips depend on what is under the cursor."""
        return shows_tooltip(event, self, self.tooltip_at) or super().event(event)

    def tooltip_at(self, at: QPointF) -> str:
        """What the box under a point is, or the header's text where it had to be shortened."""
        header = self._header()
        if self._note_rect().contains(at):
            return plain(*(line for note in self._notes_told() for line in note.sentences), limit=LONGEST)
        if header.rect.contains(at):
            lines = [*((self.camera, self.state) if header.shortened else ()), self._agreement]
            return plain(*filter(None, lines), limit=LONGEST) if any(lines) else ""
        picture, mark = self._shot.picture, mark_at(self._marks, at)
        lines = box_lines(mark, self._shot.original.get(mark.box, mark.box)) if mark is not None else []
        lines += [picture.problem] if picture.problem and picture.image is None else []
        return plain(*lines, limit=LONGEST) if lines else ""


def _taken_by(widget: QWidget) -> QRectF:
    """Where it lies over the picture, as far as it is shown."""
    return QRectF() if widget.isHidden() else QRectF(widget.geometry())
