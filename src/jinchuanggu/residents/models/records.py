"""Records of what residents hold and rent: leases of spaces, intellectual property."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin
from jinchuanggu.residents.models.residency import Space


class Lease(models.Model):
    """Part of a space let to a resident from a day to a day; area in m², rent in yuan per m² and month."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="leases", verbose_name=_("空间"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="leases", verbose_name=_("承租单位")
    )
    area_m2 = models.DecimalField(_("租用面积（m²）"), max_digits=12, decimal_places=2, db_index=True)
    rent_cny_m2_month = models.DecimalField(
        _("租金（元/m²·月）"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("起租日期"), db_index=True)
    ends_on = models.DateField(_("到期日期"), null=True, blank=True, db_index=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("租赁")
        verbose_name_plural = _("租赁")
        constraints = [
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="lease_has_area"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="lease_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} · {self.organisation}"


class PropertyKind(models.TextChoices):
    INVENTION = "invention", _("发明专利")
    UTILITY = "utility", _("实用新型专利")
    DESIGN = "design", _("外观设计专利")
    SOFTWARE = "software", _("软件著作权")
    CIRCUIT = "circuit", _("集成电路布图设计")
    PLANT = "plant", _("植物新品种")


class IntellectualProperty(models.Model):
    """One right of a firm, applied for on a day, granted on a later one or not yet."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="intellectual_property", verbose_name=_("权利人")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=PropertyKind, db_index=True)
    title = models.CharField(_("名称"), max_length=200)
    number = models.CharField(_("申请号（登记号）"), max_length=40, unique=True)
    applied_on = models.DateField(_("申请日期"), db_index=True)
    granted_on = models.DateField(_("授权日期"), null=True, blank=True, db_index=True)
    lapsed_on = models.DateField(_("失效日期"), null=True, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("知识产权")
        verbose_name_plural = _("知识产权")
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_on__isnull=True) | Q(granted_on__gte=F("applied_on")),
                name="granted_after_application",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
