"""Two open doubts (异议): one of a rule, for the provincial office, one of a datum, for the city of the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from jinchuanggu.policies import rules
from jinchuanggu.policies.eligibility_view import entries_of
from jinchuanggu.policies.responsible import unit_for_datum, unit_for_rule
from jinchuanggu.residents.actions.appeals import raise_appeal
from jinchuanggu.residents.models import AppealKind

if TYPE_CHECKING:
    from jinchuanggu.demo.grants import Teller


def raise_them(teller: Teller, provincial: str, of_city: str) -> None:
    """The firm of the demo account doubts a provincial measure; one of the demo's city doubts what is kept of it."""
    for kind, measure, firm, text in (
        (AppealKind.RULE, provincial, teller.own, "委托高校开展的研发费用应当计入，规则里只看自行研发的费用，与文件不一致。"),
        (AppealKind.DATUM, of_city, teller.firm(of_city), "职工总数登记有误：年初转入的 6 人没有计入，请更正。"),
    ):  # fmt: skip
        rule_set = rules.rule_set_in_force(measure, timezone.localdate())
        assert rule_set is not None
        entry = entries_of([rule_set])[rule_set.id, rule_set.effective_from]
        unit = unit_for_rule(rule_set, entry, firm) if kind == AppealKind.RULE else unit_for_datum(firm)
        assert unit is not None
        raise_appeal(
            teller.clerk(firm), organisation_id=firm.pk, kind=kind, subject=measure, text=text, unit=unit,
            version=rule_set.version, title=rule_set.title.zh,
        )  # fmt: skip
