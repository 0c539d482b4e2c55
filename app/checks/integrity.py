"""Integrity before the picture: whether the parts of a job fit each other.

==========================  ========  ===================================================================
rule                        severity  meaning
==========================  ========  ===================================================================
``mask.length``             error     the mask has more or fewer label keys than the cloud has points
``mask.missing``            warning   the document has no mask for the frame
``mask.unreadable``         error     the mask could not be fetched or decoded
``scan.missing``            error     the document has no point cloud for the frame
``scan.unreadable``         error     the point cloud could not be fetched or decoded
``image.missing``           warning   a camera of the job has no picture in the frame
``image.unreadable``        warning   a picture could not be fetched or decoded
``tracking.stale``          warning   the tracking results were made with other parameters than were asked for
``video.unreadable``        warning   the video of a linked sample could not be decoded
``video.too-short``         warning   the tracking results speak of frames that the sample's video does not have
``legend.missing``          warning   the mask has keys but the job has no legend at all
``legend.unmapped-keys``    info      keys of the mask that the legend does not have: services send such
``legend.duplicate-colours``  warning  different classes look the same
``cloud.empty``             warning   no point at all, or none with finite coordinates
``cloud.nonfinite``         info      points that count but cannot be drawn
``cloud.assumed-layout``    info      the file leaves open how it is to be read; what was assumed
==========================  ========  ===================================================================

Reading a result document (``app.formats.telus``) reports with the same means:

==========================  ========  ===================================================================
``sequence.empty``          error     the document lists no frame
``document.odd-entries``    warning   list entries that are no records were left out
``frame.repeated``          warning   a frame id is listed again; the first is used
``frame.unnamed``           warning   a frame without an id
``frame.without-sensors``   warning   annotated frames that ``sensor_data`` does not list were left out
``mask.several``            see text  several masks for a frame; info where the sensor decides, else warning
``mask.without-frame``      warning   a mask that names no frame was left out
``scan.several``            info      several lidars in a frame; the mask's, else the primary one is used
``sensor.joined-by-name``   info      a frame names a sensor by its name instead of its id
``sensor.duplicate-id``     warning   several sensors share an id
``sensor.repeated``         warning   a frame lists a sensor twice; the first is used
``sensor.unlisted``         warning   a frame lists a sensor that the job does not describe
``pose.invalid``            warning   a heading of length zero, or an incomplete pose
``camera.unknown-model``    warning   a lens model that this program does not know
``camera.invalid-intrinsics``  warning  no positive focal length, or no principal point
``camera.scale-factor``     info      pictures said to be made smaller: what that applies to is undocumented
``legend.conflict``         warning   one label key stands for different things
``legend.bad-label-key``    warning   annotations without a whole number as label key
``legend.invalid-colour``   info      colours that cannot be read were replaced
==========================  ========  ===================================================================

Reading a dataset's folder (``app.jobs.layouts``) reports:

==========================  ========  ===================================================================
``layout.missing``          info      a part that such folders usually have is not there
``layout.damaged``          warning   a part cannot be read or does not fit the others
``layout.left-out``         info      entries that are not part of the job, such as regions to ignore
==========================  ========  ===================================================================

The cameras of a job, once some of its frames are decoded (``app.jobs.job_rig``), report:

==========================  ========  ===================================================================
``calibration.convention``  warning   the data speaks for camera poses being meant otherwise than they are read;
                                      info where that reading was chosen
==========================  ========  ===================================================================

A frame's findings may repeat those of its sequence word for word; ``merge_findings`` keeps each once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from app.domain.finding import Finding, Severity, counted, listed, merge_findings, quoted
from app.domain.legend import Legend, Rgb
from app.domain.mask import Mask
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Sequence, SequenceFrame

NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})

_ColorUse = Mapping[Rgb, dict[str, None]]


def check_sequence(sequence: Sequence, *, pictured: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Everything the document alone shows, its own reading findings first; nothing is decoded for it.

    The cameras in ``pictured`` have pictures from elsewhere.
    """
    gaps = dict.fromkeys(gap for frame in sequence.frames for gap in frame.gaps_beside(pictured))
    filled = {gap for frame in sequence.frames for gap in frame.gaps} - gaps.keys() if pictured else set()
    told = (finding for finding in sequence.findings if finding not in filled)
    return merge_findings(told, gaps, _absent_cameras(sequence, pictured), _shared_colors(sequence))


