"""Values of impulses as text: one way of writing them for tables, comparisons and reports."""

from app.domain.impulse.record import Scalar

NOT_SAID = "–"  # what a table shows where the service says nothing
NOT_SET = "not set"


def value_text(value: Scalar | None, *, missing: str = "") -> str:
    """A value to read, ``missing`` where there is none; fractions with at most six digits that matter."""
    if value is None:
        return missing
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def exact_text(value: Scalar | None) -> str:
    """A value to compare: fractions with every digit that matters."""
    return repr(value) if isinstance(value, float) else value_text(value)
