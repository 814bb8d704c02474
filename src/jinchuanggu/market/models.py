"""Technology contracts as registered: the five types, who sells to whom, what is turnover and what technology turnover."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin


class ContractKind(models.TextChoices):
    DEVELOPMENT = "development", _("技术开发")
    TRANSFER = "transfer", _("技术转让")
    LICENCE = "licence", _("技术许可")
    CONSULTING = "consulting", _("技术咨询")
    SERVICE = "service", _("技术服务")


class TechnologyContract(models.Model):
    """One registered contract; amounts in yuan.

    `turnover_cny` (合同成交总额) is the whole contract, `technology_cny` (技术交易额) what is left of it without equipment and other
    things that are no technology. `valley_id`: the valley in whose area the seller works, if any.
    """

    number = models.CharField(_("登记编号"), max_length=40, unique=True)
    title = models.CharField(_("合同名称"), max_length=200)
    kind = models.CharField(_("合同类别"), max_length=12, choices=ContractKind, db_index=True)
    valley_id = models.BigIntegerField(_("晋创谷"), null=True, blank=True, db_index=True)
    seller = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contracts_sold", verbose_name=_("卖方")
    )
    buyer_name = models.CharField(_("买方"), max_length=120)
    buyer_region = models.CharField(_("买方地区代码"), max_length=12, blank=True)
    field = models.CharField(_("领域"), max_length=40, blank=True, db_index=True)
    signed_on = models.DateField(_("签订日期"), db_index=True)
    registered_on = models.DateField(_("登记日期"), db_index=True)
    turnover_cny = models.DecimalField(_("合同成交额（元）"), max_digits=16, decimal_places=2, db_index=True)
    technology_cny = models.DecimalField(_("技术交易额（元）"), max_digits=16, decimal_places=2)
    cancelled_on = models.DateField(_("注销登记日期"), null=True, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("技术合同")
        verbose_name_plural = _("技术合同")
        constraints = [
            models.CheckConstraint(condition=Q(turnover_cny__gt=0), name="contract_has_turnover"),
            models.CheckConstraint(
                condition=Q(technology_cny__gte=0) & Q(technology_cny__lte=F("turnover_cny")),
                name="technology_within_turnover",
            ),
            models.CheckConstraint(
                condition=Q(registered_on__gte=F("signed_on")), name="registered_after_signature"
            ),
        ]
        indexes = [models.Index(fields=["valley_id", "registered_on"], name="contract_of_valley")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
