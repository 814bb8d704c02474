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
