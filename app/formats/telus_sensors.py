"""Which sensor a file belongs to. Ids are customer's data: shared by two sensors, or names in the place of ids."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.finding import counted, listed, quoted
from app.formats.documents import flag, part, text
from app.formats.telus_notes import Notes
from app.formats.telus_records import FrameSensor, IntrinsicsRecord, SensorMeta, SensorType

LIDAR = "lidar"
CAMERA = "camera"

_CLOUD_ENDINGS = (".pcd", ".ply", ".las", ".laz", ".bin")
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Sensor:
    """One sensor of the job. ``name`` is unique within the job; ``meta`` is None where ``sensor_meta`` lacks it."""

    sensor_id: str
    name: str
    modality: str
    meta: SensorMeta | None = field(default=None, compare=False)

    @property
    def is_primary(self) -> bool:
        """Whether the customer marked it as the view to work in."""
        return self.meta is not None and flag(self.meta.primary_view)


@dataclass(frozen=True)
class SensorFile:
    """What one sensor recorded in one frame; an empty ``url`` means that the document has none."""

    sensor: Sensor
    url: str
    record: FrameSensor


class SensorTable:
    """The job's sensors, and the join of a frame's files with them: by exact id, else by name."""

    def __init__(self, metas: Sequence[SensorMeta], types: Iterable[SensorType], notes: Notes) -> None:
        self.sensors = _sensors(metas)
        self._by_id: defaultdict[str, list[Sensor]] = defaultdict(list)
        self._by_name: defaultdict[str, list[Sensor]] = defaultdict(list)
        for sensor, meta in zip(self.sensors, metas, strict=True):
            self._by_id[sensor.sensor_id].append(sensor)
            self._by_name[text(meta.name)].append(sensor)
        self._types = {text(row.sensor_id): text(row.sensor_type).lower() for row in types}
        self._unlisted: dict[tuple[str, str], Sensor] = {}
        self._named: dict[str, None] = {}
        self._notes = notes
        _note_shared_ids(self._by_id, notes)

    def files(self, records: Iterable[FrameSensor], *, frame_id: str) -> list[SensorFile]:
        """A frame's files with their sensors, in document order, at most one file per sensor."""
        found: dict[str, SensorFile] = {}
        for record in records:
            sensor = self._sensor_of(text(record.sensor_id), _hint(record), set(found))
            if sensor.name in found:
                message = f"Sensor {quoted(sensor.name)} is listed more than once; the first is used."
                self._notes.warning("sensor.repeated", message, frame_id=frame_id)
                continue
            url = text(record.data_url) or text(record.original_url)
            found[sensor.name] = SensorFile(sensor, url, record)
        return list(found.values())

    def lidar(self, sensor_id: str) -> Sensor | None:
        """The lidar that a mask's sensor id or name means; None where it means none."""
        candidates = [*self._by_id.get(sensor_id, ()), *self._by_name.get(sensor_id, ())]
        return next((sensor for sensor in candidates if sensor.modality == LIDAR), None)

    def cameras(self) -> list[Sensor]:
        """Every camera, in document order, those that only a frame mentions last."""
        return [sensor for sensor in (*self.sensors, *self._unlisted.values()) if sensor.modality == CAMERA]

    def note_names(self) -> None:
        """Note which sensors were joined by name; call it once all frames were read."""
        if self._named:
            names = listed(map(quoted, self._named))
            message = f"{counted(len(self._named), 'sensor')} joined by name, as no sensor has that id: {names}."
            self._notes.info("sensor.joined-by-name", message)

    def _sensor_of(self, sensor_id: str, hint: str, taken: set[str]) -> Sensor:
        candidates = self._by_id.get(sensor_id, [])
        if not candidates and sensor_id and (candidates := self._by_name.get(sensor_id, [])):
            self._named[sensor_id] = None
        if not candidates:
            return self._unlisted_sensor(sensor_id, hint)
        free = [sensor for sensor in candidates if sensor.name not in taken] or candidates
        hinted = [sensor for sensor in free if sensor.modality == hint]
        return (hinted or free)[0]

    def _unlisted_sensor(self, sensor_id: str, hint: str) -> Sensor:
        modality = hint or self._types.get(sensor_id, "")
        sensor = Sensor(sensor_id, sensor_id or modality or "unnamed", modality)
        if (sensor.name, modality) not in self._unlisted:
            self._unlisted[sensor.name, modality] = sensor
            kind = f"it is taken for a {modality}" if modality else "its files are left out"
            self._notes.warning("sensor.unlisted", f"Sensor {quoted(sensor.name)} is not described; {kind}.")
        return sensor


def _sensors(metas: Sequence[SensorMeta]) -> list[Sensor]:
    names = [text(meta.name) or text(meta.id) for meta in metas]
    uses = Counter(names)
    sensors: list[Sensor] = []
    for index, (meta, name) in enumerate(zip(metas, names, strict=True)):
        name_taken = uses[name] > 1 or not name
        unique = f"{name or 'sensor'} ({text(meta.id) or index})" if name_taken else name
        if any(unique == sensor.name for sensor in sensors):
            unique = f"{unique} [{index}]"
        sensors.append(Sensor(text(meta.id), unique, _modality(meta), meta))
    return sensors


def _modality(meta: SensorMeta) -> str:
    stated = text(meta.modality).strip().lower()
    has_lens = part(meta.intrinsics, IntrinsicsRecord) is not None or bool(text(meta.camera_model))
    return stated or (CAMERA if has_lens else "")


def _hint(record: FrameSensor) -> str:
    """What a file's addresses look like; only ever used where the document leaves a choice."""
    for url in (text(record.data_url), text(record.original_url)):
        path = url.split("?", 1)[0].split("#", 1)[0].lower()
        if path.endswith(_CLOUD_ENDINGS):
            return LIDAR
        if path.endswith(_PICTURE_ENDINGS):
            return CAMERA
    return ""


def _note_shared_ids(by_id: dict[str, list[Sensor]], notes: Notes) -> None:
    for sensor_id, sensors in by_id.items():
        if len(sensors) > 1:
            names = listed(f"{sensor.modality or 'sensor'} {quoted(sensor.name)}" for sensor in sensors)
            notes.warning(
                "sensor.duplicate-id", f"The id {quoted(sensor_id)} belongs to more than one sensor: {names}."
            )
