"""What is known of a firm beyond its residency: the facts that rules read, as filed, and doubts about them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation


class FactSource(models.TextChoices):
    """How a fact came here; the same three kinds as those of a valley's figures."""

    FILED = "filed", _("报送")
    COMPUTED = "computed", _("记录计算")
    PUBLISHED = "published", _("公开资料")


class FirmStanding(models.Model):
    """The facts of a firm that are not of one year.

    `values`: {input id: value}; numbers as text so that they stay exact, in the unit of the input (money in
    yuan), days as ISO text, booleans, codes. What is unknown is absent.
    `sources`: {input id: [kind, day, who]}; kept apart so that a population reads the values alone.
    `revision` counts the savings of the whole profile, years included.
    """

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="standing", verbose_name=_("企业")
    )
    values = models.JSONField(_("数值"), default=dict, blank=True)
    sources = models.JSONField(_("来源"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("版本"), default=0)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("企业情况")
        verbose_name_plural = _("企业情况")

    def __str__(self) -> str:
        return str(self.organisation)


class FirmYear(models.Model):
    """The yearly facts of a firm for one accounting year; `values` and `sources` as in FirmStanding."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="firm_years", verbose_name=_("企业")
    )
    year = models.PositiveSmallIntegerField(
        _("年份"), validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    values = models.JSONField(_("数值"), default=dict, blank=True)
    sources = models.JSONField(_("来源"), default=dict, blank=True)

    class Meta:
        verbose_name = _("企业年度情况")
        verbose_name_plural = _("企业年度情况")
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_firm_year")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class AppealKind(models.TextChoices):
    RULE = "rule", _("规则")
    DATUM = "datum", _("数据")


class Appeal(models.Model):
    """A firm says that a rule or a datum is wrong; the responsible unit answers.

    `subject`: the id of a rule set or of an input; `version` the rule version it saw.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="appeals", verbose_name=_("企业")
    )
    kind = models.CharField(_("类别"), max_length=8, choices=AppealKind)
    subject = models.CharField(_("对象"), max_length=80)
    version = models.CharField(_("规则版本"), max_length=40, blank=True)
    text = models.TextField(_("说明"))
    raised_by = models.CharField(_("提出人"), max_length=240)
    raised_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="appeals_to_answer", verbose_name=_("责任单位")
    )
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.CharField(_("答复人"), max_length=240, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="an_answer_has_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.subject}"
