"""Recognition: application, expert draw without conflicts, independent scoring, report."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.programme.models.valley import Expert, Valley


class Application(models.Model):
    """An application for recognition with the rule results of its day; short of them it carries a reason."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField(_("第几次"))
    made_on = models.DateField(_("申请日期"))
    verdict = models.CharField(_("条件核验"), max_length=16)
    result = models.JSONField(_("核验结果"))
    shortfall_reason = models.TextField(_("差距说明"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("认定申请")
        verbose_name_plural = _("认定申请")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["valley", "number"], name="application_numbered"),
            models.CheckConstraint(
                condition=Q(verdict="met") | ~Q(shortfall_reason=""), name="shortfall_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valley} #{self.number}"


class Assessment(models.Model):
    """One assessment of one application. The draw can be recomputed by anyone from what is stored here."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="assessments")
    application = models.OneToOneField(Application, models.PROTECT, related_name="assessment")
    scheme = models.CharField(_("评分方案"), max_length=40)
    opened_on = models.DateField(_("启动日期"))
    sheets_due_on = models.DateField(_("评分截止"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("专家人数"), default=7)
    commitment = models.CharField(_("种子承诺（SHA-256）"), max_length=64, blank=True)
    committed_at = models.DateTimeField(_("承诺时间"), null=True, blank=True)
    public_fact = models.CharField(_("约定的公开事实"), max_length=200, blank=True)
    public_value = models.CharField(_("公开事实的取值"), max_length=200, blank=True)
    seed = models.CharField(_("公布的种子"), max_length=400, blank=True)
    # codes and categories only, as published; which expert is behind a code stands in PoolEntry
    pool = models.JSONField(_("抽取名单"), default=list, help_text="[{code, category}] by code")
    skipped = models.JSONField(
        _("抽取时回避"), default=list, help_text="[{code, kind}] recomputed at the draw"
    )
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)
    invited_units = models.ManyToManyField(
        Organisation, blank=True, related_name="invited_assessments", verbose_name=_("受邀成员单位")
    )
    score = models.DecimalField(_("综合得分"), max_digits=6, decimal_places=2, null=True, blank=True)
    aggregate = models.JSONField(_("汇总"), default=dict)
    conclusion = models.CharField(
        _("结论"), max_length=8, blank=True, choices=[("pass", _("合格")), ("fail", _("不合格"))]
    )
    opinion = models.TextField(_("评估意见"), blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("评估")
        verbose_name_plural = _("评估")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.valley} · {self.opened_on}"


class PoolEntry(models.Model):
    """Which expert stands behind a published code of one draw; never shown together before or after it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="pool_entries")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    code = models.CharField(_("专家代号"), max_length=12)

    class Meta:
        verbose_name = _("抽取名单")
        verbose_name_plural = _("抽取名单")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "expert"], name="pooled_once"),
            models.UniqueConstraint(fields=["assessment", "code"], name="pool_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class DrawSecret(models.Model):
    """The secret behind a commitment until the draw reveals it; apart, so that no history of the assessment holds it."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="draw_secret")
    secret = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("未公布的种子")
        verbose_name_plural = _("未公布的种子")

    def __str__(self) -> str:
        return "…"


class Assessor(models.Model):
    """An expert drawn for an assessment, in the order of the draw; may be excused and replaced by the next one."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="assessors")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats")
    code = models.CharField(_("专家代号"), max_length=12)
    order = models.PositiveSmallIntegerField(_("抽取顺序"))
    excused_reason = models.CharField(_("回避或请假原因"), max_length=200, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField(_("无利益冲突声明时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("评估专家")
        verbose_name_plural = _("评估专家")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["assessment", "expert"], name="expert_drawn_once")]

    def __str__(self) -> str:
        return f"{self.expert} · {self.assessment}"


class ConflictKind(models.TextChoices):
    SAME_ORGANISATION = "same_organisation", _("同一单位")
    SAME_REGION = "same_region", _("建设主体所在地单位")
    DECLARED = "declared", _("本人申报")
    COOPERATION = "cooperation", _("曾有合作")


class Conflict(models.Model):
    """A declared interest of an expert in an organisation; computed conflicts aren't stored, they're recomputed."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="conflicts", verbose_name=_("专家"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"), null=True
    )
    valley = models.ForeignKey(Valley, models.PROTECT, related_name="+", null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200)
    declared_on = models.DateField(_("申报日期"))

    class Meta:
        verbose_name = _("利益申报")
        verbose_name_plural = _("利益申报")

    def __str__(self) -> str:
        return f"{self.expert} · {self.organisation}"


class ScoreSheet(models.Model):
    """One assessor's sheet: a draft of its own until submitted, then closed. Others' sheets stay unseen."""

    assessor = models.OneToOneField(Assessor, models.PROTECT, related_name="sheet")
    comment = models.TextField(_("总体意见"), blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("评分表")
        verbose_name_plural = _("评分表")

    def __str__(self) -> str:
        return str(self.assessor)


class ScoreLine(models.Model):
    """A score for one criterion of the scheme with its reason."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="lines")
    criterion = models.CharField(_("评分项"), max_length=40)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=1, null=True, blank=True)
    reason = models.TextField(_("评分理由"), blank=True)

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="criterion_scored_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"


class SiteVisit(models.Model):
    """One item of the site visit list with what was found."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="visits")
    item = models.CharField(_("查看内容"), max_length=200)
    finding = models.TextField(_("现场情况"), blank=True)
    found_by = models.CharField(_("查看人"), max_length=240, blank=True)
    consistent = models.BooleanField(_("与材料一致"), null=True, blank=True)
    visited_on = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("现场查看")
        verbose_name_plural = _("现场查看")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.item
