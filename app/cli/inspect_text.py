"""The report of ``inspect`` for people: aligned columns, names instead of keys."""

from collections.abc import Iterator, Sequence

from app.cli.inspection import AlignmentReport, ConventionReport, FrameReport, Inspection, TrackReport
from app.domain.finding import counted, printable
from app.domain.track_facts import frames_in

Row = Sequence[str]
MANY_TRACKS = 30


def to_text(report: Inspection) -> str:
    """The whole report, one section per kind of thing, sections without content left out."""
    sections = (_heading, _frames, _legend, _cameras, _poses, _alignments, _boxes, _tracks, _findings)
    return "\n".join(line for section in sections for line in section(report))


def table(header: Row, rows: Sequence[Row], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Lines of columns padded to their widest cell; columns in ``right`` are aligned right."""
    lines = [[printable(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return ["  " + "  ".join(_cells(line, widths, right)).rstrip() for line in lines]


def _cells(row: Row, widths: Sequence[int], right: frozenset[int]) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if column in right else cell.ljust(width)


def _heading(report: Inspection) -> list[str]:
    points = sum(frame.points for frame in report.frames)
    return [f"{printable(report.name)}: {counted(len(report.frames), 'frame')}, {points:,} points"]


def _frames(report: Inspection) -> list[str]:
    header = ("frame", "points", "not finite", "x", "y", "z", "format", "fields")
    rows = [_frame_row(frame) for frame in report.frames]
    return ["", "Frames", *table(header, rows, right=frozenset({1, 2}))] if rows else []


def _frame_row(frame: FrameReport) -> Row:
    spans = ["-"] * 3
    if frame.bounds:
        spans = [f"{low:.2f} to {high:.2f}" for low, high in zip(frame.bounds.min, frame.bounds.max, strict=True)]
    kind = f"{frame.cloud.format} {frame.cloud.encoding}" if frame.cloud else "-"
    return (frame.frame_id, f"{frame.points:,}", f"{frame.nonfinite_points:,}", *spans, kind, " ".join(frame.fields))


def _legend(report: Inspection) -> list[str]:
    """Rows of the legend with points per frame; with many frames only the sums."""
    shown = report.frames if len(report.frames) <= 6 else ()
    header = ("key", "name", "class", "color", "points", "frames", *(frame.frame_id for frame in shown))
    rows = [
        (
            str(row.label_key),
            row.text if row.in_legend else "(no legend entry)",
            row.class_name,
            row.color if row.in_legend else "",
            f"{row.points:,}",
            str(row.frames),
            *(f"{frame.label_counts.get(str(row.label_key), 0):,}" for frame in shown),
        )
        for row in report.legend
    ]
    right = frozenset({0, *range(4, len(header))})
    return ["", "Legend", *table(header, rows, right=right)] if rows else []


def _cameras(report: Inspection) -> list[str]:
    header = ("camera", "lens", "images", "size", "tracks", "boxes", "detections", "points in image per frame")
    rows = [
        (
            camera.name,
            camera.model or "-",
            str(camera.images),
            _size(report, camera.name),
            str(camera.tracks),
            str(camera.tracked_boxes),
            str(camera.detections),
            _seen(report, camera.name),
        )
        for camera in report.cameras
    ]
    return ["", "Cameras", *table(header, rows, right=frozenset({2, 4, 5, 6}))] if rows else []


def _poses(report: Inspection) -> list[str]:
    """How poses and lenses are read, and why."""
    poses = report.camera_poses
    if poses is None:
        return []
    rows = [("poses", _words(poses.convention), "chosen" if poses.chosen else "as examples of the service suggest")]
    if poses.suggestion is not None:
        rows.append(("suggested" if poses.sure else "perhaps", _words(poses.suggestion), poses.reason))
    for camera in report.cameras:
        if camera.scale is not None:
            factor = "not used" if camera.scale.factor is None else f"intrinsics x {camera.scale.factor:.4g}"
            rows.append((camera.name, factor, camera.scale.reason))
    return ["", "Calibration", *table(("what", "read as", "why"), rows)]


def _words(convention: ConventionReport) -> str:
    return f"{convention.direction}, {convention.axes}, {convention.space}"


def _alignments(report: Inspection) -> list[str]:
    """How well points and pictures agree, where that was asked for."""
    header = ("camera", "agreement", "in single frames", "would fit better moved")
    rows = [
        (camera.name, _score(camera.alignment), _scores(report, camera.name), _moved(camera.alignment))
        for camera in report.cameras
        if camera.alignment
    ]
    return ["", "Points and pictures", *table(header, rows)] if rows else []


def _score(alignment: AlignmentReport) -> str:
    return f"unknown: {alignment.untold}" if alignment.score is None else f"{alignment.score:.2f}"


def _scores(report: Inspection, camera: str) -> str:
    found = (frame.cameras[camera].alignment for frame in report.frames)
    scores = [alignment.score for alignment in found if alignment and alignment.score is not None]
    return f"{min(scores):.2f} to {max(scores):.2f}" if scores else "-"


def _moved(alignment: AlignmentReport) -> str:
    if alignment.score is None:
        return "-"
    return f"{alignment.right_px:+.0f} px right, {alignment.down_px:+.0f} px down, {alignment.clockwise_deg:+.0f}°"


def _boxes(report: Inspection) -> list[str]:
    """How boxes come to lie where they are drawn, and whether they are out of date."""
    rows = [
        (camera.name, camera.sample.name if camera.sample else "-", told)
        for camera in report.cameras
        if camera.placement
        for told in (camera.placement.reason, camera.placement.stale, camera.origin and camera.origin.sentence)
        if told
    ]
    return ["", "Boxes", *table(("camera", "sample", "placed"), rows)] if rows else []


def _tracks(report: Inspection) -> list[str]:
    """Every track; with many only those that deserve a look, as the table would hide all else."""
    told = [track for track in report.tracks if track.gaps or track.switches]
    shown = report.tracks if len(report.tracks) <= MANY_TRACKS else told
    title = f"Tracks ({counted(len(report.tracks), 'track')}, those with gaps or switches)"
    header = ("camera", "track", "label", "frames", "length", "boxes", "kept", "gaps", "switches", "score", "size")
    rows = [_track_row(report, track) for track in shown]
    if not rows:
        return []
    heading = "Tracks" if shown is report.tracks else title
    return ["", heading, *table(header, rows, right=frozenset({1, *range(4, len(header))}))]


def _track_row(report: Inspection, track: TrackReport) -> Row:
    first, last = (_frame_id(report, index) for index in (track.first_frame, track.last_frame))
    return (
        track.camera,
        str(track.track_id),
        track.label,
        f"{first} to {last}",
        f"{track.length:,}",
        f"{track.boxes:,}",
        str(frames_in(track.kept)),
        str(len(track.gaps)),
        str(len(track.switches)),
        "-" if track.mean_score is None else f"{track.mean_score:.2f}",
        "{:.0f}x{:.0f}".format(*track.size) if track.size else "-",
    )


def _frame_id(report: Inspection, index: int) -> str:
    """Boxes may lie outside of the job's frames."""
    return report.frames[index].frame_id if 0 <= index < len(report.frames) else f"({index})"


def _size(report: Inspection, camera: str) -> str:
    pictures = (frame.cameras[camera].image for frame in report.frames)
    sizes = dict.fromkeys(f"{picture.width}x{picture.height}" for picture in pictures if picture)
    return ", ".join(sizes) or "-"


def _seen(report: Inspection, camera: str) -> str:
    counts = [frame.cameras[camera].points_in_image for frame in report.frames]
    known = [count for count in counts if count is not None]
    if not known:
        return "-"
    return f"{min(known):,}" if min(known) == max(known) else f"{min(known):,} to {max(known):,}"


def _findings(report: Inspection) -> list[str]:
    if not report.findings:
        return ["", "No findings"]
    header = ("severity", "frame", "rule", "message")
    rows = [(found.severity, found.frame_id or "-", found.rule, found.message) for found in report.findings]
    return ["", "Findings", *table(header, rows)]
