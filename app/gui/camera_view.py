"""One camera image of the shown frame with its boxes: zoom, pan, and a click that selects a track."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from app.domain.placed_camera import PlacedCamera
from app.gui.box_marks import Mark, Tag, mark_at, marks_of, paint_mark, paint_tag, place_tags
from app.gui.camera_acts import CameraActs
from app.gui.camera_labels import Header, NoteChip, paint_header, paint_message, paint_note, paint_readout
from app.gui.camera_note import CameraAct
from app.gui.camera_texts import box_counts, box_lines
from app.gui.icons import IconButton, icon_over_picture
from app.gui.image_layer import ImageLayer
from app.gui.picture_canvas import PictureCanvas
from app.gui.scaled_picture import ScaledPicture
from app.gui.shown_frame import Picture
from app.gui.text import plain, visible
from app.gui.theme import STEP, caption_font, current
from app.gui.viewer import Viewer
from app.jobs import FrameBoxes

MARGIN = 8
NARROWEST = 200
SMALLEST = QSize(NARROWEST, 96)
USUAL = QSize(320, 200)
NOT_LINKED = "Not linked to a sample"
NO_PICTURE = "No image yet"
STALE = "Stale results"
LONGEST = 600  # characters of a sentence in a tooltip


class CameraView(PictureCanvas):
    """The picture of one camera; all its text is painted, so nothing in a name can become markup."""

    link_requested = Signal(str)  # camera
    act_requested = Signal(str, object)  # camera, CameraAct
    box_clicked = Signal(object)  # Box; beside every box ``clicked``

    def __init__(
        self, viewer: Viewer, camera: str, *, layers: tuple[ImageLayer, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.camera = camera
        self._viewer = viewer
        self._picture = Picture(camera)
        self._placed: PlacedCamera | None = None
        self._boxes = FrameBoxes()
        self._scaled = ScaledPicture()
        self._layers = layers
        self._marks: tuple[Mark, ...] = ()
        self._tags: tuple[Tag, ...] = ()
        self._hovered: Mark | None = None
        self._build()
        for layer in layers:
            layer.setParent(self)
            layer.changed.connect(self.update)
        viewer.frame_changed.connect(self._refresh)
        viewer.pictures_changed.connect(self._refresh)
        viewer.tracking_changed.connect(self._refresh)
        viewer.selection_changed.connect(self._on_selection_changed)
        self._refresh()

    def _build(self) -> None:
        self._link = IconButton("link", "Link this camera to a sample", role="chip", parent=self)
        self._unlinked = QToolButton(self)
        self._unlinked.setText(NOT_LINKED)
        self._unlinked.setIcon(icon_over_picture("link"))
        self._unlinked.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._unlinked.setProperty("role", "chip")
        self._unlinked.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._unlinked.setToolTip("Choose the Edge Impulse sample that has the boxes of this camera")
        self.acts = CameraActs(self.camera, self)
        self.acts.asked.connect(lambda act: self.act_requested.emit(self.camera, act))
        for button in (self._link, self._unlinked):
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.clicked.connect(lambda _checked=False: self.link_requested.emit(self.camera))

    # -- what is shown --------------------------------------------------------------------------------------------

    @property
    def placed(self) -> PlacedCamera | None:
        """The camera in whose pixels the picture is shown; None without a place, a lens or a picture."""
        return self._placed

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
        words = (note.brief if note else box_counts(self._boxes), STALE if self.stale else "")
        return " · ".join(filter(None, words))

    @property
    def stale(self) -> str:
        """Why the boxes are not those that were asked for; empty where they are."""
        known = self._viewer.tracking.get(self.camera)
        return known.stale if known else ""

    @property
    def linked(self) -> bool:
        """Whether boxes are known for this camera, or on their way."""
        if self._viewer.shown is None or self.state:
            return True
        return any(track.camera == self.camera for track in self._viewer.tracks)

    def sizeHint(self) -> QSize:
        """A small picture."""
        return USUAL

    def minimumSizeHint(self) -> QSize:
        """Room for a header."""
        return SMALLEST

    # -- the viewer's news ----------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        shown = self._viewer.shown
        if shown is not None:  # until then the last picture stays
            self._picture = shown.pictures.get(self.camera, Picture(self.camera))
            self._boxes = self._viewer.boxes.get(self.camera, FrameBoxes())
        image = self._picture.image
        self._scaled.set_image(image, self._picture.half)
        size = QSizeF(image.size()) if image is not None else QSizeF()
        self._unlinked.setVisible(not self.linked)
        note = self._viewer.notes.get(self.camera)
        self.acts.offer(note.acts if note else {CameraAct.REFRESH} if self.stale else ())
        self._place_acts()
        self._placed = self._place_camera()
        for layer in self._layers:
            layer.set_placed(self._placed)
        self.set_placement(self._placement.resized(size, QSizeF(self.size())))
        self.setAccessibleName(visible(f"Camera {self.camera} {self.state}".strip()))

    def _on_selection_changed(self) -> None:
        self._place_tags()
        self.update()

    def _place_camera(self) -> PlacedCamera | None:
        job, shown, image = self._viewer.job, self._viewer.shown, self._picture.image
        if job is None or shown is None or image is None:
            return None
        return job.placed_camera(shown.index, self.camera, size=(image.width(), image.height()))

    def _on_placed(self) -> None:
        self._marks = marks_of(self._boxes, self._placement) if self._picture.image is not None else ()
        self._hovered = mark_at(self._marks, self._cursor_at) if self._cursor_at is not None else None
        self._place_tags()

    def _place_tags(self) -> None:
        self._tags = place_tags(
            self._marks,
            metrics=QFontMetricsF(caption_font(self.font())),
            inside=self._placement.visible,
            first=self._hovered or next((mark for mark in self._marks if self._is_selected(mark)), None),
            taken=[self._header().rect, self._note_rect(), QRectF(self._link.geometry()), self._acts_rect()],
        )

    def _is_selected(self, mark: Mark) -> bool:
        return mark.track_id is not None and self._viewer.selected_track == (self.camera, mark.track_id)

    def _header(self) -> Header:
        room = QRectF(MARGIN, MARGIN, self._link.x() - 2 * MARGIN, self._link.sizeHint().height())
        counts = "" if self.camera in self._viewer.notes else box_counts(self._boxes)
        return Header.fitted(visible(self.camera), counts, room=room, font=self.font())

    def _note(self) -> NoteChip | None:
        note = self._viewer.notes.get(self.camera)
        if note is None and not self.stale:
            return None
        height = self._link.sizeHint().height()
        room = QRectF(MARGIN, height + MARGIN + STEP, self.width() - 2 * MARGIN, height)
        return NoteChip.fitted(
            visible(note.brief) if note else STALE, warns=note is None or note.warns, room=room, font=self.font()
        )

    def _note_rect(self) -> QRectF:
        note = self._note()
        return note.rect if note else QRectF()

    def _acts_rect(self) -> QRectF:
        return QRectF() if self.acts.isHidden() else QRectF(self.acts.geometry())

    def _place_acts(self) -> None:
        size = self.acts.fitted(self.width() - 2 * MARGIN)
        self.acts.setGeometry(MARGIN, self.height() - size.height() - MARGIN, size.width(), size.height())

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, boxes, tags, then what lies over them."""
        painter = QPainter(self)
        tokens = current()
        painter.fillRect(self.rect(), tokens.color("scene_bottom"))
        self._scaled.paint(painter, self._placement, ratio=self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture.image is None:
            top = max(self._link.geometry().bottom(), self._note_rect().bottom()) + MARGIN
            room = QRectF(self.rect()).adjusted(2 * MARGIN, top, -2 * MARGIN, -MARGIN - self._acts_rect().height())
            paint_message(painter, self._picture.problem or NO_PICTURE, room=room, color=tokens.color("secondary"))
        self._paint_layers(painter, above_boxes=False)
        self._paint_boxes(painter)
        self._paint_layers(painter, above_boxes=True)
        painter.setFont(self.font())
        paint_header(painter, self._header())
        if (note := self._note()) is not None:
            paint_note(painter, note)
        self._paint_readout(painter)
        self._paint_focus(painter)

    def _paint_layers(self, painter: QPainter, *, above_boxes: bool) -> None:
        if self._picture.image is None:
            return
        for layer in self._layers:
            if layer.above_boxes is above_boxes:
                painter.save()
                painter.setClipRect(self._placement.visible)
                layer.paint(painter, self._placement)
                painter.restore()

    def _paint_boxes(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self._placement.visible)
        chosen = [mark for mark in self._marks if self._is_selected(mark)]
        for mark in sorted(self._marks, key=lambda mark: mark in chosen):  # the selected one on top
            paint_mark(painter, mark, selected=mark in chosen, dimmed=bool(chosen) and mark not in chosen)
        painter.setFont(caption_font(self.font()))
        for tag in self._tags:
            paint_tag(painter, tag, selected=tag.mark in chosen, dimmed=bool(chosen) and tag.mark not in chosen)
        painter.restore()

    def _paint_readout(self, painter: QPainter) -> None:
        if self._cursor_at is None or not self._placement.visible.contains(self._cursor_at):
            return
        at = self._placement.to_picture(self._cursor_at)
        zoom = f"{self._placement.scale:.0%}"
        corner = QPointF(self.width() - MARGIN, self.height() - MARGIN)
        paint_readout(painter, f"x {int(at.x())}  y {int(at.y())}  {zoom}", corner=corner)

    # -- input ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the picture at its corners."""
        self._link.move(self.width() - self._link.sizeHint().width() - MARGIN, MARGIN)
        self._link.resize(self._link.sizeHint())
        size = self._unlinked.sizeHint()
        self._unlinked.setGeometry(MARGIN, self.height() - size.height() - MARGIN, size.width(), size.height())
        self._place_acts()
        super().resizeEvent(event)

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
            self.box_clicked.emit(mark.box)
        else:
            super()._on_clicked(at, modifiers)

    def event(self, event: QEvent) -> bool:
        """Tooltips depend on what is under the cursor."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tooltip_at(self, at: QPointF) -> str:
        """What the box under a point is, or the header's text where it had to be shortened."""
        note, header = self._viewer.notes.get(self.camera), self._header()
        if self._note_rect().contains(at):
            told = (note.sentence if note else "", self.stale)
            return plain(*(sentence for sentence in told if sentence), limit=LONGEST)
        if header.shortened and header.rect.contains(at):
            return plain(self.camera, self.state)
        if self._picture.image is None:
            return plain(self._picture.problem) if self._picture.problem else ""
        mark = mark_at(self._marks, at)
        return plain(*box_lines(mark)) if mark is not None else ""
