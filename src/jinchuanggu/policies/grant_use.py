"""What a budget is used for. Every change holds the budget's row, so that officers deciding at once queue up."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.policies.models import Budget, BudgetUse


def locked(budget: Budget) -> BudgetUse:
    """The row of a budget's use, held until the transaction ends, with the budget's amount of this moment."""
    BudgetUse.objects.get_or_create(budget=budget, defaults={"ceiling": budget.amount_cny})
    use = BudgetUse.objects.select_for_update().get(budget=budget)
    use.ceiling = Budget.objects.values_list("amount_cny", flat=True).get(pk=budget.pk)
    return use


def check_amount(budget: Budget, amount: Decimal) -> None:
    """Whether a budget may be set to an amount. Raises ValidationError below what is committed already."""
    use = locked(budget)
    if amount < use.committed:
        raise ValidationError(
            {"amount_cny": _("预算不能低于已安排的 %(committed)s") % {"committed": money(use.committed)}}
        )


def commit(budget: Budget, amount: Decimal) -> None:
    """Set an amount aside. Raises Refused when the budget does not bear it."""
    from jinchuanggu.policies.process.grant_guards import over_budget

    use = locked(budget)
    left = use.ceiling - use.committed
    if amount > left:
        raise Refused([over_budget(budget.year or timezone.localdate().year, left, amount)])
    use.committed += amount
    use.save()


def release(budget: Budget, amount: Decimal) -> None:
    """Give back what will not be paid any more."""
    use = locked(budget)
    use.committed -= amount
    use.ceiling = max(use.ceiling, use.committed)
    use.save()


def book_paid(budget: Budget, amount: Decimal) -> None:
    use = locked(budget)
    use.paid += amount
    use.ceiling = max(use.ceiling, use.committed)
    use.save()


def book_recovered(budget: Budget, amount: Decimal) -> None:
    use = locked(budget)
    use.recovered += amount
    use.ceiling = max(use.ceiling, use.committed)
    use.save()
