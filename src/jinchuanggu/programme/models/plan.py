"""The construction plan and what is said about it: versions, expert argument, provincial consultation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.programme.models.valley import Expert, Valley


class Plan(models.Model):
    """The plan being written: sections of text, targets by year, budget. Frozen copies are `PlanVersion`s."""

    valley = models.OneToOneField(Valley, models.PROTECT, related_name="plan")
    sections = models.JSONField(_("章节"), default=dict)
    targets = models.JSONField(_("年度目标"), default=dict, help_text="{year: {indicator: value}}")
    budget_cny = models.DecimalField(
        _("经费预算（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    policies = models.JSONField(_("配套政策"), default=list)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("建设方案")
        verbose_name_plural = _("建设方案")

    def __str__(self) -> str:
        return f"{self.valley} {self._meta.verbose_name}"


class PlanVersion(models.Model):
    """A frozen plan, made at each submission; never changed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    made_at = models.DateTimeField(_("形成时间"))
    made_by = models.CharField(_("形成人"), max_length=240)
    occasion = models.CharField(_("事由"), max_length=40)

    class Meta:
        verbose_name = _("方案版本")
        verbose_name_plural = _("方案版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"


class Conclusion(models.TextChoices):
    PASS = "pass", _("通过")
    REVISE = "revise", _("修改后通过")
    REJECT = "reject", _("不通过")


class ArgumentSession(models.Model):
    """A meeting in which experts argue a plan (专家咨询论证)."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="argument_sessions")
    # empty while the session is being planned; the plan is frozen for it when it is submitted
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, blank=True, related_name="sessions")
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=120)
    minutes = models.TextField(_("会议纪要"), blank=True)
    conclusion = models.CharField(_("结论"), max_length=8, choices=Conclusion, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("专家论证会")
        verbose_name_plural = _("专家论证会")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.valley} {self.held_on}"


class ExpertOpinion(models.Model):
    """One expert's opinion in one session; empty until given."""

    session = models.ForeignKey(ArgumentSession, models.PROTECT, related_name="opinions")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="opinions")
    verdict = models.CharField(_("意见"), max_length=8, choices=Conclusion, blank=True)
    text = models.TextField(_("意见内容"), blank=True)
    given_at = models.DateTimeField(_("提交时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("专家意见")
        verbose_name_plural = _("专家意见")
        constraints = [models.UniqueConstraint(fields=["session", "expert"], name="one_opinion_per_expert")]

    def __str__(self) -> str:
        return f"{self.expert} · {self.session}"

    @property
    def valley_id(self) -> int:
        """Whose history this belongs to."""
        return self.session.valley_id


class Consultation(models.Model):
    """One round in which the provincial office asks member units about a filed plan (征求意见)."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="consultations")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="consultations")
    opened_on = models.DateField(_("发起日期"))
    due_on = models.DateField(_("反馈截止"))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("征求意见")
        verbose_name_plural = _("征求意见")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.valley} {self.opened_on}"


class OpinionStand(models.TextChoices):
    AGREE = "agree", _("无意见")
    SUGGEST = "suggest", _("有修改建议")
    OBJECT = "object", _("不同意")


class Opinion(models.Model):
    """What one member unit says, and what the city answers to it point by point."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="opinions", verbose_name=_("成员单位")
    )
    stand = models.CharField(_("态度"), max_length=8, choices=OpinionStand, blank=True)
    text = models.TextField(_("意见"), blank=True)
    given_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    given_by = models.CharField(max_length=240, blank=True)
    answer = models.TextField(_("采纳情况说明"), blank=True)
    adopted = models.BooleanField(_("采纳"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("成员单位意见")
        verbose_name_plural = _("成员单位意见")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "organisation"], name="one_opinion_per_unit"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True) | ~Q(stand=""), name="a_given_opinion_has_a_stand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.consultation}"

    @property
    def valley_id(self) -> int:
        """Whose history this belongs to."""
        return self.consultation.valley_id
