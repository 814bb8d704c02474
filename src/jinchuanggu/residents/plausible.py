"""What cannot be: a part larger than its whole. Said at the part, with both numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.model import InputType
from jinchuanggu.residents.inputs import key_of, read_inputs, split_key
from jinchuanggu.residents.parsing import Stored, label_of, typed_text, unit_words

PARTS = (
    ("tech_staff", "staff_total"),
    ("rd_staff", "staff_total"),
    ("ip_class1_own", "ip_class1"),
    ("ip_class1_high_value", "ip_class1"),
    ("ip_class1_applied", "ip_class1"),
    ("nontaxable_income_cny", "total_income_cny"),
    ("hightech_income_cny", "total_income_cny"),
    ("main_revenue_cny", "revenue_cny"),
)
"""(part, whole)"""


def implausible(values: Mapping[str, Stored]) -> Iterator[tuple[str, str]]:
    """`(key, words)` of every part that exceeds its whole; yearly ones year by year."""
    known = read_inputs()
    years = sorted({year for key in values if (year := split_key(key)[1]) is not None})
    for part, whole in PARTS:
        if part not in known or whole not in known:
            continue
        yearly = known[part].type is InputType.SERIES
        for year in years if yearly else [None]:
            small, large = values.get(key_of(part, year)), values.get(key_of(whole, year))
            if small is None or large is None or Decimal(str(small)) <= Decimal(str(large)):
                continue
            words = _("%(part)s为 %(small)s%(unit)s，不应大于%(whole)s %(large)s%(unit)s") % {
                "part": label_of(known[part]),
                "whole": label_of(known[whole]),
                "small": typed_text(known[part], small),
                "large": typed_text(known[whole], large),
                "unit": unit_words(known[part]),
            }
            yield key_of(part, year), words
