"""Who works in a valley and where: enterprises and teams, their yearly reports, the spaces."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin


class ResidentKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    TEAM = "team", _("科创团队")


class Resident(models.Model):
    """One enterprise or team in one valley, from the day it moved in to the day it left."""

    valley_id = models.BigIntegerField(_("晋创谷"), db_index=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="residencies", verbose_name=_("企业或团队")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=ResidentKind)
    start_up = models.BooleanField(_("初创企业"), default=True)
    sci_tech = models.BooleanField(_("科创型企业"), default=True)
    field = models.CharField(_("领域"), max_length=40, blank=True)
    entered_on = models.DateField(_("入驻日期"), db_index=True)
    left_on = models.DateField(_("迁出日期"), null=True, blank=True)
    full_time_staff = models.PositiveIntegerField(_("全时人员"), null=True, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("入驻单位")
        verbose_name_plural = _("入驻单位")
        constraints = [
            models.UniqueConstraint(
                fields=["valley_id", "organisation"], condition=Q(left_on__isnull=True), name="resident_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("entered_on")),
                name="left_after_entry",
            ),
        ]
        indexes = [models.Index(fields=["valley_id", "kind"], name="resident_valley_kind")]

    def __str__(self) -> str:
        return str(self.organisation)


class YearlyRevenue(models.Model):
    """A resident's revenue of one year in yuan, as it filed it."""

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="revenues", verbose_name=_("入驻单位")
    )
    year = models.PositiveSmallIntegerField(_("年份"), db_index=True)
    revenue_cny = models.DecimalField(_("营业收入（元）"), max_digits=18, decimal_places=2)
    filed_on = models.DateField(_("报送日期"), db_index=True)

    class Meta:
        verbose_name = _("年度营业收入")
        verbose_name_plural = _("年度营业收入")
        constraints = [
            models.UniqueConstraint(fields=["resident", "year"], name="one_revenue_per_year"),
            models.CheckConstraint(condition=Q(revenue_cny__gte=0), name="revenue_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.resident} {self.year}"


class SpaceKind(models.TextChoices):
    OFFICE = "office", _("办公用房")
    PLANT = "plant", _("标准化厂房")
    LABORATORY = "laboratory", _("实验室")
    PILOT = "pilot", _("中试基地")


class Space(models.Model):
    """A building or floor of a valley; area in m²."""

    valley_id = models.BigIntegerField(_("晋创谷"), db_index=True)
    name = models.CharField(_("名称"), max_length=120, db_index=True)
    kind = models.CharField(_("类别"), max_length=12, choices=SpaceKind)
    area_m2 = models.DecimalField(_("面积（m²）"), max_digits=12, decimal_places=2, db_index=True)
    startup_zone = models.BooleanField(_("位于起步区"), default=True)
    completed_on = models.DateField(_("建成日期"), null=True, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("空间")
        verbose_name_plural = _("空间")
        constraints = [models.CheckConstraint(condition=Q(area_m2__gt=0), name="space_has_area")]

    def __str__(self) -> str:
        return self.name
