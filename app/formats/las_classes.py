"""What the classification of LAS points means.

Source: table 17 of https://www.asprs.org/wp-content/uploads/2019/07/LAS_1_4_r15.pdf, which gives no colours.
"""

from app.domain.legend import Legend, LegendEntry, Rgb, fallback_color

_NAMES: dict[int, str] = {
    0: "Created, never classified",
    1: "Unclassified",
    2: "Ground",
    3: "Low vegetation",
    4: "Medium vegetation",
    5: "High vegetation",
    6: "Building",
    7: "Low point (noise)",
    8: "Model key point",
    9: "Water",
    10: "Rail",
    11: "Road surface",
    12: "Overlap",
    13: "Wire guard (shield)",
    14: "Wire conductor (phase)",
    15: "Transmission tower",
    16: "Wire-structure connector",
    17: "Bridge deck",
    18: "High noise",
    19: "Overhead structure",
    20: "Ignored ground",
    21: "Snow",
    22: "Temporal exclusion",
}
_COLORS: dict[int, Rgb] = {
    0: (150, 150, 150),
    1: (190, 190, 190),
    2: (166, 118, 67),
    3: (140, 198, 63),
    4: (80, 170, 70),
    5: (20, 120, 60),
    6: (227, 74, 90),
    9: (0, 114, 178),
}

ASPRS_LEGEND = Legend(
    tuple(
        LegendEntry(key, name, name, color=_COLORS.get(key, fallback_color(key)), color_given=False, class_id=str(key))
        for key, name in _NAMES.items()
    )
)
