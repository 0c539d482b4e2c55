"""Values that are nobody's business: those of parameters of the type ``secret``, wherever else they are written."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from app.domain.impulse.impulse_list import Impulse
from app.domain.impulse.learning import KerasConfig
from app.domain.impulse.metrics import Metric
from app.domain.impulse.parameters import Parameter

SECRET = "secret"  # the type
MASK = "••••••"


def secret_names(impulse: Impulse) -> frozenset[str]:
    """Names of the secret parameters of any block; other parts of the document have their values under these names."""
    return frozenset(each.param for each in _parameters(impulse) if each.type == SECRET)


def masked(values: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    """The values by name, a mask in place of those that are secret and set."""
    return {name: MASK if name in secrets and value else value for name, value in values.items()}


def masked_metrics(impulse: Impulse) -> tuple[Metric, ...]:
    """The impulse's figures; those of settings may be called like a secret and then have its value."""
    secrets = secret_names(impulse)
    if not secrets:
        return impulse.metrics
    return tuple(
        replace(each, value=MASK, value_for_sorting=None, value_hint="") if each.name in secrets else each
        for each in impulse.metrics
    )


def _parameters(impulse: Impulse) -> Iterator[Parameter]:
    processing = (found.config for found in impulse.dsp_block_configs if found.config)
    groups = chain.from_iterable(config.config for config in processing)
    yield from chain.from_iterable(group.items for group in groups)
    for keras in impulse.learn_block_keras_configs:
        if isinstance(keras.config, KerasConfig):
            for model in keras.config.transfer_learning_models:
                yield from model.custom_parameters
    for after in impulse.post_processing_block_configs:
        yield from after.config.parameters if after.config else ()
