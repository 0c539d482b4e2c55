"""Between the services and the workspace: whatever is received is stored as it came and decoded when it is read."""

from app.sync.download import DownloadSummary, FileProblem, download_job
from app.sync.links import VariantOffer, offer_of, offered_variants, suggest_links
from app.sync.listing import list_all_jobs, list_batches, list_jobs
from app.sync.naming import NamedJobs, find_jobs
from app.sync.queue import DownloadQueue, ItemState, QueueItem, Totals
from app.sync.queued import Listener, download_taken, problem_of
from app.sync.quota import GB, Quota
from app.sync.refreshing import News, Refreshed, refresh_project
from app.sync.repair import repair
from app.sync.sample_media import MediaState, MediaStep, download_sample_media, needs_sample_media
from app.sync.samples import list_samples, sample_pages
from app.sync.sources import fetch_file, folder_mapping
from app.sync.tracking import classify_sample, download_tracking, fetch_impulses
from app.sync.tracking_steps import TrackingState, TrackingStep, classify_question

__all__ = [
    "GB",
    "DownloadQueue",
    "DownloadSummary",
    "FileProblem",
    "ItemState",
    "Listener",
    "MediaState",
    "MediaStep",
    "NamedJobs",
    "News",
    "QueueItem",
    "Quota",
    "Refreshed",
    "Totals",
    "TrackingState",
    "TrackingStep",
    "VariantOffer",
    "classify_question",
    "classify_sample",
    "download_job",
    "download_sample_media",
    "download_taken",
    "download_tracking",
    "fetch_file",
    "fetch_impulses",
    "find_jobs",
    "folder_mapping",
    "list_all_jobs",
    "list_batches",
    "list_jobs",
    "list_samples",
    "needs_sample_media",
    "offer_of",
    "offered_variants",
    "problem_of",
    "refresh_project",
    "repair",
    "sample_pages",
    "suggest_links",
]
