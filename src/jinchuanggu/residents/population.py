"""All firms of a scope as columns for the engine: a handful of queries, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.model import InputType
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.residents.inputs import CITY_OF_FIRM, KEPT_YEARS, read_inputs, refresh
from jinchuanggu.residents.models import FirmStanding, FirmYear, Resident, YearlyRevenue
from jinchuanggu.residents.parsing import option_words, rule_value
from jinchuanggu.residents.profile import ELSEWHERE, REVENUE, city_code, in_residence_on

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.columns import Population

CITY, FIELD, HIGHTECH_FIELD = "city", "field", "hightech_field"
Firms = QuerySet[Organisation]


@dataclass(frozen=True, slots=True)
class FirmColumns:
    """A population with what it is called: `ids`, `names` and `labels` (city, field) in the same order."""

    population: Population
    ids: tuple[int, ...]
    names: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]


def population(firms: Firms | Sequence[int], on: date) -> FirmColumns:
    """The facts of these firms on a day. Five queries, and one to see whether the rules changed."""
    from jinchuanggu.engines.rules.columns import Population

    heads, records = read_records(firms, on)
    ids = tuple(heads)
    return FirmColumns(
        population=Population.from_records(read_inputs(), [records[pk] for pk in ids], on),
        ids=ids,
        names=tuple(head[0] for head in heads.values()),
        labels={
            CITY: tuple(head[1] for head in heads.values()),
            FIELD: tuple(head[2] or _field_of(records[pk]) for pk, head in heads.items()),
        },
    )


def _field_of(record: dict[str, Any]) -> str:
    """The high-tech field a firm states, where no residency names one."""
    declared, code = read_inputs().get(HIGHTECH_FIELD), record.get(HIGHTECH_FIELD)
    if declared is None or code is None:
        return _("未登记")
    return option_words(declared, code)


def read_records(
    firms: Firms | Sequence[int], on: date
) -> tuple[dict[int, tuple[str, str, str]], dict[int, dict[str, Any]]]:
    """`{id: (name, city, field)}` by name, and `{id: record}` as `record_for` gives it. Five queries."""
    refresh()
    rows = firms if isinstance(firms, QuerySet) else Organisation.objects.filter(pk__in=list(firms))
    rows = rows.order_by("name", "pk")
    scope = rows.order_by().values("pk")
    heads: dict[int, list[str]] = {}
    codes: dict[int, str | None] = {}
    columns = ("pk", "name", "region__name", "region__level", "region__code")
    for pk, name, city, level, code, parent, above in rows.values_list(
        *columns, "region__parent__name", "region__parent__code"
    ):
        heads[pk] = [name, parent if level == "county" and parent else city, ""]
        codes[pk] = city_code(code, above)
    records: dict[int, dict[str, Any]] = {pk: {} for pk in heads}
    _standing(records, scope)
    if CITY_OF_FIRM in read_inputs():
        for pk, known in codes.items():
            if known is not None:
                records[pk][CITY_OF_FIRM] = known
            else:
                records[pk].setdefault(CITY_OF_FIRM, ELSEWHERE)
    _years(records, scope, on)
    entered = _residency(heads, scope, on)
    _mark_residents(records, entered)
    _filed_revenue(records, scope, on)
    return {pk: (head[0], head[1], head[2]) for pk, head in heads.items()}, records


def _standing(records: dict[int, dict[str, Any]], scope: Any) -> None:
    known = {name: one for name, one in read_inputs().items() if one.type is not InputType.SERIES}
    rows = FirmStanding.objects.filter(organisation_id__in=scope).values_list("organisation_id", "values")
    for pk, values in rows.iterator(chunk_size=5000):
        record = records[pk]
        for name, value in values.items():
            if declared := known.get(name):
                record[name] = rule_value(declared, value)


def _years(records: dict[int, dict[str, Any]], scope: Any, on: date) -> None:
    known = {name for name, one in read_inputs().items() if one.type is InputType.SERIES}
    rows = FirmYear.objects.filter(
        organisation_id__in=scope, year__gte=on.year - KEPT_YEARS, year__lte=on.year
    ).values_list("organisation_id", "year", "values")
    for pk, year, values in rows.iterator(chunk_size=5000):
        record = records[pk]
        for name, value in values.items():
            if name in known:
                record.setdefault(name, {})[year] = Decimal(value)


def _residency(heads: dict[int, list[str]], scope: Any, on: date) -> dict[int, date]:
    """First day of residency by firm; the field of the residency goes to the heads."""
    entered: dict[int, date] = {}
    rows = Resident.objects.filter(in_residence_on(on), organisation_id__in=scope).order_by(
        "entered_on", "pk"
    )
    for pk, day, field in rows.values_list("organisation_id", "entered_on", "field"):
        entered.setdefault(pk, day)
        heads[pk][2] = heads[pk][2] or field
    return entered


def _mark_residents(records: dict[int, dict[str, Any]], entered: dict[int, date]) -> None:
    known = read_inputs()
    for pk, record in records.items():
        if "valley_resident" in known:
            record["valley_resident"] = pk in entered
        if "valley_entered_on" in known and pk in entered:
            record["valley_entered_on"] = entered[pk]


def _filed_revenue(records: dict[int, dict[str, Any]], scope: Any, on: date) -> None:
    if REVENUE not in read_inputs():
        return
    latest: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = (
        YearlyRevenue.objects.filter(
            resident__organisation_id__in=scope, year__gte=on.year - KEPT_YEARS, year__lte=on.year
        )
        .order_by("filed_on", "pk")
        .values_list("resident__organisation_id", "year", "revenue_cny")
    )
    for pk, year, value in rows:
        latest[pk][year] = value
    for pk, years in latest.items():
        stated = records[pk].setdefault(REVENUE, {})
        for year, value in years.items():
            stated.setdefault(year, value)
