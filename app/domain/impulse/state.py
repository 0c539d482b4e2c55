"""The state of an impulse and of its blocks in words: what to know before its figures are believed."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.finding import Severity, counted, listed, quoted
from app.domain.impulse.blocks import DspBlock, LearnBlock, PostProcessingBlock
from app.domain.impulse.impulse_list import Impulse
from app.domain.moments import moment_text


@dataclass(frozen=True)
class StateNote:
    """One thing about a state: ``word`` for a chip, ``sentence`` for who wants to know what it means."""

    word: str
    sentence: str
    severity: Severity = Severity.WARNING


STALE = StateNote("stale", "The data changed after its features were made: the figures are of the older data.")
NOT_CONFIGURED = StateNote("not configured", "Not all of its blocks have settings.")
NOT_COMPLETE = StateNote("not complete", "Not all of it is set up and trained.")
READY = StateNote("complete", "All of it is set up and trained.", Severity.INFO)
UNKNOWN = StateNote("state unknown", "The service does not say whether it is complete.", Severity.INFO)


def state_notes(impulse: Impulse) -> tuple[StateNote, ...]:
    """The impulse as a whole first, then each block that something is wrong with."""
    whole = [
        note
        for note, holds in (
            (STALE, impulse.is_stale is True),
            (NOT_CONFIGURED, impulse.configured is False),
            (NOT_COMPLETE, impulse.complete is False),
        )
        if holds
    ]
    blocks = list(_of_blocks(impulse))
    if whole or blocks:
        return (*whole, *blocks)
    return (READY,) if impulse.complete else (UNKNOWN,)


def state_words(impulse: Impulse) -> tuple[str, ...]:
    """The words of its notes, each once: what a table, a comparison and a report say in one line."""
    return tuple(dict.fromkeys(note.word for note in state_notes(impulse)))


def dsp_notes(impulse: Impulse, block: DspBlock) -> tuple[StateNote, ...]:
    """What is wrong with a processing block."""
    found = impulse.dsp_config(block)
    return tuple(_dsp_notes(impulse, block, found.config.config_error if found and found.config else ""))


def learn_notes(impulse: Impulse, block: LearnBlock) -> tuple[StateNote, ...]:
    """What is wrong with a model."""
    return tuple(_learn_notes(impulse, block))


def post_processing_notes(impulse: Impulse, block: PostProcessingBlock) -> tuple[StateNote, ...]:
    """What is wrong with a post-processing block."""
    config = impulse.post_processing_config(block.block_id)
    if config is None:
        return (StateNote("no settings", f"The service lists no settings of {quoted(block.label)}."),)
    return (StateNote("off", f"{quoted(block.label)} is switched off."),) if config.enabled is False else ()


def features_made(impulse: Impulse, block: DspBlock) -> bool | None:
    """Whether a processing block has made its features; None where the service does not say."""
    found = impulse.dsp_config(block)
    if found is None:
        return None
    if found.metadata is not None and found.metadata.generated is not None:
        return found.metadata.generated
    features = found.config.dsp.features if found.config and found.config.dsp else None
    return features.generated if features else None


def origin_sentences(impulse: Impulse) -> tuple[str, ...]:
    """Who made it, when, and from what."""
    return tuple(_origin(impulse))


def _of_blocks(impulse: Impulse) -> Iterator[StateNote]:
    for dsp in impulse.dsp_blocks:
        yield from dsp_notes(impulse, dsp)
    for learn in impulse.learn_blocks:
        yield from learn_notes(impulse, learn)
    for after in impulse.post_processing_blocks:
        yield from post_processing_notes(impulse, after)


def _dsp_notes(impulse: Impulse, block: DspBlock, config_error: str) -> Iterator[StateNote]:
    if config_error:
        sentence = f"The settings of {quoted(block.label)} cannot be had: {quoted(config_error.rstrip('.'))}."
        yield StateNote("config error", sentence, Severity.ERROR)
    if impulse.dsp_config(block) is None:
        yield StateNote("no settings", f"The service lists no settings of {quoted(block.label)}.")
    if features_made(impulse, block) is False:
        yield StateNote("no features", f"{quoted(block.label)} has not made its features yet.")


def _learn_notes(impulse: Impulse, block: LearnBlock) -> Iterator[StateNote]:
    lost = impulse.lost_feeds(block)
    if lost:
        ids = listed(map(str, lost))
        sentence = f"{quoted(block.label)} wants input from processing block {ids}, which does not exist."
        yield StateNote("lost input", sentence)
    found = impulse.learn_config(block)
    if found is None:
        yield StateNote("no settings", f"The service lists no settings of {quoted(block.label)}.")
    elif found.metadata is None:
        yield StateNote("never trained", f"{quoted(block.label)} was never trained: there are no figures.")
    elif found.trained is False:
        yield StateNote("not trained", f"{quoted(block.label)} has no trained model.")


def _origin(impulse: Impulse) -> Iterator[str]:
    author = impulse.created_by_user
    named = author.label if author else ""
    blocks = (*impulse.input_blocks, *impulse.dsp_blocks, *impulse.learn_blocks, *impulse.post_processing_blocks)
    created = min((block.created_at for block in blocks if block.created_at), default="")
    if named or created:
        yield " ".join(filter(None, ("Created", named and f"by {named}", created and f"on {moment_text(created)}")))
    if impulse.created_from_tuner_trial_id is not None:
        yield f"From trial {impulse.created_from_tuner_trial_id:g} of the tuner"
    if impulse.pretrained_model_info is not None:
        yield f"Pretrained model {impulse.pretrained_model_info.file_name or 'without a name'}"
    yield from _dataset(impulse)


def _dataset(impulse: Impulse) -> Iterator[str]:
    version, stated = impulse.dataset_version, impulse.design.dataset_version_id
    if version is None:
        if stated is not None:
            yield f"Dataset version id {stated}"
        return
    number = version.version_index if version.version_index is not None else version.id
    summary = version.summary.sample_changes_count if version.summary else None
    changes = f", {counted(round(summary), 'changed sample')}" if summary else ""
    about = f", {version.description}" if version.description else ""
    yield f"Dataset version {number if number is not None else 'without a number'}{about}{changes}"
