"""Filings: one form of one unit for one period, its cells, what was said about them, and every locked version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.organisations.models import Origin, Region
from jinchuanggu.indicators.models.store import Unit


class Filing(models.Model):
    """`cells`: {cell: exact number as text}, absent or null where empty. `prefilled`: {cell: {value, source}} as offered.

    `explanations`: {check: words} for soft checks that stand. `version` counts the lockings: 0 never locked, 2 and more
    restated. `state` and `stage` mirror the case. `revision` counts savings.
    """

    form = models.CharField(_("报表"), max_length=40)
    form_version = models.PositiveSmallIntegerField(_("报表版本"), default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="filings", verbose_name=_("填报单位"))
    valley_id = models.BigIntegerField(_("晋创谷"), null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("审核地区"))
    period = models.IntegerField(_("报告期"))
    due_on = models.DateField(_("报送截止"))
    cells = models.JSONField(_("数据"), default=dict, blank=True)
    prefilled = models.JSONField(_("预填"), default=dict, blank=True)
    explanations = models.JSONField(_("说明"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=20, db_index=True)
    stage = models.CharField(_("阶段"), max_length=20)
    revision = models.PositiveIntegerField(default=0)
    version = models.PositiveSmallIntegerField(_("版本"), default=0)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = models.CharField(_("提交人"), max_length=240, blank=True)
    late = models.BooleanField(_("逾期报送"), null=True, blank=True)
    locked_at = models.DateTimeField(_("锁定时间"), null=True, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("报送")
        verbose_name_plural = _("报送")
        constraints = [
            models.UniqueConstraint(fields=["form", "unit", "period"], name="filing_once"),
        ]
        indexes = [
            models.Index(fields=["form", "period", "valley_id", "state"], name="filing_of_period"),
            models.Index(fields=["region", "form", "period"], name="filing_of_region"),
            models.Index(fields=["due_on"], condition=Q(submitted_at__isnull=True), name="filing_not_sent"),
        ]

    def __str__(self) -> str:
        from jinchuanggu.indicators.forms.library import title_of_form

        return f"{title_of_form(self.form)} {Period.numbered(self.period)}"

    def get_absolute_url(self) -> str:
        return reverse("filing", args=[self.pk])


class FilingVersion(models.Model):
    """What was locked, as it was locked; never changed. `reason`: why the version before was reopened."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    cells = models.JSONField(_("数据"))
    explanations = models.JSONField(_("说明"), default=dict, blank=True)
    locked_at = models.DateTimeField(_("锁定时间"))
    locked_by = models.CharField(_("锁定人"), max_length=240)
    reason = models.TextField(_("重报理由"), blank=True)

    class Meta:
        verbose_name = _("报送版本")
        verbose_name_plural = _("报送版本")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="filing_version_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} v{self.number}"


class CellComment(models.Model):
    """A remark on one cell (or, with an empty cell, on the whole filing), open until resolved."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="comments")
    cell = models.CharField(_("单元格"), max_length=60, blank=True)
    text = models.CharField(_("批注"), max_length=500)
    said_by = models.CharField(_("何人"), max_length=240)
    role = models.CharField(_("角色"), max_length=24)
    said_at = models.DateTimeField(_("时间"))
    resolved_at = models.DateTimeField(_("解决时间"), null=True, blank=True)
    resolved_by = models.CharField(_("解决人"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("批注")
        verbose_name_plural = _("批注")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