def check_tracking(camera: str, *, stale: str) -> tuple[Finding, ...]:
    """Whether the results of a camera are those that were asked for; ``stale`` says in a sentence why not."""
    message = f"Camera {quoted(camera)}: {stale} Refresh them, or classify the sample again."
    return (Finding("tracking.stale", Severity.WARNING, message),) if stale else ()


def check_video(camera: str, *, frames: int | None, last_number: int, problem: str = "") -> tuple[Finding, ...]:
    """Whether the video of a camera's sample has all the frames that its results speak of, the last being number
    ``last_number`` counted from 0. ``frames`` is None where it cannot be read, for the reason in ``problem``."""
    if frames is None:
        message = f"The video of camera {quoted(camera)} cannot be read: {problem}"
        return (Finding("video.unreadable", Severity.WARNING, message),)
    if last_number < frames:
        return ()
    message = (
        f"The video of camera {quoted(camera)} has {counted(frames, 'frame')}, but the tracking results reach to "
        f"frame number {last_number:,}. Check that the sample is the right one, and fetch its video again."
    )
    return (Finding("video.too-short", Severity.WARNING, message),)


def check_frame(
    record: SequenceFrame,
    *,
    cloud: PointCloud | None,
    mask: Mask | None,
    mask_problem: str = "",
    scan_problem: str = "",
    image_problems: Mapping[str, str] = NO_PROBLEMS,
    pictured: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """What the decoded files of one frame show.

    ``cloud`` and ``mask`` are None where there is none; the problems say in a sentence why a file could not be had,
    ``image_problems`` by camera name; the cameras in ``pictured`` have a picture from elsewhere. Give the mask even
    where it does not fit, so that its length can be compared.
    """
    findings = [
        *_gaps(record, cloud, mask, pictured),
        *_unreadable(record, mask_problem=mask_problem, scan_problem=scan_problem, image_problems=image_problems),
        *(_cloud_findings(cloud, record.frame_id) if cloud is not None else ()),
    ]
    if mask is not None:
        findings += _legend_findings(mask, record.legend, record.frame_id)
        findings += _length_findings(mask, cloud, record.frame_id)
    return tuple(findings)


def _gaps(
    record: SequenceFrame, cloud: PointCloud | None, mask: Mask | None, pictured: frozenset[str]
) -> Iterable[Finding]:
    """The document's gaps, but for files that were given from elsewhere."""
    filled = {rule for rule, given in (("scan.missing", cloud), ("mask.missing", mask)) if given is not None}
    return (gap for gap in record.gaps_beside(pictured) if gap.rule not in filled)


def _unreadable(
    record: SequenceFrame, *, mask_problem: str, scan_problem: str, image_problems: Mapping[str, str]
) -> Iterable[Finding]:
    if scan_problem:
        yield Finding("scan.unreadable", Severity.ERROR, f"No point cloud: {scan_problem}", record.frame_id)
    if mask_problem:
        yield Finding("mask.unreadable", Severity.ERROR, f"No mask: {mask_problem}", record.frame_id)
    for camera, problem in image_problems.items():
        message = f"No picture of camera {quoted(camera)}: {problem}"
        yield Finding("image.unreadable", Severity.WARNING, message, record.frame_id)


def _cloud_findings(cloud: PointCloud, frame_id: str) -> Iterable[Finding]:
    points, nonfinite = len(cloud), cloud.nonfinite_points
    if cloud.source.note:
        yield Finding("cloud.assumed-layout", Severity.INFO, cloud.source.note, frame_id)
    if nonfinite == points:
        none = "The point cloud has no points" if points == 0 else f"None of the {points:,} points has a position"
        message = f"{none}, so there is nothing to see. Ask the vendor for the right file."
        yield Finding("cloud.empty", Severity.WARNING, message, frame_id)
    elif nonfinite:
        message = f"{nonfinite:,} of {points:,} points have no finite position: they are counted but not drawn."
        yield Finding("cloud.nonfinite", Severity.INFO, message, frame_id)


def _length_findings(mask: Mask, cloud: PointCloud | None, frame_id: str) -> Iterable[Finding]:
    if cloud is None or len(mask) == len(cloud):
        return
    difference = "too many" if len(mask) > len(cloud) else "too few"
    message = (
        f"The mask has {counted(len(mask), 'label key')} but the cloud {counted(len(cloud), 'point')}: "
        f"{abs(len(mask) - len(cloud)):,} {difference}. It is not painted; ask the vendor for the mask of this cloud."
    )
    yield Finding("mask.length", Severity.ERROR, message, frame_id)


def _legend_findings(mask: Mask, legend: Legend, frame_id: str) -> Iterable[Finding]:
    if len(mask) and not len(legend):
        keys = counted(len(mask.counts), "label key")
        message = f"The mask uses {keys} but the job has no legend. Ask the vendor what the keys mean."
        yield Finding("legend.missing", Severity.WARNING, message, frame_id)
        return
    unmapped = {key: points for key, points in mask.counts.items() if legend.get(key) is None}
    if unmapped:
        points = counted(sum(unmapped.values()), "point")
        keys = listed((f"{key} ({number:,})" for key, number in unmapped.items()), limit=10)
        message = f"{points} with label keys that have no legend entry, shown in grey: {keys}."
        yield Finding("legend.unmapped-keys", Severity.INFO, message, frame_id)


def _absent_cameras(sequence: Sequence, pictured: frozenset[str]) -> Iterable[Finding]:
    """Cameras that the job has but a frame does not even mention; a camera in no frame is one finding."""
    present = [{image.camera for image in frame.images} for frame in sequence.frames]
    for camera in sequence.cameras:
        absent = [
            frame.frame_id for frame, names in zip(sequence.frames, present, strict=True) if camera.name not in names
        ]
        if not absent or camera.name in pictured:
            continue
        where = "any frame" if len(absent) == len(sequence) else f"frame {listed(map(quoted, absent))}"
        message = f"The result has no picture of camera {quoted(camera.name)} for {where}."
        yield Finding("image.missing", Severity.WARNING, message, absent[0] if len(absent) == 1 else "")


def _shared_colors(sequence: Sequence) -> Iterable[Finding]:
    """One finding for the whole job: a legend's colours repeat from frame to frame."""
    shared: defaultdict[Rgb, dict[str, None]] = defaultdict(dict)
    for legend in {id(frame.legend): frame.legend for frame in sequence.frames}.values():
        for color, classes in _color_use(legend).items():
            if len(classes) > 1:
                shared[color].update(classes)
    if shared:
        uses = [f"rgb{color} for {listed(map(quoted, names))}" for color, names in shared.items()]
        more = [f"{counted(len(uses) - 3, 'more colour')}"] if len(uses) > 3 else []
        message = f"Different classes share a colour: {'; '.join(uses[:3] + more)}. Hide one class to tell them apart."
        yield Finding("legend.duplicate-colours", Severity.WARNING, message)


def _color_use(legend: Legend) -> _ColorUse:
    use: defaultdict[Rgb, dict[str, None]] = defaultdict(dict)
    for entry in legend:
        if entry.color_given:
            use[entry.color][entry.class_name] = None
    return use
