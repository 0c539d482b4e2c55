import pytest

from app.domain.legend import FALLBACK_COLORS, Legend, LegendEntry, fallback_color, parse_color


@pytest.mark.parametrize(
    ("written", "color"),
    [
        ("rgb(71, 153, 193)", (71, 153, 193)),
        ("rgb(151,22,15)", (151, 22, 15)),
        ("  RGB( 1 , 2 , 3 ) ", (1, 2, 3)),
        ("rgba(1, 2, 3, 0.5)", (1, 2, 3)),
        ("rgba(1,2,3,50%)", (1, 2, 3)),
        ("#03f561", (3, 245, 97)),
        ("#03F56180", (3, 245, 97)),
        ("#0f8", (0, 255, 136)),
    ],
)
def test_every_way_to_write_a_colour_is_read(written, color):
    assert parse_color(written) == color


@pytest.mark.parametrize(
    "written", ["", "red", "rgb(1, 2)", "rgb(256, 0, 0)", "rgb(-1, 0, 0)", "#12345", "#ggg", "rgb(१,2,3)"]
)
def test_anything_else_is_no_colour(written):
    assert parse_color(written) is None


@pytest.mark.parametrize("label_key", [0, 1, -1, 65_535, 2**40])
def test_a_fallback_colour_stays_with_its_key(label_key):
    assert fallback_color(label_key) == fallback_color(label_key)
    assert fallback_color(label_key) in FALLBACK_COLORS


def test_neighbouring_keys_get_different_fallback_colours():
    assert len({fallback_color(key) for key in range(len(FALLBACK_COLORS))}) == len(FALLBACK_COLORS)


def test_a_key_without_an_entry_has_a_name_all_the_same():
    legend = Legend((LegendEntry(0, "Crosswalk", "Crosswalk", (1, 2, 3)),))
    assert legend.name(0) == "Crosswalk"
    assert legend.name(58) == "Unmapped key 58"
    assert legend.get(58) is None
