"""What an indicator is. The shipped ones are data files (see `definitions.py`), mirrored here so that values can refer
to a row; offices add their own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PeriodType(models.TextChoices):
    """How often a value exists. A moment is a stock, kept as the state at the end of a month."""

    MOMENT = "moment", _("时点")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季")
    YEAR = "year", _("年")


class Aggregation(models.TextChoices):
    """How values of units make the value of the unit above."""

    SUM = "sum", _("合计")
    AVERAGE = "average", _("平均")
    RATIO = "ratio", _("比率")
    DISTINCT = "distinct", _("不重复计数")
    NONE = "none", _("不汇总")


class OverTime(models.TextChoices):
    """How values of periods make the value of a longer period."""

    SUM = "sum", _("合计")
    LAST = "last", _("期末")
    AVERAGE = "average", _("平均")


class Source(models.TextChoices):
    """Who supplies the value."""

    COMPUTED = "computed", _("记录计算")
    FILED = "filed", _("报送")
    PUBLISHED = "published", _("公开报道")
    DERIVED = "derived", _("由其他指标算出")


class IndicatorDefinition(models.Model):
    """One indicator. `level`: the lowest unit that has a value of its own.

    `formula`: for derived ones, in the formula language of the rules over other indicators' keys, for example
    `{"quotient": {"numerator": "rd_expense_cny", "denominator": "revenue_cny"}}`.
    """

    key = models.SlugField(_("代码"), max_length=60, unique=True)
    title = models.JSONField(_("名称"))
    counts = models.JSONField(_("口径"))
    unit = models.CharField(_("计量单位"), max_length=20)
    period = models.CharField(_("期别"), max_length=8, choices=PeriodType)
    level = models.CharField(_("起报层级"), max_length=10)
    aggregation = models.CharField(_("汇总方式"), max_length=10, choices=Aggregation)
    over_time = models.CharField(_("跨期方式"), max_length=8, choices=OverTime)
    breakdowns = models.JSONField(_("分组"), default=list, blank=True)
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    formula = models.JSONField(_("公式"), default=dict, blank=True)
    owner = models.CharField(_("责任单位"), max_length=120, blank=True)
    group = models.CharField(_("类别"), max_length=40, blank=True, db_index=True)
    clause = models.CharField(_("条款"), max_length=40, blank=True)
    basis = models.CharField(_("定义依据"), max_length=300, blank=True)
    confidence = models.CharField(_("可信度"), max_length=20, blank=True)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    shipped = models.BooleanField(_("随系统提供"), default=False)
    revision = models.PositiveIntegerField(_("版本"), default=0)

    class Meta:
        verbose_name = _("指标定义")
        verbose_name_plural = _("指标定义")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="definition_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return str(self.title.get("zh", self.key))
