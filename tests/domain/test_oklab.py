import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.oklab import oklab, rgb_of

# CSS Color Module Level 4, section 10.8: the primaries in oklab()
PRIMARIES = (
    ((255, 255, 255), (1.0, 0.0, 0.0)),
    ((0, 0, 0), (0.0, 0.0, 0.0)),
    ((255, 0, 0), (0.62796, 0.22486, 0.12585)),
    ((0, 255, 0), (0.86644, -0.23389, 0.17950)),
    ((0, 0, 255), (0.45201, -0.03246, -0.31153)),
)


@pytest.mark.parametrize(("rgb", "lab"), PRIMARIES)
def test_the_primaries_lie_where_the_standard_says(rgb, lab):
    assert np.allclose(oklab(rgb)[0], lab, atol=2e-4)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=50))
def test_every_colour_of_a_screen_comes_back(colors):
    assert rgb_of(oklab(colors)).tolist() == [list(color) for color in colors]
