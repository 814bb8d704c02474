"""The plaque 晋创谷·××, the public notice before it, and objections raised against it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.programme.models.valley import Valley


class PublicNotice(models.Model):
    """A notice to the public from a day to a day, both included (公示)."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="public_notices")
    title = models.CharField(_("标题"), max_length=160)
    text = models.TextField(_("内容"))
    starts_on = models.DateField(_("公示开始"))
    ends_on = models.DateField(_("公示结束"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="notice_period")
        ]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """Somebody's objection to a notice; it needs a name and a way to answer, and gets an answer."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="objections")
    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    raised_by = models.CharField(_("异议人"), max_length=80)
    contact = models.CharField(_("联系方式"), max_length=120)
    text = models.TextField(_("异议内容"))
    raised_at = models.DateTimeField(_("提出时间"))
    receipt = models.CharField(_("回执号"), max_length=20, unique=True)
    upheld = models.BooleanField(_("成立"), null=True, blank=True)
    answer = models.TextField(_("处理意见"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=240, blank=True)

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.receipt


class NumberSeries(models.Model):
    """The last number given in a series in a year. Taken under its row lock inside the award, so it has no gaps."""

    key = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号序列")
        verbose_name_plural = _("编号序列")
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="series_once_per_year")]

    def __str__(self) -> str:
        return f"{self.key} {self.year}: {self.last}"


class Plaque(models.Model):
    """The plaque: name, number and day of recognition."""

    valley = models.OneToOneField(Valley, models.PROTECT, related_name="plaque")
    name = models.CharField(_("牌名"), max_length=60)
    number = models.CharField(_("编号"), max_length=40, unique=True)
    awarded_on = models.DateField(_("授牌日期"))
    decision_number = models.CharField(_("决定文号"), max_length=60, blank=True)
    issued_at = models.DateTimeField()
    # a revoked plaque leaves the public site, the record of it stays
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)
    revoked_number = models.CharField(_("撤销文号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("牌匾")
        verbose_name_plural = _("牌匾")
        constraints = [
            models.CheckConstraint(condition=Q(name__startswith="晋创谷·"), name="plaque_is_named")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
