"""What is known of the lens of each camera, and how well its points fit its picture, in words for a table."""

from dataclasses import dataclass, replace

from app.domain.camera import Camera, CameraModel, Intrinsics
from app.domain.lens_scale import LensScale
from app.domain.tracking import Size
from app.gui.alignment_state import AlignmentState
from app.gui.rig_state import sizes_of
from app.gui.viewer import Viewer

COLUMNS = ("Camera", "Agreement", "Lens", "Picture", "Focal lengths", "Centre", "Intrinsics", "Distortion")
NO_LENS = "The result describes no lens for this camera, so that no points are projected into its pictures."
NO_PICTURE = "No picture of this camera is here in this frame; its lens is shown as the document gives it."
_MODELS = {CameraModel.BROWN_CONRADY: "Brown-Conrady", CameraModel.FISHEYE: "Fisheye (Kannala-Brandt)"}


@dataclass(frozen=True)
class LensRow:
    """One camera: what stands in each of COLUMNS, and the sentence that says what its intrinsics are for.

    ``agreement``: the sentence on points and picture of the shown frame, empty while it is not known.
    """

    cells: tuple[str, ...]
    reason: str
    agreement: str = ""

    @property
    def tips(self) -> tuple[str, ...]:
        """What is to be said of each cell: the whole of its text, of the agreement its sentence."""
        camera, agreement, *others = self.cells
        return (camera, self.agreement or agreement, *others)


def lens_rows(viewer: Viewer) -> tuple[LensRow, ...]:
    """The cameras of the open job, with the sizes of the pictures of the shown frame."""
    shown, job = viewer.shown, viewer.job
    sizes = {} if shown is None else sizes_of(shown)
    rows = []
    for camera in viewer.sequence.cameras:
        size = sizes.get(camera.name)
        scale = None if shown is None or job is None or size is None else job.rig.scale(shown.index, camera.name, size)
        rows.append(_compared(_row(camera, size, scale), viewer.alignment))
    return tuple(rows)


def _compared(row: LensRow, alignment: AlignmentState) -> LensRow:
    """With how well points and picture agree: how far they are apart where that is in doubt, else the score."""
    camera, *others = row.cells
    found = alignment.of(camera)
    score = "-" if found is None else "cannot be told" if found.score is None else f"{found.score:.2f}"
    return replace(
        row,
        cells=(camera, alignment.doubt(camera) or score, *others),
        agreement=alignment.explained(camera),
    )


def _row(camera: Camera, size: Size | None, scale: LensScale | None) -> LensRow:
    picture = "-" if size is None else f"{size[0]} x {size[1]}"
    lens = camera.intrinsics
    if lens is None:
        return LensRow((camera.name, "not known", picture, *"-" * 4), NO_LENS)
    used = lens if scale is None or scale.intrinsics is None else scale.intrinsics
    cells = (
        camera.name,
        _MODELS[lens.model],
        picture,
        f"{used.fx:.2f}, {used.fy:.2f}",
        f"{used.cx:.2f}, {used.cy:.2f}",
        _decision(scale),
        _distortion(lens),
    )
    return LensRow(cells, NO_PICTURE if scale is None else scale.reason)


def _decision(scale: LensScale | None) -> str:
    if scale is None or scale.as_given:
        return "do not fit" if scale is not None and scale.intrinsics is None else "as given"
    return f"x {scale.factor:.4g}"


def _distortion(lens: Intrinsics) -> str:
    named = zip(lens.model.coefficients, lens.distortion, strict=False)
    given = [f"{name} {value:.6g}" for name, value in named if value]
    skew = [f"skew {lens.skew:.6g}"] if lens.skew else []
    return ", ".join([*given, *skew]) or "none"
