"""Jobs and bundles: a bundle opened as a job, and what a bundle of an open job would hold."""

from pathlib import Path

from app.errors import InputError
from app.formats.telus import parse_result
from app.jobs.files import read_bytes
from app.jobs.local_job import LocalJob
from app.workspace.bundle import Bundle, BundledFile, BundleFiles
from app.workspace.bundle_parts import Parts, parts_of_delivery, parts_of_stored_job
from app.workspace.delivery import Delivery
from app.workspace.job_files import WorkspaceFiles


def open_bundle_job(path: Path) -> LocalJob:
    """Open a bundle as a job, read-only and without a workspace; a damaged file becomes a finding of its frame.

    Raises BundleFormatError where it is no bundle, DamagedFileError or DocumentFormatError for its result document.
    """
    bundle = Bundle.open(path)
    try:
        result = bundle.manifest.result
        bundle.entry(result)
        document = read_bytes(BundledFile(result.sha256, bundle), "the result document")
        sequence = parse_result(document)
    except BaseException:
        bundle.close()
        raise
    return LocalJob(bundle.manifest.job.name, sequence, BundleFiles(bundle), on_close=bundle.close)


def parts_of(job: LocalJob) -> Parts:
    """What a bundle of the job would hold; raises InputError for one without a result document of its own."""
    if isinstance(job.files, WorkspaceFiles):
        return parts_of_stored_job(job.files.workspace, job.files.job_id)
    if isinstance(job.files, Delivery):
        return parts_of_delivery(job.files)
    if isinstance(job.files, BundleFiles):
        raise InputError(f"{job.name} is a bundle already.", next_step="Copy its file.")
    raise InputError(
        f"{job.name} has no result document, so it cannot be bundled.", next_step="Pass its files on as they are."
    )
