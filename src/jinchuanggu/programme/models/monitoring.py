"""Yearly monitoring (监测考核): the cycle of a year, each valley's report, its evaluation, the decision and what follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.programme.models.valley import Valley


class MonitoringCycle(models.Model):
    """One year of monitoring. `scheme` is the published scheme by which reports are scored, fixed when it opens."""

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    opens_on = models.DateField(_("启动日期"))
    due_on = models.DateField(_("报送截止"))
    scheme = models.CharField(_("评价方案"), max_length=40)
    scheme_digest = models.CharField(max_length=64)
    # the text of the scheme as it stood on that day; `scheme_digest` is its SHA-256
    scheme_content = models.JSONField(_("评价方案内容"), default=dict, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    summary = models.TextField(_("总体评价"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("年度监测")
        verbose_name_plural = _("年度监测")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("opens_on")), name="cycle_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class ReportOutcome(models.TextChoices):
    SUPPORT = "support", _("后续支持")
    RECTIFY = "rectify", _("整改")
    REVOKE = "revoke", _("撤销")


class AnnualReport(models.Model):
    """A valley's report of a year: text blocks, and the figures as they stood when it was filed.

    `sections`: {section: text}; `edited`: {section: {revision, by, at}} of those a person wrote or confirmed, the others
    are drafts from the records. `figures`: snapshot of the figures when filed, its digest sealed by the audit event of
    the filing. `score`, `rank`, `outcome` mirror evaluation and decision for lists; they are empty until published.
    `evaluation`: the published result `{points: {criterion: text|null}, coverage, level, ranked}`.
    """

    cycle = models.ForeignKey(MonitoringCycle, models.PROTECT, related_name="reports", verbose_name=_("年度"))
    valley = models.ForeignKey(
        Valley, models.PROTECT, related_name="annual_reports", verbose_name=_("晋创谷")
    )
    included = models.CharField(_("纳入原因"), max_length=40, blank=True)
    sections = models.JSONField(_("正文"), default=dict, blank=True)
    edited = models.JSONField(_("已核对章节"), default=dict, blank=True)
    figures = models.JSONField(_("指标"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=20, db_index=True)
    stage = models.CharField(_("阶段"), max_length=20)
    filed_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    late = models.BooleanField(_("逾期报送"), null=True, blank=True)
    score = models.DecimalField(_("得分"), max_digits=7, decimal_places=2, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("排名"), null=True, blank=True)
    evaluation = models.JSONField(_("评价结果"), default=dict, blank=True)
    outcome = models.CharField(_("决定"), max_length=10, choices=ReportOutcome, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("年度报告")
        verbose_name_plural = _("年度报告")
        ordering = ["cycle", "valley"]
        constraints = [models.UniqueConstraint(fields=["cycle", "valley"], name="one_report_a_year")]

    def __str__(self) -> str:
        return f"{self.valley} {self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("annual_report", args=[self.pk])


class ReportScore(models.Model):
    """One criterion of the scheme as scored: by computation (`computed`) or by the office with a reason."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="scores")
    criterion = models.CharField(_("评价项"), max_length=40)
    computed = models.DecimalField(_("计算分"), max_digits=6, decimal_places=2, null=True, blank=True)
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True, blank=True)
    basis = models.JSONField(_("依据"), default=dict, blank=True)
    reason = models.CharField(_("评分理由"), max_length=500, blank=True)
    scored_by = models.CharField(max_length=240, blank=True)

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        constraints = [models.UniqueConstraint(fields=["report", "criterion"], name="criterion_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class RectificationItem(models.Model):
    """One thing to mend by a day: asked by the task force, answered by the city with evidence, re-checked."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="items")
    title = models.CharField(_("整改事项"), max_length=200)
    requirement = models.TextField(_("整改要求"))
    due_on = models.DateField(_("整改期限"))
    answer = models.TextField(_("整改情况"), blank=True)
    answered_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    answered_by = models.CharField(max_length=240, blank=True)
    accepted = models.BooleanField(_("复核通过"), null=True, blank=True)
    opinion = models.TextField(_("复核意见"), blank=True)
    checked_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    checked_by = models.CharField(max_length=240, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("整改事项")
        verbose_name_plural = _("整改事项")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rectification_item", args=[self.pk])

    @property
    def valley_id(self) -> int:
        """Whose history this belongs to."""
        return self.report.valley_id

    @property
    def origin(self) -> str:
        return self.report.origin
