"""The program's own files."""

import pytest

from app.errors import InputError
from app.resource_files import resource_path


def test_a_resource_is_found_in_a_checkout() -> None:
    assert resource_path("pointproof.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_missing_resource_is_an_error_in_words() -> None:
    with pytest.raises(InputError, match=r"icons/nothing\.svg is missing"):
        resource_path("icons/nothing.svg")
