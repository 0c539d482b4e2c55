"""The value of a secret parameter is told nowhere, under whatever name of the document it is written again."""

import copy
import json

from app.domain.impulse.block_settings import block_entries
from app.domain.impulse.comparison import compare_impulses
from app.domain.impulse.secrets import MASK, masked, masked_metrics, secret_names
from app.domain.impulse.table import table_of
from app.domain.impulse.table_rows import Arrangement
from app.domain.impulse.tracks_origin import origin_of
from app.formats.edge_impulse_impulses import read_impulses
from app.formats.impulse_table import encode_csv, encode_table
from app.sandbox.street.impulses import impulses_document

WORD = "hunter2"


def with_secret():
    """The street's impulses, a tracking parameter secret and its value also in untyped places."""
    document = copy.deepcopy(impulses_document())
    impulse = document["impulses"][0]
    impulse["postProcessingBlockConfigs"][0]["config"]["parameters"].append(
        {"param": "token", "name": "Token", "type": "secret", "value": WORD, "defaultValue": ""}
    )
    impulse["learnBlockKerasConfigs"][0]["config"]["customParameters"] = {"token": WORD, "depth": "3"}
    impulse["metrics"].append(
        {
            "name": "token",
            "type": "core",
            "category": "postProcessingBlockConfig",
            "value": WORD,
            "filteringType": {"type": "string"},
        }
    )
    return document


def test_names_are_those_of_all_blocks():
    assert secret_names(read_impulses(with_secret()).impulses[0]) == {"token"}


def test_only_secrets_that_are_set_are_masked():
    assert masked({"token": WORD, "depth": "3"}, {"token"}) == {"token": MASK, "depth": "3"}
    assert masked({"token": ""}, {"token"}) == {"token": ""}


def test_settings_comparison_and_figures_do_not_tell_it():
    impulse = read_impulses(with_secret()).impulses[0]
    blocks = (*impulse.learn_blocks, *impulse.post_processing_blocks)
    entries = [block_entries(impulse, block) for block in blocks]
    shown = repr((entries, compare_impulses(impulse, impulse), masked_metrics(impulse)))
    assert WORD not in shown
    assert MASK in shown


def test_the_exported_table_does_not_tell_it():
    table = table_of(read_impulses(with_secret()))
    arrangement = Arrangement(columns=tuple(column.key for column in table.columns))
    raw = encode_csv(table, arrangement, bom=True)
    assert b"Tags" in raw
    assert WORD.encode() not in raw
    assert WORD not in json.dumps(json.loads(encode_table(table, arrangement)))


def test_the_origin_of_tracks_does_not_tell_it():
    impulse = read_impulses(with_secret()).impulses[0]
    origin = origin_of(impulse, block_id=None, variant="int8", parameters={"token": WORD, "max_distance": "3"})
    assert origin.parameters == {"token": MASK, "max_distance": "3"}
    assert WORD not in origin.sentence
