from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.track_facts import BoxSize
from app.domain.track_switches import Switch, SwitchKind
from app.gui.track_filter import NUMBERS, track_test
from app.jobs import TrackSummary

CAR = TrackSummary(
    "front",
    4,
    "Car",
    first=9,
    last=19,
    count=8,
    gaps=((12, 13), (16, 16)),
    switches=(Switch(17, SwitchKind.SWAPS_WITH, 5),),
    kept=((10, 11),),
    mean_score=0.75,
    size=BoxSize(40, 20),
)
BARE = TrackSummary("rear", 12, "Pedestrian", first=0, last=0, count=1)


@pytest.mark.parametrize(
    "text",
    [
        "", "car", "CAR 4", "front car", "id=4", "first=10", "last>=20", "length=11", "len>10", "boxes<9", "gaps>1",
        "gaps=2", "switches!=0", "kept=2", "score<0.8", "sco>.7", "width=40", "hei<=20", "car gaps>0 score>0.5",
    ],
)  # fmt: skip
def test_words_and_conditions_that_the_car_meets(text):
    assert track_test(text)(CAR)


@pytest.mark.parametrize(
    "text",
    ["bus", "id=5", "rear", "car gaps>2", "gaps=0", "score<0.5", "length<11", "first<10", "unknown>3", "gaps>>1"],
)
def test_words_and_conditions_that_it_does_not_meet(text):
    assert not track_test(text)(CAR)


@pytest.mark.parametrize("text", ["gaps>", "score<.", "len>=", "id=-"])
def test_a_condition_without_its_number_yet_hides_nothing(text):
    assert track_test(text)(CAR)


@pytest.mark.parametrize("text", ["score<0.5", "score>=0", "width>0", "height<1000"])
def test_a_track_that_lacks_the_number_fails(text):
    assert not track_test(text)(BARE)


@given(st.sampled_from(sorted(NUMBERS)), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.integers(0, 30))
def test_conditions_compare_as_python_does(name, sign, limit):
    value = NUMBERS[name](CAR)
    order = (value > limit) - (value < limit)
    expected = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "=": order == 0, "!=": order != 0}
    assert track_test(f"{name}{sign}{limit}")(CAR) is expected[sign]


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_an_answer(text):
    assert track_test(text)(CAR) in (True, False)
    assert track_test(text)(replace(CAR, label=text)) in (True, False)
