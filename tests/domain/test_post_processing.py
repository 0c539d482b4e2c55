"""Whether results are those of the parameters that were asked for, and the states of jobs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.post_processing import ServiceJob, differences, stale_sentence

PARAMETERS = st.dictionaries(st.text(min_size=1), st.text())


def test_a_stale_sentence_names_what_differs_and_nothing_else():
    told = stale_sentence({"keep_grace": "5", "threshold": "0.5"}, {"keep_grace": "8", "threshold": "0.5"})
    assert "keep_grace (made with 5, asked for 8)" in told
    assert "threshold" not in told


@pytest.mark.parametrize(
    ("one", "other"), [("0.5", "0.50"), ("5", "5.0"), ("1e1", "10"), ("True", "true"), (" a", "a "), ("", "")]
)
def test_the_same_value_written_otherwise_is_no_difference(one, other):
    assert differences({"x": one}, {"x": other}) == ()


def test_a_parameter_that_one_side_lacks_is_a_difference():
    assert differences({"a": "1", "b": "2"}, {"a": "1"}) == ("b (made with 2, asked for none)",)


@pytest.mark.parametrize(("one", "other"), [({}, {"a": "1"}), ({"a": "1"}, {}), ({}, {})])
def test_without_anything_to_compare_nothing_is_said(one, other):
    assert stale_sentence(one, other) == ""


@given(parameters=PARAMETERS)
def test_nothing_differs_from_itself(parameters):
    assert differences(parameters, dict(reversed(parameters.items()))) == ()


@given(parameters=PARAMETERS.filter(bool), changed=st.text())
def test_sentences_are_fit_for_a_terminal(parameters, changed):
    other = dict.fromkeys(parameters, changed + "\x1b[31m\n")
    assert stale_sentence(parameters, other).isprintable()


@pytest.mark.parametrize(
    ("job", "state"),
    [
        (ServiceJob(0), "waiting"),
        (ServiceJob(0, started=True), "running"),
        (ServiceJob(0, started=True, finished=True, finished_successful=True), "finished"),
        (ServiceJob(0, started=True, finished=True, finished_successful=False), "failed"),
        (ServiceJob(0, started=True, finished=True), "failed"),
    ],
)
def test_a_job_has_one_word_for_lists(job, state):
    assert job.state == state
