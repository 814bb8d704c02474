"""Building first (先行建设): milestones and yearly targets with what has been reached."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.programme.models.valley import Valley


class Milestone(models.Model):
    """One thing the plan promised for a day. Late when that day passed and it isn't done."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="milestones")
    title = models.CharField(_("里程碑"), max_length=120)
    starts_on = models.DateField(_("开始"))
    due_on = models.DateField(_("计划完成"))
    done_on = models.DateField(_("实际完成"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("进度（%）"), default=0)
    responsible = models.CharField(_("责任单位"), max_length=120, blank=True)
    note = models.CharField(_("进展说明"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("里程碑")
        verbose_name_plural = _("里程碑")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_percent"),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("starts_on")), name="milestone_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def late(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today


class YearTarget(models.Model):
    """What the plan wants of one indicator by the end of one year."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="year_targets")
    year = models.PositiveSmallIntegerField(_("年份"))
    indicator = models.CharField(_("指标"), max_length=60)
    target = models.DecimalField(_("目标"), max_digits=20, decimal_places=4)

    class Meta:
        verbose_name = _("年度目标")
        verbose_name_plural = _("年度目标")
        ordering = ["indicator", "year"]
        constraints = [
            models.UniqueConstraint(fields=["valley", "year", "indicator"], name="one_target_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"
