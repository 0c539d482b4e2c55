import pytest

from app.domain.amounts import count_text, duration_text, size_text, speed_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (9_949_999, "9.9 MB"),
        (9_950_000, "10 MB"),
        (1_234_000_000, "1.2 GB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_sizes_have_two_digits_and_a_unit(count: int, text: str) -> None:
    assert size_text(count) == text


def test_a_speed_is_a_size_each_second() -> None:
    assert speed_text(8.1e6) == "8.1 MB/s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than 10 s"),
        (12, "10 s"),
        (54, "55 s"),
        (55, "1 min"),
        (200, "3 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (360_000, "100 h"),
    ],
)
def test_durations_are_as_exact_as_an_estimate(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (410_480, "410,000"),
        (999_499, "999,000"),
        (999_500, "1.0 million"),
        (3_449_000, "3.4 million"),
        (34_600_000, "35 million"),
        (1_234_000_000, "1,234 million"),
    ],
)
def test_counts_are_as_exact_as_an_estimate(count: int, text: str) -> None:
    assert count_text(count) == text
