"""Notices: something happened that one should know. Stored for the bell, sent by mail by the clock."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Person


class MailState(models.TextChoices):
    WAITING = "waiting", _("待发")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发")
    FAILED = "failed", _("未能发出")
    UNSURE = "unsure", _("不确定是否发出")
    NONE = "none", _("不发邮件")


class Notice(models.Model):
    """One notice to one person; `text` holds both languages. The same `key` reaches a person once."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    text = models.JSONField(_("内容"))
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)
    mail = models.CharField(_("邮件"), max_length=8, choices=MailState, default=MailState.WAITING)
    mailed_at = models.DateTimeField(_("发信时间"), null=True, blank=True)
    mail_claimed_at = models.DateTimeField(null=True, blank=True)
    mail_next_at = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["person", "-id"], name="notice_person"),
            models.Index(fields=["mail"], condition=Q(mail__in=["waiting", "sending"]), name="notice_unsent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notice_once")
        ]

    def __str__(self) -> str:
        return str(self.text.get("zh", ""))

    @property
    def words(self) -> str:
        """The text in the language of the reader."""
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return str(self.text.get(language) or self.text.get("zh", ""))
