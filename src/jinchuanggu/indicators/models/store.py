"""The store: one long table of values, one row for an indicator, a unit, a period, a breakdown and a version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.indicators.models.definitions import IndicatorDefinition
from jinchuanggu.indicators.store.fixed import ExactField


class UnitLevel(models.IntegerChoices):
    FIRM = 1, _("企业（团队）")
    VALLEY = 2, _("晋创谷")
    CITY = 3, _("市")
    PROVINCE = 4, _("省")


class Unit(models.Model):
    """A statistical unit. `ref_id`: the resident, the valley or the region it stands for, by level.

    The firm of a valley is its residency, so that a firm that moves counts where it was. The traits are those by which
    values are broken down; only firms have them.
    """

    level = models.PositiveSmallIntegerField(_("层级"), choices=UnitLevel)
    ref_id = models.BigIntegerField(_("对象"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    field = models.CharField(_("领域"), max_length=40, blank=True)
    kind = models.CharField(_("类别"), max_length=12, blank=True)
    size = models.CharField(_("规模"), max_length=12, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("统计单元")
        verbose_name_plural = _("统计单元")
        constraints = [models.UniqueConstraint(fields=["level", "ref_id"], name="unit_once")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.ref_id}"


class Breakdown(models.Model):
    """One group of one dimension, such as the field 新材料. Number 0 in the store, without a row here, is the total."""

    dimension = models.CharField(_("维度"), max_length=12)
    code = models.CharField(_("组"), max_length=40)

    class Meta:
        verbose_name = _("分组")
        verbose_name_plural = _("分组")
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="breakdown_once")]

    def __str__(self) -> str:
        return f"{self.dimension}={self.code}"


class ValueSource(models.IntegerChoices):
    """Where a value comes from; of several for one key the nearest to the records counts."""

    PUBLISHED = 1, _("公开报道")
    FILED = 2, _("报送")
    COMPUTED = 3, _("记录计算")
    ROLLED_UP = 4, _("逐级汇总")


class Value(models.Model):
    """`value` in the unit of the indicator, `period` a `Period.number`, `breakdown` 0 or the number of a Breakdown.

    A changed value is a new version; the former stays, no longer current. None: the source took its value back.
    `reporters`: how many of the lowest units are in it. Of an averaged indicator a rolled-up row keeps the sum.
    Only `posting` and `rollup` write here.
    """

    indicator = models.ForeignKey(
        IndicatorDefinition, models.PROTECT, db_index=False, related_name="+", verbose_name=_("指标")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, related_name="+", verbose_name=_("统计单元")
    )
    level = models.PositiveSmallIntegerField(_("层级"), choices=UnitLevel)
    period = models.IntegerField(_("时期"))
    breakdown = models.PositiveIntegerField(_("分组"), default=0)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    current = models.BooleanField(_("现行"), default=True)
    value = ExactField(_("数值"), null=True)
    reporters = models.PositiveIntegerField(_("填报单位数"), default=1)
    source = models.PositiveSmallIntegerField(_("来源"), choices=ValueSource)
    filing = models.ForeignKey(
        "indicators.Filing", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    posted_at = models.DateTimeField(_("记账时间"))

    class Meta:
        verbose_name = _("指标数值")
        verbose_name_plural = _("指标数值")
        # the order of the columns was measured (docs/bench-indicators.md): the first keeps what a month brings together,
        # so that ten million rows are written in place; the second answers pivots and roll-ups
        constraints = [
            models.UniqueConstraint(
                fields=["period", "indicator", "unit", "breakdown", "version"], name="value_version_once"
            ),
            models.UniqueConstraint(
                fields=["indicator", "period", "breakdown", "unit"],
                condition=Q(current=True),
                name="one_current_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.unit_id}/{self.period}: {self.value}"
