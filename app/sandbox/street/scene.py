"""Where everything stands, and where it is at a moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Pose
from app.sandbox.street import buildings, furniture, people, vehicles
from app.sandbox.street.light import ShadowMap, Sun
from app.sandbox.street.noise import Noise
from app.sandbox.street.road import BAY, FACADE, KERB, SIDE_HALF, SIDE_ROAD, ZEBRA, height, place
from app.sandbox.street.solids import Solid
from app.sandbox.street.things import Color, Part, Thing, standing

START, END = -64.0, 104.0  # metres along the road that are built up, as far as the bend lets one see
NEARBY = (-18.0, 56.0)  # metres along the road where things have all their details
LIDAR_HEIGHT = 1.92
_WALLS: tuple[Color, ...] = (
    (0.56, 0.47, 0.33), (0.62, 0.58, 0.49), (0.46, 0.25, 0.17), (0.38, 0.44, 0.45), (0.60, 0.40, 0.28),
    (0.50, 0.52, 0.44), (0.66, 0.62, 0.56), (0.54, 0.33, 0.25), (0.40, 0.36, 0.33),
)  # fmt: skip
_SIGNS: tuple[Color, ...] = (
    (0.30, 0.03, 0.03), (0.02, 0.12, 0.07), (0.02, 0.06, 0.20), (0.40, 0.22, 0.02), (0.06, 0.05, 0.05),
    (0.05, 0.17, 0.20),
)  # fmt: skip
_PAINTS: tuple[Color, ...] = (
    (0.52, 0.53, 0.54), (0.03, 0.03, 0.035), (0.32, 0.02, 0.02), (0.02, 0.06, 0.22), (0.22, 0.23, 0.24),
    (0.70, 0.70, 0.68),
    (0.03, 0.12, 0.16), (0.09, 0.10, 0.10), (0.42, 0.36, 0.26), (0.42, 0.10, 0.02),
)  # fmt: skip
_CLOTHES = (
    people.Clothes((0.42, 0.05, 0.05), (0.03, 0.04, 0.09), (0.03, 0.02, 0.01), (0.42, 0.27, 0.19), bag=True),
    people.Clothes((0.06, 0.16, 0.32), (0.10, 0.09, 0.08), (0.12, 0.07, 0.03), (0.48, 0.32, 0.24)),
    people.Clothes((0.55, 0.52, 0.42), (0.04, 0.06, 0.14), (0.25, 0.15, 0.06), (0.50, 0.34, 0.26), bag=True),
    people.Clothes((0.04, 0.04, 0.045), (0.17, 0.15, 0.12), (0.02, 0.015, 0.01), (0.20, 0.12, 0.08)),
    people.Clothes((0.50, 0.32, 0.04), (0.03, 0.03, 0.04), (0.05, 0.03, 0.02), (0.45, 0.30, 0.22)),
    people.Clothes((0.05, 0.22, 0.13), (0.06, 0.08, 0.16), (0.30, 0.30, 0.29), (0.46, 0.31, 0.24)),
)  # fmt: skip
_MODELS = (vehicles.SEDAN, vehicles.HATCH, vehicles.SUV, vehicles.HATCH, vehicles.SEDAN, vehicles.VAN)


@dataclass(frozen=True)
class Placed:
    """A part at its place: the solid in the world, the thing it belongs to and ``world_from_thing``."""

    solid: Solid
    part: Part
    thing: Thing
    pose: Pose


@dataclass(frozen=True)
class Moment:
    """The street at one time: every part, and the shadows."""

    placed: tuple[Placed, ...]
    shadows: ShadowMap
    world_from_lidar: Pose

    @cached_property
    def solids(self) -> tuple[Solid, ...]:
        """The solids in the order of ``placed``."""
        return tuple(placed.solid for placed in self.placed)

    @cached_property
    def numbers(self) -> NDArray[np.int32]:
        """Instance number of each part, 0 for what is not counted."""
        return np.array([placed.thing.number for placed in self.placed], dtype=np.int32)


class Street:
    """The whole street, from a seed."""

    def __init__(self, seed: int, *, shadow_cell: float = 0.10) -> None:
        self.noise = Noise.seeded(seed)
        self.things = self.things_of(seed, self.noise)
        self._still = tuple(_placed((thing for thing in self.things if not thing.moves), 0.0))
        self._sun = Sun([placed.solid for placed in self._still], cell=shadow_cell)

    @staticmethod
    def things_of(seed: int, noise: Noise | None = None) -> tuple[Thing, ...]:
        """Everything in the street of a seed, numbered."""
        grain = noise or Noise.seeded(seed)
        return tuple(_numbered(_furnish(np.random.default_rng(seed), grain)))

    def at(self, time: float) -> Moment:
        """Everything at ``time`` seconds."""
        moving = tuple(_placed((thing for thing in self.things if thing.moves), time))
        shadows = self._sun.shadows([placed.solid for placed in moving])
        return Moment(self._still + moving, shadows, ego_pose(time))


def ego_pose(time: float) -> Pose:
    """``world_from_lidar`` of the recording car: it follows its lane and brakes for the crossing."""
    along = 8.2 * time - 0.42 * time * time
    sway = 0.10 * np.sin(0.9 * time)
    return place(along, -1.75 + sway, up=LIDAR_HEIGHT + height(1.75), turn=0.011 * np.cos(0.9 * time))


def _placed(things: Iterator[Thing], time: float) -> Iterator[Placed]:
    for thing in things:
        pose = thing.pose(time)
        for part in thing.body(time):
            yield Placed(part.solid.moved(pose), part, thing, pose)


def _numbered(things: Iterator[Thing]) -> Iterator[Thing]:
    """Give those that count (number above 0) numbers from 1 on."""
    count = 0
    for thing in things:
        if thing.number:
            count += 1
            yield Thing(thing.label, thing.body, thing.pose, count, thing.moves)
        else:
            yield thing


def _furnish(random: np.random.Generator, noise: Noise) -> Iterator[Thing]:
    yield from _traffic()
    yield from _walkers(random)
    yield from _parked(random)
    yield from _houses(random, noise)
    yield from _greenery(random, noise)
    yield from _posts()
    yield from _clutter(noise)


def _driving(label: str, parts: tuple[Part, ...], pose: Callable[[float], Pose]) -> Thing:
    return Thing(label, lambda _time: parts, pose, 1, moves=True)


def _lane(start: float, speed: float, across: float, *, oncoming: bool = False) -> Callable[[float], Pose]:
    turn = np.pi if oncoming else 0.0
    pace = -speed if oncoming else speed
    return lambda time: place(start + pace * time, across, up=height(across), turn=turn)


def _traffic() -> Iterator[Thing]:
    ahead = vehicles.car(vehicles.HATCH, (0.42, 0.03, 0.03))
    yield _driving("Car", ahead, _lane(17.0, 9.2, -1.7))
    yield _driving("Car", vehicles.car(vehicles.SUV, (0.05, 0.09, 0.17)), _lane(-12.5, 7.0, -1.65))
    yield _driving("Car", vehicles.car(vehicles.SEDAN, (0.70, 0.70, 0.69)), _lane(33.0, 8.0, 1.75, oncoming=True))
    yield _driving("Car", vehicles.car(vehicles.HATCH, (0.45, 0.25, 0.02)), _lane(46.0, 7.6, 1.65, oncoming=True))
    yield _driving("Bus", vehicles.bus((0.62, 0.60, 0.55), (0.03, 0.14, 0.30)), _lane(68.0, 7.2, 1.85, oncoming=True))
    yield _driving("Car", vehicles.car(vehicles.SEDAN, (0.03, 0.03, 0.035)), _lane(-22.0, 7.8, 1.7, oncoming=True))
    yield Thing("Cyclist", people.cyclist(_CLOTHES[4]), _lane(13.0, 4.4, -2.95), 1, moves=True)
    yield Thing("Cyclist", people.cyclist(_CLOTHES[1]), _lane(52.0, 4.6, 2.9, oncoming=True), 1, moves=True)


def _walkers(random: np.random.Generator) -> Iterator[Thing]:
    walks = (
        (9.0, -7.2, 1.25, 0), (19.5, -8.1, 1.35, 1), (20.1, -7.3, 1.35, 2), (31.0, -6.5, -1.2, 3), (4.0, 7.4, -1.3, 4),
        (14.0, 8.3, 1.2, 5), (27.0, 6.7, -1.4, 0), (35.0, 7.9, 1.1, 1), (-11.0, -7.6, 1.3, 2), (-8.0, 7.8, -1.1, 3),
        (61.0, -7.5, -1.3, 4), (64.0, 7.6, -1.2, 5),
    )  # fmt: skip
    for along, across, speed, clothes in walks:
        body = people.walker(
            _CLOTHES[clothes], height=random.uniform(1.6, 1.86), stride=abs(speed) * 1.3, phase=random.uniform(0, 6)
        )
        turn = 0.0 if speed > 0 else np.pi
        yield Thing("Pedestrian", body, _walk(along, across, speed, turn), 1, moves=True)
    for index, (along, start, clothes) in enumerate(((41.2, -7.6, 3), (42.3, 9.2, 2))):
        body = people.walker(_CLOTHES[clothes], height=1.74, stride=1.7, phase=index)
        yield Thing("Pedestrian", body, _cross(along, start, 1.45 if start < 0 else -1.45), 1, moves=True)


def _walk(along: float, across: float, speed: float, turn: float) -> Callable[[float], Pose]:
    return lambda time: place(along + speed * time, across, up=height(across), turn=turn)


def _cross(along: float, start: float, speed: float) -> Callable[[float], Pose]:
    turn = np.pi / 2 if speed > 0 else -np.pi / 2

    def pose(time: float) -> Pose:
        across = start + speed * time
        return place(along, across, up=height(across), turn=turn)

    return pose


def _parked(random: np.random.Generator) -> Iterator[Thing]:
    for side in (-1, 1):
        for bay in range(round(START / BAY) + 2, round(END / BAY) - 1):
            along = bay * BAY + BAY / 2
            near_crossing = ZEBRA[0] - 5 < along < ZEBRA[1] + 5 or abs(along - SIDE_ROAD) < SIDE_HALF + 6
            if near_crossing or random.random() < 0.36:
                continue
            model = _MODELS[random.integers(len(_MODELS))]
            color = _PAINTS[random.integers(len(_PAINTS))] if model is not vehicles.VAN else (0.66, 0.66, 0.64)
            across = side * (KERB - 0.25 - model.width / 2 - random.uniform(0, 0.12))
            turn = (np.pi if side > 0 else 0.0) + random.uniform(-0.02, 0.02)
            pose = place(along + random.uniform(-0.4, 0.4), across, up=height(across), turn=turn)
            label = "Van" if model is vehicles.VAN else "Car"
            yield standing(label, vehicles.car(model, color), pose, number=1)


def _houses(random: np.random.Generator, noise: Noise) -> Iterator[Thing]:
    for side in (-1, 1):
        at = START
        while at < END:
            width = random.uniform(10.5, 16.5)
            stretch = 1 - side * FACADE / 140.0  # fronts on the outer side of the bend are longer than the road
            step = width / stretch
            plan = _house_plan(random, width, balconies=_nearby(at))
            if at < SIDE_ROAD + SIDE_HALF + 3.5 and at + step > SIDE_ROAD - SIDE_HALF - 3.5:
                at = SIDE_ROAD + SIDE_HALF + 3.5
                continue
            pose = place(at + step / 2, side * FACADE, turn=0.0 if side > 0 else np.pi)
            yield standing("Building", buildings.house(plan, noise), pose)
            at += step + 0.02
        for away in (34.0, 47.0):  # the side road's own fronts close the gap
            for flank in (-1, 1):
                pose = place(SIDE_ROAD + flank * (SIDE_HALF + 4.6), side * away, turn=side * flank * np.pi / 2)
                yield standing("Building", buildings.house(_house_plan(random, 12.5, balconies=False), noise), pose)
        end = place(SIDE_ROAD, side * 62.0, turn=0.0 if side > 0 else np.pi)
        yield standing("Building", buildings.house(_house_plan(random, 26.0, balconies=False), noise), end)


def _house_plan(random: np.random.Generator, width: float, *, balconies: bool) -> buildings.HousePlan:
    columns = max(2, round(width / random.uniform(2.5, 3.1)))
    storeys = int(random.integers(2, 5))
    brick = random.random() < 0.3
    wall = (0.40, 0.17, 0.11) if brick else _WALLS[random.integers(len(_WALLS))]
    places = tuple(
        (column, storey)
        for column in range(columns)
        for storey in range(storeys)
        if column % 2 == 1 and random.random() < 0.45
    )
    return buildings.HousePlan(
        width=width,
        storeys=storeys,
        wall=wall,
        trim=(0.66, 0.64, 0.59) if random.random() < 0.7 else (0.40, 0.38, 0.35),
        roof=(0.30, 0.12, 0.08) if random.random() < 0.6 else (0.13, 0.13, 0.14),
        pitched=random.random() < 0.65,
        shop=random.random() < 0.5,
        brick=brick,
        shutters=random.random() < 0.22,
        sign=_SIGNS[random.integers(len(_SIGNS))],
        columns=columns,
        balconies=places if balconies and random.random() < 0.55 else (),
    )


def _nearby(along: float) -> bool:
    return NEARBY[0] < along < NEARBY[1]


def _greenery(random: np.random.Generator, noise: Noise) -> Iterator[Thing]:
    for side in (-1, 1):
        for along in np.arange(START + 6, END - 4, 12.4):
            if abs(along - SIDE_ROAD) < SIDE_HALF + 3 or ZEBRA[0] - 4 < along < ZEBRA[1] + 3:
                continue
            tall, balls = random.uniform(6.4, 8.4), 8 if _nearby(along) else 4
            pose = place(along + random.uniform(-0.8, 0.8), side * 6.5, turn=random.uniform(0, 6), up=height(6.5))
            yield standing("Vegetation", furniture.tree(random, noise, height=tall, balls=balls), pose)
        for along in (0.5, 25.0, 71.0, -31.0):
            pose = place(along + side * 4, side * (FACADE - 0.75), up=height(9.0))
            yield standing("Vegetation", furniture.bush(noise, length=4.2), pose)
        for away, shift in ((20.0, -7.2), (27.0, 7.0), (54.0, 2.0)):
            pose = place(SIDE_ROAD + shift, side * away, up=height(9.0))
            yield standing("Vegetation", furniture.tree(random, noise, height=8.0, balls=5), pose)


def _posts() -> Iterator[Thing]:
    for index, along in enumerate(np.arange(START + 8, END, 18.6)):
        for side in (-1, 1):
            if abs(along - SIDE_ROAD) > SIDE_HALF + 2:
                turn = 0.0 if side > 0 else np.pi
                pose = place(along + side * 4.6 + index % 2, side * 6.15, up=height(6), turn=turn)
                yield standing("Pole", furniture.lamp(), pose)
    signs = (
        (23.5, -6.05, 0.0, furniture.round_sign(height=2.35)), (37.6, -6.0, 0.0, furniture.crossing_sign(height=2.4)),
        (45.6, 6.0, np.pi, furniture.crossing_sign(height=2.4)), (66.0, 6.05, np.pi, furniture.round_sign(height=2.35)),
        (-19.0, 6.05, np.pi, furniture.round_sign(height=2.35)),
    )  # fmt: skip
    for along, across, turn, board in signs:
        pose = place(along, across, up=height(across), turn=turn)
        yield standing("Pole", furniture.pole(height=2.75), pose)
        yield standing("Traffic Sign", board, pose)
    for along, across, turn in ((SIDE_ROAD - 7.0, -6.0, 0.0), (SIDE_ROAD + 7.0, 6.0, np.pi)):
        pose = place(along, across, up=height(across), turn=turn)
        yield standing("Pole", furniture.pole(height=3.3, radius=0.06), pose)
        yield standing("Traffic Sign", furniture.signal(), pose)


def _clutter(noise: Noise) -> Iterator[Thing]:
    for along, across, kind in (
        (6.5, -6.2, furniture.litter_bin()), (29.0, 6.2, furniture.litter_bin()), (12.5, -8.6, furniture.cafe_table()),
        (14.6, -8.7, furniture.cafe_table()), (17.0, -8.5, furniture.cafe_table()), (22.0, 8.8, furniture.cafe_table()),
        (24.2, 8.7, furniture.cafe_table()), (33.6, -8.9, furniture.cabinet()), (-14.0, 8.9, furniture.cabinet()),
        (-6.0, -6.2, furniture.litter_bin()), (46.0, -8.8, furniture.cabinet()),
    ):  # fmt: skip
        yield standing("", kind, place(along, across, up=height(across), turn=0.2))
