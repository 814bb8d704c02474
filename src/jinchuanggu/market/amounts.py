"""How much of a contract is technology: the official rules in force on the day of registration say it.

The kinds of deduction, their words, the clause and how sure the rule is all come from the rule set; this file only says
which column of a contract is which input.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import Finding, Result, RuleSet, Status, Text, evaluate, official
from jinchuanggu.engines.rules.records import facts_of
from jinchuanggu.engines.rules.sureness import Sure, reviewed, sure_of
from jinchuanggu.foundation.resources.checking import inexact
from jinchuanggu.foundation.ui.formats import english, money

if TYPE_CHECKING:
    from jinchuanggu.market.models import TechnologyContract

FAMILY, RULE_SET = "tech_contract", "tech_contract.registration"
VALUE, ORDER, CARRIERS = "technology_turnover", "turnover_order", "carriers"
DEDUCTIONS = {
    "equipment_cny": "equipment_cny",
    "materials_cny": "materials_cny",
    "other_cny": "other_nontechnical_cny",
}
"""Column of a contract: input of the rule set."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How the technology turnover comes about. `technology` is None while something is unknown or contradicts itself."""

    rules: RuleSet
    result: Result
    total: Decimal
    lines: tuple[tuple[Text, Decimal | None], ...]
    technology: Decimal | None

    @property
    def order(self) -> Finding:
        """What the rule says of the amount."""
        return self.result.finding(ORDER)

    @property
    def carriers(self) -> Finding:
        """What the rule says of equipment that carries the subject matter."""
        return self.result.finding(CARRIERS)

    @property
    def sure(self) -> Sure:
        """How sure this statement of the rule is."""
        return sure_of(self.order.confidence, reviewed=reviewed(self.rules))


def rules_on(day: date) -> RuleSet | None:
    """The official rules on the registration of contracts that were in force on a day."""
    return official(FAMILY).in_force(RULE_SET, day)


def derive(contract: TechnologyContract) -> Derivation | None:
    """The amount by the rules of the day of registration; None where that day, the total or rules for it are missing."""
    total = contract.turnover_cny
    rules = rules_on(contract.registered_on) if contract.registered_on else None
    given = {name: getattr(contract, column) for column, name in DEDUCTIONS.items()}
    if rules is None or not isinstance(total, Decimal) or any(map(inexact, (total, *given.values()))):
        return None
    record: dict[str, Any] = {
        "contract_type": contract.kind or None,
        "contract_total_cny": total,
        "carrier_sets": contract.carrier_sets,
        **given,
    }
    known = {name: value for name, value in record.items() if value is not None and name in rules.inputs}
    result = evaluate(rules, facts_of(rules.inputs, known), contract.registered_on)
    worth = result.values[VALUE]
    return Derivation(
        rules=rules,
        result=result,
        total=total,
        lines=tuple((rules.inputs[name].title, value) for name, value in given.items()),
        technology=None if worth.value is None else worth.value.quantize(Decimal("0.01")),
    )


def settle(contract: TechnologyContract) -> dict[str, str]:
    """Set the technology turnover of a contract; `{field: message}` of what stands against it."""
    typed = contract.technology_cny if isinstance(contract.technology_cny, Decimal) else None
    if contract.basis != "computed":
        contract.rule_version = ""
        return {} if typed is not None else {"technology_cny": _("按登记证明填写时必填")}
    if not contract.registered_on or not isinstance(contract.turnover_cny, Decimal):
        return {}  # said at those fields already
    missing = [column for column in DEDUCTIONS if getattr(contract, column) is None]
    if missing:
        return dict.fromkeys(missing, _("按扣除项计算时必填；没有的填 0"))
    if any(inexact(getattr(contract, column)) for column in ("turnover_cny", *DEDUCTIONS)):
        return {}  # said by the checks of every record
    found = derive(contract)
    if found is None:
        return {"basis": _("登记当日没有可用的认定规则，请按登记证明填写")}
    if found.technology is None:
        return {"equipment_cny": _over(contract)}
    if found.carriers.status is Status.NOT_MET and found.carriers.advice:
        return {"carrier_sets": _in_words(found.carriers.advice)}
    if typed is not None and typed not in (found.technology, contract.technology_stored):
        return {
            "technology_cny": _(
                "按扣除项算得 %(amount)s 元，与填写的不一致；请清空让系统计算，或改为按登记证明填写"
            )
            % {"amount": f"{found.technology:,}"}
        }
    contract.technology_cny, contract.rule_version = found.technology, found.rules.version
    return {}


def _over(contract: TechnologyContract) -> str:
    given = sum((getattr(contract, column) for column in DEDUCTIONS), Decimal(0))
    return _("扣除合计 %(given)s 超过成交额 %(total)s，请核对各扣除项") % {
        "given": money(given),
        "total": money(contract.turnover_cny),
    }


def _in_words(text: Text) -> str:
    return str((text.en or text.zh) if english() else text.zh)
