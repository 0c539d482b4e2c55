import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import DocumentFormatError, ServiceError
from app.formats.telus import parse_error, parse_job_page, parse_job_result, parse_project
from tests.formats.json_changes import with_one_change

BATCH = {
    "id": "c9970ee2-1",
    "name": "Default batch",
    "is_default": True,
    "total_jobs": 12,
    "completed_jobs": 3,
    "total_frames": 100,
    "completed_frames": 30,
    "annotations": 71,
    "created_at": "2019-08-23T17:55:13.203229+05:30",
    "status": "Complete",
}
PROJECT = {"data": {"name": "Streets", "base": "POINT_CLOUD", "batches": [BATCH]}, "success": True}
ROW = {"id": "7471e065", "reference_id": "001", "status": "completed", "frames": 3, "annotations": 71}
PAGE = {
    "data": {"id": "b", "name": "Default batch", "jobs": [ROW], "next_page_token": "1575822103313046000"},
    "success": True,
}
JOB = {
    "data": {
        "project_id": "905ea3ee",
        "reference_id": "001",
        "job_id": "3f3e8675",
        "batch_id": "468b6ae3",
        "status": "completed",
        "work_flow_id": "51bb440c-ca399cbc1f9w",
        "priority_weight": 5,
        "tag": "2aae1234",
        "result": "https://store.example/result.json",
    },
    "success": True,
}
REFUSAL = {"success": False, "error": {"code": "auth-failure", "message": "Key is wrong"}}


def raw(document):
    return json.dumps(document).encode()


def job_with(**changes):
    return parse_job_result(raw({"data": {**JOB["data"], **changes}, "success": True}))


def test_a_project_lists_its_batches():
    project = parse_project(raw(PROJECT), project_id="905ea3ee")
    assert (project.project_id, project.name, project.base) == ("905ea3ee", "Streets", "POINT_CLOUD")
    (batch,) = project.batches
    assert (batch.batch_id, batch.name, batch.status, batch.total_jobs, batch.completed_jobs) == (
        "c9970ee2-1", "Default batch", "Complete", 12, 3,
    )  # fmt: skip


def test_a_page_of_jobs_carries_the_token_of_the_next():
    page = parse_job_page(raw(PAGE))
    assert page.batch_name == "Default batch"
    assert page.next_page_token == "1575822103313046000"
    assert [(job.job_id, job.reference_id, job.frames, job.completed) for job in page.jobs] == [
        ("7471e065", "001", 3, True)
    ]


def test_a_numeric_page_token_keeps_all_its_digits():
    page = parse_job_page(b'{"data": {"jobs": [], "next_page_token": 1575822103313046001}, "success": true}')
    assert page.next_page_token == "1575822103313046001"


@pytest.mark.parametrize("end", [{}, {"next_page_token": None}, {"next_page_token": ""}])
def test_the_last_page_has_no_token(end):
    assert parse_job_page(raw({"data": {"jobs": [ROW], **end}, "success": True})).next_page_token == ""


def test_a_job_without_an_id_is_left_out_of_the_page():
    page = parse_job_page(raw({"data": {"jobs": [{"reference_id": "x"}, None, ROW]}, "success": True}))
    assert [job.job_id for job in page.jobs] == ["7471e065"]


def test_a_completed_job_names_its_result():
    job = parse_job_result(raw(JOB))
    assert (job.project_id, job.job_id, job.reference_id, job.batch_id) == ("905ea3ee", "3f3e8675", "001", "468b6ae3")
    assert job.ready
    assert job.result_url == "https://store.example/result.json"


@pytest.mark.parametrize("result", ["", None, {}])
def test_a_job_still_in_work_has_no_result(result):
    assert not job_with(result=result, status="in_progress").ready


@pytest.mark.parametrize("status", ["completed", "Complete", "COMPLETED", "in_review", ""])
def test_a_status_is_shown_as_it_is(status):
    assert job_with(status=status).status == status


def test_only_a_few_fields_of_a_job_are_needed():
    job = parse_job_result(b'{"data": {"job_id": 17, "result": "https://a.example/r"}, "success": true}')
    assert (job.job_id, job.status, job.result_url) == ("17", "", "https://a.example/r")


def test_a_host_that_is_no_known_store_is_kept_as_it_is():
    url = "http://d5g2.example/cl/x/submission_result/y.json"
    assert job_with(result=url).result_url == url


@pytest.mark.parametrize("parse", [parse_job_page, parse_job_result, lambda body: parse_project(body, project_id="p")])
def test_a_refusal_is_the_services_own(parse):
    with pytest.raises(ServiceError, match="Key is wrong") as caught:
        parse(raw(REFUSAL))
    assert caught.value.code == "auth-failure"


@pytest.mark.parametrize("parse", [parse_job_page, parse_job_result, lambda body: parse_project(body, project_id="p")])
@pytest.mark.parametrize(
    "body", [b"{}", b'{"success": true}', b'{"data": null, "success": true}', b'{"data": [], "success": true}']
)
def test_an_answer_without_data_is_refused(parse, body):
    with pytest.raises(DocumentFormatError, match="holds no data"):
        parse(body)


def test_a_job_answer_about_nothing_is_refused():
    with pytest.raises(DocumentFormatError, match="neither a job"):
        parse_job_result(b'{"data": {}, "success": true}')


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (raw(REFUSAL), ("auth-failure", "Key is wrong")),
        (b'{"success": false}', ("", "")),
        (b'{"success": false, "error": "no"}', ("", "no")),
        (b'{"success": false, "error": {"code": 7}}', ("7", "")),
        (b'{"message": "Forbidden"}', ("", "Forbidden")),
        (b'{"success": true, "error": {"code": "x"}}', None),
        (b'{"success": true, "message": "fine"}', None),
        (b"<html>Unauthorized</html>", None),
        (b"", None),
        (b"{}", None),
    ],
)
def test_errors_are_read_wherever_they_stand(body, error):
    assert parse_error(body) == error


def test_an_error_message_loses_the_signature_of_an_address():
    body = raw({"success": False, "error": {"code": "FS_0007", "message": "https://s.example/a?X-Amz-Signature=abc"}})
    assert parse_error(body) == ("FS_0007", "https://s.example/a?…")


def test_an_envelope_with_a_comment_is_named_as_such():
    with pytest.raises(DocumentFormatError, match="a comment"):
        parse_job_result(
            b'{"data": {"tag": "x", //tag is the workflow_id\n "result": "https://a.example"}, "success": true}'
        )


@given(st.sampled_from([PROJECT, PAGE, JOB, REFUSAL]).flatmap(with_one_change))
def test_any_oddity_is_read_or_refused_in_words(document):
    for parse in (parse_job_page, parse_job_result, lambda body: parse_project(body, project_id="p")):
        with contextlib.suppress(DocumentFormatError, ServiceError):
            parse(raw(document))
    parse_error(raw(document))
