"""The sealed record of every deed: append-only rows, each holding the hash of the one before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One deed. `number` has no gaps; `digest` seals this row together with the digest of the row
    before it.
    """

    number = models.PositiveBigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    actor_label = models.CharField(_("何人"), max_length=240)
    user_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    role = models.CharField(_("角色"), max_length=24)
    address = models.CharField(_("来自"), max_length=64, blank=True)
    agent = models.CharField(_("客户端"), max_length=200, blank=True)
    verb = models.CharField(_("做了什么"), max_length=60, db_index=True)
    target_type = models.CharField(_("对象类别"), max_length=60)
    target_id = models.CharField(_("对象编号"), max_length=40)
    target_label = models.CharField(_("对象"), max_length=240)
    valley_id = models.BigIntegerField(null=True)
    changes = models.JSONField(_("变更"), default=dict)
    detail = models.JSONField(_("附记"), default=dict)
    reason = models.TextField(_("理由"), blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-number"], name="audit_target"),
            models.Index(fields=["valley_id", "-number"], name="audit_valley"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.verb} {self.target_label}"


class ChainHead(models.Model):
    """The last number and digest; its row lock orders the writers, so the chain never forks."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("链头")
        verbose_name_plural = _("链头")

    def __str__(self) -> str:
        return f"#{self.number} {self.digest[:12]}"
