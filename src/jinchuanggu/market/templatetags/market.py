"""What the templates of contracts load: `{% load market %}`."""

from __future__ import annotations

from typing import Any

from django import template

from jinchuanggu.market import amounts

register = template.Library()


@register.simple_tag
def amount_of(contract: Any) -> amounts.Derivation | None:
    """How the technology turnover of a contract comes about; None where the rules give none."""
    return amounts.derive(contract) if contract else None


@register.simple_tag
def contract_in(form: Any) -> Any:
    """The contract that a form shows: what was typed, what is stored, or what a new one begins with."""
    contract = form.instance
    if not form.is_bound and contract.pk is None:
        contract.basis = form.initial.get("basis", contract.basis)
    return contract
