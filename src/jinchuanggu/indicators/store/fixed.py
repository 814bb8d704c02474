"""Exact numbers in the database: a decimal with four places, kept as a whole number of ten-thousandths.

SQLite adds decimals as binary numbers; whole numbers it adds exactly, as PostgreSQL and DuckDB do. So a roll-up is the
same to the last digit on each of them. The range is ±922 337 203 685 477.5807.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

PLACES = 4
SCALE = 10**PLACES


def to_scaled(value: Decimal | int | str) -> int:
    """The number of ten-thousandths. Raises ValueError for more than four places, NaN or infinity."""
    scaled = Decimal(value) * SCALE
    whole = int(scaled)
    if scaled != whole:
        raise ValueError(f"more than {PLACES} decimal places: {value}")
    return whole


def from_scaled(value: int) -> Decimal:
    """The decimal, without trailing zeros beyond what it needs (12 stays 12)."""
    # a pivot makes a hundred thousand of these; quantize and normalize would take ten times as long
    if not value % 10_000:
        return Decimal(value // 10_000)
    if value % 100:
        return Decimal(value).scaleb(-4) if value % 10 else Decimal(value // 10).scaleb(-3)
    return Decimal(value // 100).scaleb(-2) if value % 1000 else Decimal(value // 1000).scaleb(-1)


class ExactField(models.BigIntegerField):
    """A Decimal in Python, a whole number of ten-thousandths in the database; sums of it are Decimals again."""

    description = _("精确数")
    default_error_messages: ClassVar = {"places": _("“%(value)s”应为数字，至多四位小数")}

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_scaled(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as problem:
            raise ValidationError(
                self.error_messages["places"], code="places", params={"value": value}
            ) from problem

    def get_prep_value(self, value: Any) -> int | None:
        value = models.Field.get_prep_value(self, value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        try:
            return to_scaled(value if isinstance(value, Decimal) else str(value))
        except (ValueError, InvalidOperation, OverflowError) as problem:
            raise ValidationError(
                self.error_messages["places"], code="places", params={"value": value}
            ) from problem

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return forms.DecimalField(**{"decimal_places": PLACES, "max_digits": 19, **kwargs})
