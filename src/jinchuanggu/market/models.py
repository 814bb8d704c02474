"""Technology contracts as registered: the five types, who sells to whom, what is turnover and what technology turnover."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
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


class Direction(models.TextChoices):
    """Where the buyer sits, seen from the seller's province."""

    WITHIN = "within", _("省内")
    OUTSIDE = "outside", _("省外")
    ABROAD = "abroad", _("境外")
    UNKNOWN = "unknown", _("未填")


class AmountBasis(models.TextChoices):
    """Where the technology turnover comes from."""

    COMPUTED = "computed", _("按扣除项计算")
    CERTIFICATE = "certificate", _("按登记证明填写")


class TechnologyContract(models.Model):
    """One registered contract; amounts in yuan.

    `turnover_cny` (合同成交总额) is the whole contract, `technology_cny` (技术交易额) what is left of it without equipment and other
    things that are no technology. `valley_id`: the valley in whose area the seller works, if any.
    `basis` says whether the rules in force on the day of registration gave the technology turnover (`rule_version`
    names them) or somebody took it from the certificate. Of a computed one all deductions are known, 0 where there is none.
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
    direction = models.CharField(
        _("流向"), max_length=8, choices=Direction, default=Direction.UNKNOWN, db_index=True
    )
    field = models.CharField(_("领域"), max_length=40, blank=True, db_index=True)
    signed_on = models.DateField(_("签订日期"), db_index=True)
    registered_on = models.DateField(_("登记日期"), db_index=True)
    turnover_cny = models.DecimalField(_("合同成交额（元）"), max_digits=16, decimal_places=2, db_index=True)
    basis = models.CharField(
        _("技术交易额的来历"), max_length=12, choices=AmountBasis, default=AmountBasis.CERTIFICATE
    )
    equipment_cny = models.DecimalField(
        _("购置设备、仪器、零部件（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    materials_cny = models.DecimalField(
        _("购置原材料（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    other_cny = models.DecimalField(
        _("其他非技术性费用（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    other_note = models.CharField(_("其他费用是什么"), max_length=120, blank=True)
    carrier_sets = models.PositiveSmallIntegerField(_("作为标的物载体的成套设备"), null=True, blank=True)
    technology_cny = models.DecimalField(
        _("技术交易额（元）"), max_digits=16, decimal_places=2, blank=True, db_index=True
    )
    rule_version = models.CharField(_("所依规则版本"), max_length=20, blank=True)
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
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | Q(cancelled_on__gte=F("registered_on")),
                name="cancelled_after_registration",
            ),
            models.CheckConstraint(
                condition=Q(equipment_cny__isnull=True, materials_cny__isnull=True, other_cny__isnull=True)
                | Q(equipment_cny__gte=0, materials_cny__gte=0, other_cny__gte=0),
                name="deductions_all_or_none",
            ),
            models.CheckConstraint(
                condition=~Q(basis=AmountBasis.COMPUTED) | Q(equipment_cny__isnull=False),
                name="computed_from_deductions",
            ),
        ]
        indexes = [models.Index(fields=["valley_id", "registered_on"], name="contract_of_valley")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> TechnologyContract:
        found: TechnologyContract = super().from_db(db, field_names, values)
        found.technology_stored = found.__dict__.get("technology_cny")
        return found

    technology_stored: Decimal | None = None
    """The technology turnover as it was read, to tell a number somebody typed from the one that stood there."""

    def clean(self) -> None:
        """Settle the technology turnover, by the rules or as typed. Raises ValidationError by field."""
        from jinchuanggu.market import amounts

        if problems := amounts.settle(self):
            raise ValidationError(problems)
