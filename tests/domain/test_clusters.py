import numpy as np
from scipy.spatial import cKDTree

from app.domain.clusters import clusters


def test_points_hang_together_over_any_distance_while_the_next_is_in_reach():
    chain = np.column_stack([np.arange(0, 50, 0.35), np.zeros(143), np.zeros(143)])
    apart = np.add(chain, (0, 3, 0))
    labels = clusters(np.concatenate([chain, apart]), reach=0.5)
    assert len(set(labels[:143])) == len(set(labels[143:])) == 1
    assert labels[0] != labels[-1]


def test_what_is_joined_is_in_reach_and_what_is_clearly_in_reach_is_joined():
    random = np.random.default_rng(3)
    xyz, reach = random.uniform(0, 12, (900, 3)), 0.6
    labels = clusters(xyz, reach=reach)
    tree = cKDTree(xyz)
    for one, other in tree.query_pairs(reach * 0.42):
        assert labels[one] == labels[other]
    largest = np.bincount(labels).argmax()
    inside, outside = xyz[labels == largest], xyz[labels != largest]
    assert cKDTree(inside).query(outside)[0].min() > reach * 0.42


def test_no_points_make_no_cluster():
    assert clusters(np.zeros((0, 3)), reach=1.0).size == 0
