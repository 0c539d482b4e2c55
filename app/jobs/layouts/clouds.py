"""Point clouds without a document: a single one, or a folder of them, with masks of the same name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from app.domain.finding import Finding
from app.domain.legend import Legend
from app.domain.sequence import Sequence, SequenceFrame
from app.errors import AppError, InputError
from app.formats.clouds import CLOUD_SUFFIXES, read_cloud
from app.formats.las import looks_like_las
from app.formats.las_classes import ASPRS_LEGEND
from app.formats.masks import is_raw_keys, looks_like_mask
from app.formats.npy import holds_points, looks_like_npy, read_npy_header
from app.formats.semantic_kitti import SEMANTIC_KITTI_LEGEND
from app.jobs.layouts.layout import Layout, files_in, head_of, legend_file, play_order
from app.memory import available_bytes
from app.workspace.failures import plain_words
from app.workspace.local_files import PlainFile

MASK_SUFFIXES = (".txt", ".json", ".txt.gz", ".json.gz", ".label", ".npy", ".pcd", ".ply", ".las", ".laz", ".npz")
_MASK_FOLDERS = ("labels", "masks", "label", "mask")
_LAST_SUFFIXES = frozenset(f".{suffix.rpartition('.')[2]}" for suffix in MASK_SUFFIXES)
_DOUBLE_SUFFIXES = (".pcd.bin",)
_SURVEYS = (".las", ".laz")

_Masks = dict[Path, Path | None]
_Listing = Mapping[str, Path]  # the files of a folder by name


def single(path: Path, mask: Path | None) -> Layout:
    """One point cloud with an optional mask; raises CloudFormatError where the cloud cannot be
    read, TooLargeError where it does not fit into memory."""
    if mask is not None and mask.is_dir():
        raise InputError(f"The mask {mask} is a folder.", next_step="Give the mask's file.")
    with PlainFile(path).open("a point cloud") as stream:
        # a single file that cannot be read is a failure, not a job with a finding
        read_cloud(stream, name=path.name, free=available_bytes())
    return _layout(path.name, {path: mask}, root=path.parent, expected=mask is not None)


def folder(path: Path, masks: Path | None) -> Layout | None:
    """The clouds of a folder, or of the folders below it where it has none itself; None without any.

    Masks have the names of their clouds and lie in ``masks``, else beside the clouds, or in a folder ``labels``,
    ``masks``, ``label`` or ``mask`` beside or within the clouds' folder, where they look like masks.
    """
    if masks is not None and not masks.is_dir():
        raise InputError("One mask cannot fit a folder of point clouds.", next_step="Give a folder of masks.")
    with plain_words("list the files", path):
        clouds = _clouds(path.iterdir(), root=path) or _clouds(path.rglob("*"), root=path)
    if not clouds:
        return None
    if masks is not None:
        return _layout(path.name, _from_given(masks, clouds, root=path), root=path, expected=True)
    found = _masks_nearby(clouds)
    return _layout(path.name, found, root=path, expected=any(found.values()))


def _clouds(files: Iterable[Path], *, root: Path) -> list[Path]:
    """Files that may be point clouds; those in folders of masks, and arrays that hold no points, are not."""
    named = (path for path in files if path.suffix.lower() in CLOUD_SUFFIXES)
    outside = (path for path in named if not set(_MASK_FOLDERS) & set(path.relative_to(root).parts[:-1]))
    return sorted((path for path in outside if path.is_file() and not _is_mask_array(path)), key=play_order)


def _is_mask_array(path: Path) -> bool:
    if path.suffix.lower() != ".npy":
        return False
    head = head_of(path)
    try:
        return looks_like_npy(head) and not holds_points(read_npy_header(BytesIO(head)))
    except AppError:
        return False  # damaged: shown as a frame that says so


def _masks_nearby(clouds: list[Path]) -> _Masks:
    """The mask of each cloud by the first place that has one for any of them."""
    for find in (_from_folders, _from_beside):
        masks = find(clouds)
        if any(mask is not None and _is_mask(mask) for mask in masks.values()):
            return masks
    return dict.fromkeys(clouds)


def _from_given(masks: Path, clouds: list[Path], *, root: Path) -> _Masks:
    """From a folder laid out as that of the clouds, or with all masks side by side."""
    listings = {parent: _listing(masks / parent.relative_to(root)) for parent in _parents(clouds)}
    flat = _listing(masks)
    return {cloud: _first_mask([listings[cloud.parent], flat], cloud) for cloud in clouds}


def _from_folders(clouds: list[Path]) -> _Masks:
    """From folders of masks within or beside the clouds' own."""
    listings = {parent: [_listing(folder) for folder in _mask_folders(parent)] for parent in _parents(clouds)}
    return {cloud: _first_mask(listings[cloud.parent], cloud) for cloud in clouds}


