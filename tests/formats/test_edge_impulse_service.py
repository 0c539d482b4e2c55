"""Single samples, variants, jobs and their logs, and what asking to classify leads to."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.impulse import PostProcessingConfig
from app.domain.impulse.parameters import Parameter
from app.domain.post_processing import HAS_RESULTS
from app.errors import DocumentFormatError, ServiceError
from app.formats.edge_impulse import (
    build_post_processing_request,
    parse_classify_answer,
    parse_job_log,
    parse_job_status,
    parse_jobs,
    parse_model_variants,
    parse_post_processing_answer,
    parse_request,
    parse_sample,
)
from app.formats.edge_impulse_jobs import LONGEST_LINE, clean_log

JOB = {"id": 5, "category": "Post-processing", "created": "2026-05-04T09:12:00.000Z", "jobNotificationUids": []}


def raw(document: object) -> bytes:
    return json.dumps(document).encode()


def fine(**fields: object) -> bytes:
    return raw({"success": True, **fields})


def log(*pieces: str) -> bytes:
    rows = [{"created": "2026-05-04T09:12:00.000Z", "data": piece, "logLevel": "info"} for piece in pieces]
    return fine(stdout=rows, totalCount=40)


def test_one_sample_is_read_without_its_values():
    payload = {"values": [[1.0]], "sensors": []}
    sample = parse_sample(fine(sample={"id": 3, "filename": "a", "isProcessing": True}, payload=payload))
    assert (sample.sample_id, sample.name, sample.state) == (3, "a", "still processing")


def test_variants_keep_the_services_order_and_what_is_selected():
    rows = [
        {"variant": "int8", "isReferenceVariant": False, "isEnabled": False, "isSelected": False},
        {"variant": "float32", "isReferenceVariant": True, "isEnabled": True, "isSelected": True},
        {"variant": ""},
        None,
    ]
    first, second = parse_model_variants(fine(modelVariants=rows))
    assert (first.variant, first.is_enabled, first.is_selected) == ("int8", False, False)
    assert (second.variant, second.is_enabled, second.is_reference, second.is_selected) == ("float32", True, True, True)


def test_jobs_tell_when_they_ended_and_how():
    done = {**JOB, "id": 6, "started": "x", "finished": "2026-05-04T09:13:00.000Z", "finishedSuccessful": False}
    jobs = parse_jobs(fine(jobs=[JOB, done, {"category": "no id"}], totalJobCount=9))
    assert [(job.job_id, job.state) for job in jobs.jobs] == [(5, "waiting"), (6, "failed")]
    assert jobs.total_count == 9
    assert jobs.jobs[1].finished_at == "2026-05-04T09:13:00.000Z"


def test_job_id_zero_is_an_id():
    assert parse_job_status(fine(job={**JOB, "id": 0})).job_id == 0


@pytest.mark.parametrize(
    ("parse", "document", "said"),
    [
        (parse_sample, {}, "does not describe a sample"),
        (parse_sample, {"sample": {"filename": "x"}}, "does not describe a sample"),
        (parse_model_variants, {}, "lists no variants"),
        (parse_jobs, {}, "lists no jobs"),
        (parse_job_log, {}, "holds no log"),
        (parse_classify_answer, {}, "neither a job nor results"),
        (parse_classify_answer, {"results": None}, "neither a job nor results"),
    ],
)
def test_an_answer_without_what_was_asked_for_is_told(parse, document, said):
    with pytest.raises(DocumentFormatError, match=said):
        parse(fine(**document))


@pytest.mark.parametrize(
    "parse", [parse_sample, parse_model_variants, parse_jobs, parse_job_log, parse_classify_answer]
)
def test_a_refusal_is_told_in_the_services_words(parse):
    with pytest.raises(ServiceError, match="says: Not for you"):
        parse(raw({"success": False, "error": "Not for you"}))


def test_a_log_is_read_line_by_line_with_its_levels():
    found = parse_job_log(log("first\nsecond\n", "third\n"))
    assert [line.text for line in found.lines] == ["first", "second", "third"]
    assert (found.lines[0].level, found.total_count) == ("info", 40)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31mERR: out of memory\x1b[0m\n", ["ERR: out of memory"]),
        ("\x1b]0;title\x07text", ["text"]),
        ("  1 %\r 50 %\r100 %\n", ["100 %"]),
        ("line\r\nnext\r\n", ["line", "next"]),
        ("a\tb", ["a   b"]),
        ("bell\x07 and null\x00", ["bell  and null"]),
        ("\n\n  \n", []),
        ("a\u202eb", ["a b"]),
        ("x" * (LONGEST_LINE + 5), ["x" * (LONGEST_LINE - 1) + "…"]),
    ],
)
def test_log_lines_are_cleaned_of_what_terminals_obey(written, shown):
    assert list(clean_log(written)) == shown


@given(written=st.text())
def test_no_log_line_holds_a_control_character(written):
    assert all(line.isprintable() and len(line) <= LONGEST_LINE for line in clean_log(written))


@given(words=st.lists(st.text(alphabet="abc äß=/", min_size=1).map(str.strip).filter(bool)))
def test_plain_lines_stay_as_they_are(words):
    assert list(clean_log("\n".join(words))) == words


def test_classifying_may_start_a_job():
    answer = parse_classify_answer(fine(id=0))
    assert (answer.job_id, answer.results) == (0, None)


def test_classifying_may_give_results_at_once_which_can_be_kept_as_they_came():
    tracking = {"frames": [{"frameIndex": 2, "objects": []}], "parameters": {"a": "1"}}
    body = fine(results={"objectTracking": tracking})
    answer = parse_classify_answer(body)
    assert answer.job_id is None
    assert answer.results == parse_post_processing_answer(body)
    assert answer.results.state == HAS_RESULTS
    assert list(answer.results.tracking.tracked) == [2]


def test_results_win_over_an_id_beside_them():
    assert parse_classify_answer(fine(id=5, results={})).results is not None


@given(values=st.dictionaries(st.text(min_size=1), st.text()))
def test_a_stored_request_gives_back_what_it_asked_for(values):
    parameters = tuple(Parameter(param, param, value, "") for param, value in values.items())
    body = build_post_processing_request(PostProcessingConfig(enabled=True, parameters=parameters), variant="int8")
    assert parse_request(body) == values
