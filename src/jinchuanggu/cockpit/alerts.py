"""What wants attention: a condition slipping, filings overdue, milestones late, reports late, budgets nearly used or unspent.

Limits stand in `alerts.yaml`. Only what the reader oversees is told. A fixed number of queries.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.cockpit.page import Page
from jinchuanggu.cockpit.places import valley_name
from jinchuanggu.cockpit.readings import Reading, readings
from jinchuanggu.cockpit.settings import alert_settings
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.ui import formats
from jinchuanggu.indicators.filings.queries import filings_for, overdue
from jinchuanggu.indicators.forms.library import title_of_form
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.outlook import conditions
from jinchuanggu.policies.access_grants import visible_budgets
from jinchuanggu.programme.models import AnnualReport, Milestone

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Alert:
    """`tone`: final (overdue, slipped) or attention. `kind`: words of its sort; `url` opens what it is about."""

    kind: str
    tone: str
    text: str
    url: str
    about: str = ""


def alerts(page: Page) -> list[Alert]:
    """The gravest first."""
    found = [*_slipping(page), *_filings(page), *_milestones(page), *_reports(page), *_budgets(page)]
    return sorted(found, key=lambda one: (one.tone != "final", one.kind))


def _most() -> int:
    return alert_settings().most_of_a_kind


def counted(found: list[Alert]) -> str:
    """How many there are; "at least", where more of a kind were not looked up."""
    cut = any(n > _most() for n in Counter(one.kind for one in found).values())
    return _("至少 %(n)d") % {"n": len(found)} if cut else str(len(found))


def _slipping(page: Page) -> list[Alert]:
    watched = alert_settings().conditions
    if page.place.level == UnitLevel.FIRM or not page.place.kept:
        return []
    units = Unit.objects.filter(level=UnitLevel.VALLEY, ref_id__in=page.place.kept)
    by_unit = {unit.pk: page.place.valleys[unit.ref_id] for unit in units}
    months = max(alert_settings().looks_back_months, alert_settings().falling_months) + 1
    known = readings(
        watched.values(), page.at, level=UnitLevel.VALLEY, units=list(units), months=months, known=page.known
    )
    limits = {one.id: one for one in conditions("regional", page.today)}
    found: list[Alert] = []
    for (key, unit), reading in known.items():
        for criterion, indicator in watched.items():
            if indicator != key or criterion not in limits:
                continue
            limit = limits[criterion].test.limit  # type: ignore[union-attr]
            threshold = Decimal(limit.numerator) / Decimal(limit.denominator)  # type: ignore[union-attr]
            said = _slip(reading, threshold, page.known[key].unit)
            if said:
                name = valley_name(by_unit[unit])
                text = _("%(valley)s的%(indicator)s%(what)s") % {
                    "valley": name, "indicator": page.known[key].name, "what": said[1]
                }  # fmt: skip
                found.append(
                    Alert(_("条件下滑"), said[0], text, records_url(key, unit, reading.period), name)
                )
    return found


def _slip(reading: Reading, threshold: Decimal, unit: str) -> tuple[str, str] | None:
    """Below a threshold it had met, or falling for months on end while still above."""
    line, value = reading.line, reading.value
    if value is None:
        return None
    met = [at for at, one in enumerate(line[:-1]) if one is not None and one >= threshold]
    if value < threshold:
        if not met:
            return None
        since = reading.period.shift(met[-1] + 2 - len(line))
        return "final", _("自 %(at)s 起低于条件：%(now)s，应达 %(limit)s") % {
            "at": since, "now": formats.quantity(value, unit), "limit": formats.quantity(threshold, unit)
        }  # fmt: skip
    months = alert_settings().falling_months
    last = line[-months - 1 :]
    if len(last) == months + 1 and all(
        a is not None and b is not None and b < a for a, b in itertools.pairwise(last)
    ):
        return "attention", _("连续 %(n)d 个月下降，现为 %(now)s（条件 %(limit)s）") % {
            "n": months, "now": formats.quantity(value, unit), "limit": formats.quantity(threshold, unit)
        }  # fmt: skip
    return None


def _filings(page: Page) -> list[Alert]:
    rows = overdue(page.today, page.place.unit, rows=filings_for(page.actor)).select_related(None)
    grouped = (
        rows.order_by()
        .values("valley_id", "form")
        .annotate(
            n=Count("pk"), months=Count("period", distinct=True), oldest=Min("period"), first=Min("due_on")
        )
        .order_by("first")
    )
    found = []
    for row in grouped[: _most() + 1]:
        valley = page.place.valleys.get(row["valley_id"])
        name = valley_name(valley) if valley else page.place.name
        period = Period.numbered(row["oldest"])
        text = ngettext(
            "%(name)s：%(form)s有 %(n)d 份逾期未报，%(months)d 期，最早 %(period)s",
            "%(name)s：%(form)s有 %(n)d 份逾期未报，%(months)d 期，最早 %(period)s",
            row["n"],
        ) % {"months": row["months"], "name": name, "form": title_of_form(row["form"]), "period": period, "n": row["n"]}  # fmt: skip
        url = f"{reverse('completeness')}?form={row['form']}"
        found.append(Alert(_("报送逾期"), "final", text, url, name))
    return found


def _milestones(page: Page) -> list[Alert]:
    rows = Milestone.objects.filter(
        valley_id__in=page.place.kept, done_on__isnull=True, due_on__lt=page.today
    )
    return [
        Alert(
            _("节点延期"), "attention",
            _("%(valley)s：“%(title)s”应于 %(due)s 完成，进度 %(n)d%%")
            % {"valley": valley_name(page.place.valleys[one.valley_id]), "title": one.title, "due": one.due_on, "n": one.progress},
            reverse("building", args=[one.valley_id]), valley_name(page.place.valleys[one.valley_id]),
        )
        for one in rows.order_by("due_on")[: _most() + 1]
    ]  # fmt: skip


def _reports(page: Page) -> list[Alert]:
    rows = AnnualReport.objects.filter(
        valley_id__in=page.place.kept, filed_at__isnull=True, cycle__due_on__lt=page.today
    ).select_related("cycle")
    return [
        Alert(
            _("年报逾期"), "final",
            _("%(valley)s尚未报送 %(year)d 年度报告") % {
                "valley": valley_name(page.place.valleys[one.valley_id]), "year": one.cycle.year
            },
            one.get_absolute_url(), valley_name(page.place.valleys[one.valley_id]),
        )
        for one in rows[: _most() + 1]
    ]  # fmt: skip


def _budgets(page: Page) -> list[Alert]:
    if not page.province_or_city:
        return []
    limits = alert_settings()
    rows = visible_budgets(page.actor).filter(year=page.today.year, policy__region__origin=page.place.origin)
    if page.place.level == UnitLevel.CITY:
        rows = rows.filter(policy__region_id=page.place.unit.ref_id)
    found = []
    for budget in rows.select_related("use", "policy")[: _most() + 1]:
        use = getattr(budget, "use", None)
        whole = budget.amount_cny
        if use is None or not whole:
            continue
        committed, paid = use.committed * HUNDRED / whole, use.paid * HUNDRED / whole
        name = budget.policy.title_zh
        url = reverse("grant_budgets")
        if committed >= limits.nearly_used_percent:
            text = _("“%(policy)s”%(year)d 年预算已安排 %(n)d%%") % {
                "policy": name,
                "year": budget.year,
                "n": int(committed),
            }
            found.append(Alert(_("预算将尽"), "attention", text, url, name))
        elif page.today.month >= limits.unspent_from_month and paid < limits.unspent_below_percent:
            text = _("“%(policy)s”%(year)d 年预算只拨付了 %(n)d%%") % {
                "policy": name,
                "year": budget.year,
                "n": int(paid),
            }
            found.append(Alert(_("预算未拨"), "attention", text, url, name))
    return found
