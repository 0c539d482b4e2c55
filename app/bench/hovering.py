"""Pointing in one view at what the others show: 200,000 points in the pictures of six cameras.

The pixels of all points are worked out once for each frame and camera; a hover then asks for one point or one pixel.
What a mouse allows is a picture of a screen, 16 ms.
"""

from typing import Any

import numpy as np

from app.bench.peers import installed
from app.bench.rows import Row, Work, compare, compare_times, milliseconds
from app.domain.arrays import Bool, Float64, Integers, frozen
from app.domain.best_camera import best_camera
from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sight import SAME_PIXEL, CameraSight, sight_of

POINTS, CAMERAS = 200_000, 6
SIZE = (1920, 1080)
LENS = Intrinsics(
    CameraModel.BROWN_CONRADY, 950.0, 950.0, 959.5, 539.5, distortion=(-0.12, 0.03, 0.0005, -0.0004, -0.004)
)
RADIUS = 30.0  # pixels of a picture that is shown a quarter as large
HOVERS = 100  # of one timing: one alone is shorter than a clock tells
SCREEN_MS = 16.0
SEED = 8
RAYS, HEIGHT = 64, 1.7  # of the lidar, metres over the road
TREE = "SciPy's cKDTree, the same answer"


def measure(*, points: int = POINTS, repeats: int = 9) -> list[Row]:
    """All rows of this section."""
    cloud, rig = scan(points), cameras()
    sights = [sight_of(camera, cloud) for camera in rig]
    return [
        *point_rows(cloud, rig, sights, repeats=repeats),
        *pixel_rows(sights, repeats=repeats),
        frame_row(cloud, rig, repeats=max(1, repeats // 3)),
        best_row(sights, repeats=repeats),
    ]


def point_rows(cloud: PointCloud, rig: list[PlacedCamera], sights: list[CameraSight], *, repeats: int) -> list[Row]:
    """From a point to its pixels in all pictures, hidden or not."""
    rows = np.random.default_rng(SEED).integers(0, len(cloud), HOVERS).tolist()
    name = f"{HOVERS} points to their pixels in {CAMERAS} pictures"
    ours: Work = lambda: [_pixels(sights, row) for row in rows]  # noqa: E731 - one short piece of work among others
    theirs: Work = lambda: [_projected(cloud, rig, row) for row in rows]  # noqa: E731
    return [
        compare(name, ours, peer="a projection each, without what hides", theirs=theirs, goal=0.5, repeats=repeats),
        limit_row(name, ours, limit=SCREEN_MS, repeats=repeats),
    ]


def pixel_rows(sights: list[CameraSight], *, repeats: int) -> list[Row]:
    """From a pixel to the point that it means."""
    sight = max(sights, key=lambda sight: len(sight.rows))
    visible = sight.uv[sight.visible]
    at = [(x, y) for x, y in np.random.default_rng(SEED).uniform((0, 0), SIZE, (HOVERS, 2)).tolist()]
    name = f"{HOVERS} pixels to the nearest of {len(visible) // 1000} k points"
    ours: Work = lambda: [sight.nearest(each, radius=RADIUS, accepts=_all) for each in at]  # noqa: E731
    once: Work = lambda: [_nearest(visible, each) for each in at]  # noqa: E731
    tree = _tree(visible)
    in_tree: Work = lambda: [_front_most(tree, sight, each) for each in at]  # noqa: E731
    return [
        compare(name, ours, peer="one pass of numpy over all", theirs=once, goal=0.25, repeats=repeats),
        compare(name, ours, peer=TREE, theirs=in_tree if tree else None, goal=2.0, repeats=repeats),
        limit_row(name, ours, limit=SCREEN_MS, repeats=repeats),
    ]


def frame_row(cloud: PointCloud, rig: list[PlacedCamera], *, repeats: int) -> Row:
    """What has to be worked out for each frame before, on a worker thread: pixels, what hides what, and the index."""
    return compare(
        f"what {CAMERAS} cameras see of {len(cloud) // 1000} k points",
        lambda: [sight_of(camera, cloud).index for camera in rig],
        peer="the projections and a cKDTree each",
        theirs=lambda: [_projections_and_tree(camera, cloud) for camera in rig],
        goal=1.0,
        repeats=repeats,
    )


def best_row(sights: list[CameraSight], *, repeats: int) -> Row:
    """Which camera shows a segment of 2,000 points best."""
    named = {str(number): sight for number, sight in enumerate(sights)}
    segment = sights[0].rows[:2000]
    return limit_row(
        "the camera that shows 2,000 points best", lambda: best_camera(named, segment), limit=SCREEN_MS, repeats=repeats
    )


def limit_row(name: str, work: Work, *, limit: float, repeats: int) -> Row:
    """Against what a screen allows, in milliseconds."""
    return compare_times(
        name,
        lambda: milliseconds(work),
        peer="a picture of the screen",
        theirs=lambda: limit,
        goal=1.0,
        repeats=repeats,
    )


def scan(points: int) -> PointCloud:
    """What a lidar of 64 rays sees of a road between walls that come and go, most of it in the open."""
    azimuth, elevation = np.meshgrid(
        np.linspace(-np.pi, np.pi, points // RAYS, endpoint=False), np.radians(np.linspace(-25, 5, RAYS))
    )
    wall = 22 + 8 * np.sin(3 * azimuth)
    distance = np.minimum(wall, np.where(elevation < 0, HEIGHT / np.sin(np.maximum(-elevation, 1e-3)), np.inf))
    level = distance * np.cos(elevation)
    xyz = np.stack([level * np.cos(azimuth), level * np.sin(azimuth), distance * np.sin(elevation)], axis=-1)
    source = CloudSource("pcd", ".7", "binary", points, 1, None, ())
    return PointCloud(frozen(xyz.reshape(-1, 3).astype(np.float32)), frozen(np.zeros(3)), {}, source)


def cameras() -> list[PlacedCamera]:
    """A rig that looks all around."""
    return [PlacedCamera(str(number), LENS, _looking(number * 2 * np.pi / CAMERAS), SIZE) for number in range(CAMERAS)]


def _looking(heading: float) -> Pose:
    ahead, left = np.array([np.cos(heading), np.sin(heading), 0.0]), np.array([-np.sin(heading), np.cos(heading), 0.0])
    return Pose(frozen(np.column_stack([-left, (0.0, 0.0, -1.0), ahead])), frozen(0.3 * ahead))


def _pixels(sights: list[CameraSight], row: int) -> list[tuple[Float64, bool]]:
    places = [(sight, sight.place_of(row)) for sight in sights]
    return [(sight.uv[place], bool(sight.visible[place])) for sight, place in places if place is not None]


def _projected(cloud: PointCloud, rig: list[PlacedCamera], row: int) -> list[Float64]:
    return [camera.project(cloud.xyz[row : row + 1]).uv for camera in rig]


def _nearest(uv: Float64, at: tuple[float, float]) -> int:
    off = uv - at
    return int(np.argmin(np.einsum("ij,ij->i", off, off)))


def _tree(uv: Float64) -> Any:
    peer = installed("scipy.spatial")
    return peer.cKDTree(uv) if peer else None


def _front_most(tree: Any, sight: CameraSight, at: tuple[float, float]) -> int | None:
    """The nearest, and of those in the same pixel the front-most."""
    distance, place = tree.query(at, distance_upper_bound=RADIUS)
    if not np.isfinite(distance):
        return None
    same = tree.query_ball_point(at, max(SAME_PIXEL, float(distance)))
    found: int = min(same or [int(place)], key=lambda each: float(sight.depth[each]))
    return found


def _projections_and_tree(camera: PlacedCamera, cloud: PointCloud) -> Any:
    projection = camera.project(cloud.xyz)
    return _tree(projection.uv[projection.seen])


def _all(rows: Integers) -> Bool:
    return np.ones(len(rows), dtype=np.bool_)
