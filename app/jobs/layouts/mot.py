"""MOTChallenge: ``gt/gt.txt`` as tracks, ``det/det.txt`` as detections, ``img1/*.jpg`` and ``seqinfo.ini``, or the two
texts side by side in one folder.

Source: https://motchallenge.net/instructions/. Frames, and so the names of pictures, count from 1.
"""

from pathlib import Path

from app.domain.camera import Camera
from app.domain.finding import Finding
from app.domain.tracking import Tracking
from app.formats.box_lines import BoxText
from app.formats.mot import SequenceInfo, looks_like_mot, read_mot, read_sequence_info
from app.jobs.layouts.box_frames import NumberedFiles, boxes_layout
from app.jobs.layouts.layout import PICTURE_SUFFIXES, Layout, content_of, head_of, numbered, part

_KINDS = ("gt", "det")
_INFO = "seqinfo.ini"


def find(path: Path) -> Layout | None:
    """A sequence's folder, or one text of boxes; None for anything else."""
    texts = [path] if path.is_file() else _texts(path)
    texts = [text for text in texts if _is_boxes(text)]
    if not texts:
        return None
    root = _root(texts[0])
    findings: list[Finding] = []
    info = _info(root / _INFO, findings)
    boxes = _joined([read_mot(content_of(text, "boxes")) for text in texts])
    pictures = numbered(root / info.images, PICTURE_SUFFIXES) or numbered(root, PICTURE_SUFFIXES)
    files = NumberedFiles(
        camera=Camera(info.images, info.images, None),
        boxes=boxes,
        pictures={number - 1: picture for number, picture in pictures.items() if number > 0},
        first=1,
        at_least=info.frames,
        frames_per_second=info.frames_per_second,
    )
    name = texts[0].stem if path.is_file() and root == path.parent else root.name
    return boxes_layout(info.name or name, files, findings)


def _texts(folder: Path) -> list[Path]:
    """At most one text of each kind."""
    choices = ([folder / kind / f"{kind}.txt", folder / f"{kind}.txt"] for kind in _KINDS)
    found = (next((text for text in texts if text.is_file()), None) for texts in choices)
    return [text for text in found if text is not None]


def _root(text: Path) -> Path:
    return text.parent.parent if text.parent.name in _KINDS else text.parent


def _is_boxes(path: Path) -> bool:
    return path.suffix.lower() == ".txt" and looks_like_mot(head_of(path))


def _info(path: Path, findings: list[Finding]) -> SequenceInfo:
    info = part(path, read_sequence_info, findings) or SequenceInfo()
    return info if _is_plain_name(info.images) else SequenceInfo(info.name, frames=info.frames)


def _is_plain_name(name: str) -> bool:
    """Whether a folder's name from a file leads to nowhere else."""
    return bool(name) and name not in (".", "..") and Path(name).name == name


def _joined(texts: list[BoxText]) -> BoxText:
    """Tracks of the truth and detections of the detector: of each kind, the first text that has any."""
    tracked = next((text.tracking.tracked for text in texts if text.tracking.tracked), {})
    detected = next((text.tracking.detected for text in texts if text.tracking.detected), {})
    ignored, frames = sum(text.ignored for text in texts), max(text.frames for text in texts)
    return BoxText(Tracking(tracked, detected), ignored, frames)
