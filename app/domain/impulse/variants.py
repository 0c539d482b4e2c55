"""The variants of a model and its limits, each next to what it is to be compared with."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.impulse.learning import KerasConfig, Threshold
from app.domain.impulse.performance import ValidationMetrics
from app.domain.impulse.record import Scalar
from app.domain.impulse.training import NOT_VARIANTS, LearnBlockConfig


@dataclass(frozen=True)
class VariantResult:
    """One variant: whether results can be asked of it, which marks it bears, and how it did, where that is known."""

    variant: str
    available: bool = False
    recommended: bool = False
    selected: bool = False
    metrics: ValidationMetrics | None = None

    @property
    def report(self) -> Mapping[str, float]:
        """The plain numbers of the free report on it; what is deeper in there is for who reads the document."""
        told = self.metrics.report if self.metrics else None
        known = told.items() if isinstance(told, Mapping) else ()
        return {
            str(name): float(value)
            for name, value in known
            if isinstance(value, int | float) and not isinstance(value, bool)
        }

    @property
    def marks(self) -> tuple[str, ...]:
        """Words for what sets it apart."""
        told = {
            "recommended": self.recommended,
            "selected": self.selected,
            "not available": not self.available,
            "not measured": self.available and self.metrics is None,
        }
        return tuple(word for word, holds in told.items() if holds)


@dataclass(frozen=True)
class ThresholdPair:
    """A threshold as it is now and as it was at training; None where the service lists it on one side only."""

    now: Threshold | None
    trained: Threshold | None

    @property
    def known(self) -> Threshold:
        """The side that is there."""
        return self.now or self.trained or Threshold()

    @property
    def label(self) -> str:
        """What to call it."""
        return self.known.label

    @property
    def differs(self) -> bool | None:
        """Whether it was changed since training; None where one side is not known."""
        if self.now is None or self.trained is None or self.now.value is None or self.trained.value is None:
            return None
        return not _same(self.now.value, self.trained.value)

    @property
    def suggestion(self) -> Scalar | None:
        """What the service suggests, in its own words where it has some."""
        return self.known.suggested_value_text or self.known.suggested_value


def variant_results(config: LearnBlockConfig | None) -> tuple[VariantResult, ...]:
    """Available variants in the service's order, then what else was measured or is named."""
    if config is None:
        return ()
    measured = {metrics.type: metrics for metrics in config.validation}
    selected = selected_variant(config)
    named = dict.fromkeys((*config.variants, *measured, config.recommended_variant, selected))
    return tuple(
        VariantResult(
            variant,
            available=variant in config.variants,
            recommended=variant == config.recommended_variant,
            selected=variant == selected,
            metrics=measured.get(variant),
        )
        for variant in named
        if variant and variant not in NOT_VARIANTS
    )


def selected_variant(config: LearnBlockConfig) -> str:
    """The variant that the author chose; empty where there is none."""
    chosen = config.config.selected_model_type if isinstance(config.config, KerasConfig) else ""
    return "" if chosen in NOT_VARIANTS else chosen


def needs_training(config: LearnBlockConfig) -> bool:
    """Whether the service names the state of having to be trained anew among the variants."""
    available = config.metadata.available_model_types if config.metadata else ()
    recommended = config.metadata.recommended_model_type if config.metadata else ""
    chosen = config.config.selected_model_type if isinstance(config.config, KerasConfig) else ""
    return not NOT_VARIANTS.isdisjoint((*available, recommended, chosen))


def threshold_pairs(config: LearnBlockConfig | None) -> tuple[ThresholdPair, ...]:
    """All thresholds by their keys, those in force first; a key that comes twice is met twice."""
    if config is None:
        return ()
    now, trained = _by_key(config.thresholds), _by_key(config.trained_thresholds)
    return tuple(ThresholdPair(now.get(key), trained.get(key)) for key in dict.fromkeys((*now, *trained)))


def _by_key(thresholds: Iterable[Threshold]) -> Mapping[tuple[str, int], Threshold]:
    met: Counter[str] = Counter()
    found = {}
    for threshold in thresholds:
        found[threshold.key, met[threshold.key]] = threshold
        met[threshold.key] += 1
    return found


def _same(one: Scalar, other: Scalar) -> bool:
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False
