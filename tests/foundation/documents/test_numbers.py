"""Issuing numbers."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from jinchuanggu.foundation.documents.numbers import problem, suggestion, validate_issuing_number


@pytest.mark.parametrize("good", ["晋政办发〔2024〕40号", "晋科发〔2026〕8号", "并政函〔2026〕123号"])
def test_good(good: str) -> None:
    assert problem(good) == ""


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("晋科发[2026]08号", "晋科发〔2026〕8号"),
        ("晋政办发（2024）40号", "晋政办发〔2024〕40号"),
        ("晋政办发〔2024〕第40号", "晋政办发〔2024〕40号"),
        ("晋政办发 【2024】 40", "晋政办发〔2024〕40号"),
        ("晋科发〔26〕8号", ""),
        ("2026年8号", ""),
    ],
)
def test_what_would_be_right_is_said(written: str, right: str) -> None:
    assert suggestion(written) == right
    with pytest.raises(ValidationError) as refused:
        validate_issuing_number(written)
    assert (right or "例如") in refused.value.messages[0]


def test_none_is_allowed() -> None:
    validate_issuing_number("")
