"""Money that came to firms: equity rounds, loans, pledges. Amounts in yuan."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin


class DealKind(models.TextChoices):
    EQUITY = "equity", _("股权融资")
    LOAN = "loan", _("信贷")
    PLEDGE = "pledge", _("知识产权质押")
    GUARANTEE = "guarantee", _("担保贷款")


class FinancingDeal(models.Model):
    """One deal in which a firm got money on a day. `valley_id`: the valley where it was resident then, if any."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="financing", verbose_name=_("企业")
    )
    valley_id = models.BigIntegerField(_("晋创谷"), null=True, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=DealKind, db_index=True)
    round = models.CharField(_("轮次"), max_length=20, blank=True)
    provider = models.CharField(_("资金方"), max_length=120)
    amount_cny = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, db_index=True)
    closed_on = models.DateField(_("到账日期"), db_index=True)
    number = models.CharField(_("合同编号"), max_length=60, unique=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("融资")
        verbose_name_plural = _("融资")
        constraints = [models.CheckConstraint(condition=Q(amount_cny__gt=0), name="deal_has_amount")]
        indexes = [models.Index(fields=["valley_id", "closed_on"], name="deal_of_valley")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.number}"