def _from_beside(clouds: list[Path]) -> _Masks:
    """From the clouds' own folder, where files may have the same name for any reason: masks are told by their looks."""
    listings = {parent: _listing(parent) for parent in _parents(clouds)}
    found = {cloud: _first_mask([listings[cloud.parent]], cloud) for cloud in clouds}
    return {cloud: mask if mask and mask not in found and _is_mask(mask) else None for cloud, mask in found.items()}


def _parents(clouds: list[Path]) -> list[Path]:
    return list(dict.fromkeys(cloud.parent for cloud in clouds))


def _mask_folders(clouds: Path) -> Iterator[Path]:
    for base in (clouds, clouds.parent):
        yield from (base / name for name in _MASK_FOLDERS if name != clouds.name)


def _listing(folder: Path) -> _Listing:
    """One look at a folder instead of a question for each name; empty where there is no such folder."""
    return {path.name: path for path in files_in(folder, _LAST_SUFFIXES)}


def _first_mask(listings: list[_Listing], cloud: Path) -> Path | None:
    names = [f"{_stem(cloud)}{suffix}" for suffix in MASK_SUFFIXES]
    found = (listing[name] for listing in listings for name in names if name in listing)
    return next((path for path in found if path != cloud), None)


def _is_mask(path: Path) -> bool:
    return looks_like_mask(head_of(path), name=path.name)


def _stem(cloud: Path) -> str:
    """The name without what says that it is a cloud: ``a`` for ``a.pcd`` and for ``a.pcd.bin``."""
    ending = next((ending for ending in _DOUBLE_SUFFIXES if cloud.name.lower().endswith(ending)), cloud.suffix)
    return cloud.name[: len(cloud.name) - len(ending)]


def _layout(name: str, masks: _Masks, *, root: Path, expected: bool) -> Layout:
    """Frames are named by where their clouds lie below ``root``."""
    paths: dict[str, Path] = {}
    frames = []
    findings: list[Finding] = []
    given = legend_file((root,), findings)
    stems = [cloud.relative_to(root).with_name(_stem(cloud)).as_posix() for cloud in masks]
    uses = Counter(stems)
    for stem, (cloud, mask) in zip(stems, masks.items(), strict=True):
        frame_id = stem if uses[stem] == 1 else cloud.relative_to(root).as_posix()
        scan_url = f"cloud/{cloud.relative_to(root).as_posix()}"
        mask_url = f"mask/{stem}{mask.name.removeprefix(_stem(cloud))}" if mask else ""
        paths |= {scan_url: cloud} | ({mask_url: mask} if mask else {})
        legend = _legend(mask or cloud, given)
        frames.append(SequenceFrame(frame_id, scan_url, mask_url, legend=legend, mask_expected=expected))
    return Layout(name, Sequence(tuple(frames), findings=tuple(findings)), paths)


def _legend(source: Path, given: Legend | None) -> Legend:
    """What the keys of a file mean: as the folder's legend has it, or as the kind of file says."""
    if given is not None:
        return given
    if is_raw_keys(source.name):
        return SEMANTIC_KITTI_LEGEND
    is_survey = source.suffix.lower() in _SURVEYS and looks_like_las(head_of(source))
    return ASPRS_LEGEND if is_survey else Legend()
