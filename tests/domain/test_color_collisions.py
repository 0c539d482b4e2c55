import numpy as np

from app.domain.color_collisions import color_collisions
from app.domain.color_themes import HIGH_CONTRAST
from app.domain.coloring import Coloring
from app.domain.legend import UNMAPPED_COLOR, Legend, LegendEntry


def legend(*rows):
    return Legend(tuple(LegendEntry(key, name, name, color) for key, (name, color) in enumerate(rows)))


def test_classes_of_one_colour_and_of_nearly_one_colour_are_named():
    same = legend(("Car", (200, 40, 40)), ("Van", (201, 42, 39)), ("Tree", (30, 160, 60)))
    assert color_collisions(same, Coloring()) == (("Car", "Van"),)
    assert color_collisions(same, Coloring(theme=HIGH_CONTRAST)) == ()


def test_one_instance_is_enough_and_instances_of_one_class_are_no_collision():
    cars = legend(("Car", (200, 40, 40)), ("Car", (30, 160, 60)), ("Car", (200, 40, 40)), ("Tree", (30, 161, 60)))
    assert color_collisions(cars, Coloring()) == (("Car", "Tree"),)


def test_a_class_in_the_grey_of_what_has_no_legend_is_named():
    assert color_collisions(legend(("Road", UNMAPPED_COLOR)), Coloring()) == (("", "Road"),)


def test_a_legend_without_entries_collides_with_nothing():
    assert color_collisions(Legend(), Coloring()) == ()


def test_thousands_of_classes_are_compared_in_part():
    random = np.random.default_rng(1)
    many = legend(*((f"class {key}", tuple(random.integers(0, 256, 3).tolist())) for key in range(20_000)))
    found = color_collisions(many, Coloring())
    assert found
    assert all(int(name.rpartition(" ")[2]) < 400 for pair in found for name in pair if name)
