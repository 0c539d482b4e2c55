"""What a key and a sample say about themselves."""

from datetime import UTC, datetime

import pytest

from app.domain.sample import KeyInfo, Sample

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("info", "words"),
    [
        (KeyInfo(7, "readonly", "2026-05-04T11:59:00.000Z"), "expired on 2026-05-04"),
        (KeyInfo(7, "admin", "2026-05-09T08:00:00+02:00"), "expires on 2026-05-09 06:00 UTC"),
        (KeyInfo(7, "admin", "2026-05-09T08:00:00"), "expires on 2026-05-09 08:00 UTC"),
        (KeyInfo(7, "ingestiononly"), "may not read"),
        (KeyInfo(7, "ingestion_deployment"), "may not read"),
    ],
)
def test_trouble_with_a_key_is_told_with_the_next_step(info, words):
    (told,) = info.problems(NOW)
    assert words in told
    assert "Make a" in told


def test_a_key_can_have_both_troubles():
    assert len(KeyInfo(7, "ingestiononly", "2020-01-01T00:00:00Z").problems(NOW)) == 2


@pytest.mark.parametrize("expires", ["", "2027-01-01T00:00:00Z", "some day", "2026-05-11T12:00:01Z"])
@pytest.mark.parametrize("role", ["readonly", "admin", "", "a role of the future"])
def test_a_key_that_is_good_for_long_or_unknown_is_not_talked_about(role, expires):
    assert KeyInfo(7, role, expires).problems(NOW) == ()


@pytest.mark.parametrize(
    ("sample", "state"),
    [
        (Sample(1, "a"), ""),
        (Sample(1, "a", is_processing=True), "still processing"),
        (Sample(1, "a", is_disabled=True), "disabled"),
        (Sample(1, "a", is_processing=True, problem="Cannot read video"), "failed: Cannot read video"),
    ],
)
def test_a_list_shows_why_a_sample_is_not_ready(sample, state):
    assert sample.state == state
