"""The evidence store: every report of a figure side by side, each with its date and source, one of them
chosen.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Origin


class SourceKind(models.TextChoices):
    PUBLISHED = "published", _("公开报道")
    FILED = "filed", _("报送")
    COMPUTED = "computed", _("记录计算")


class Figure(models.Model):
    """One report: this source says that this indicator of this valley had this value on this day."""

    valley_id = models.BigIntegerField(_("晋创谷"), db_index=True)
    indicator = models.CharField(_("指标"), max_length=60)
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("单位"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True)
    dated = models.DateField(_("日期"))
    date_text = models.CharField(_("日期（原文）"), max_length=40, blank=True)
    source_kind = models.CharField(_("来源类别"), max_length=10, choices=SourceKind)
    source_title = models.CharField(_("来源"), max_length=300)
    source_url = models.URLField(_("来源地址"), max_length=500, blank=True)
    source_grade = models.CharField(_("来源等级"), max_length=1, blank=True)
    scope_note = models.CharField(_("口径说明"), max_length=500, blank=True)
    chosen = models.BooleanField(_("采用"), default=False)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("指标值")
        verbose_name_plural = _("指标值")
        indexes = [models.Index(fields=["valley_id", "indicator", "-dated"], name="figure_of_valley")]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_not_negative"),
            models.UniqueConstraint(
                fields=["valley_id", "indicator", "year"],
                condition=Q(chosen=True),
                name="figure_chosen_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["valley_id", "indicator"],
                condition=Q(chosen=True, year__isnull=True),
                name="figure_chosen_once",
            ),
        ]

    def __str__(self) -> str:
        from jinchuanggu.indicators.definitions.library import shown, title_of

        year = f" {self.year}" if self.year else ""
        return f"{title_of(self.indicator)}{year} {shown(self.indicator, self.value)}"
