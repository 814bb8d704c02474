"""Notices: something happened that one should know. Stored for the bell, sent by mail by a job."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Person


class Notice(models.Model):
    """One notice to one person; `text` holds both languages."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    text = models.JSONField(_("内容"))
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("发信时间"), null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread")]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notice_once")
        ]

    def __str__(self) -> str:
        return str(self.text.get("zh", ""))
