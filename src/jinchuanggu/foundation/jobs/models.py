"""Long work as a record: who asked, how far it is, what came of it. It has a page, can be left and found
again.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Person


class JobState(models.TextChoices):
    WAITING = "waiting", _("等待")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(models.Model):
    """One piece of long work. Counts are in items of the work itself (rows, letters, firms)."""

    kind = models.CharField(_("类别"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    function = models.CharField(_("工作"), max_length=80, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="jobs")
    membership_id = models.BigIntegerField(null=True)
    state = models.CharField(_("状态"), max_length=12, choices=JobState, default=JobState.WAITING)
    done = models.PositiveBigIntegerField(_("已完成"), default=0)
    total = models.PositiveBigIntegerField(_("总数"), default=0)
    parameters = models.JSONField(default=dict)
    summary = models.JSONField(_("结果"), default=dict)
    log = models.TextField(_("日志"), blank=True)
    error = models.CharField(_("失败原因"), max_length=500, blank=True)
    result_version_id = models.BigIntegerField(null=True)
    cancel_asked = models.BooleanField(default=False)
    worker = models.CharField(max_length=120, blank=True, help_text="host:process that runs it")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("后台作业")
        verbose_name_plural = _("后台作业")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"], condition=models.Q(state__in=["waiting", "running"]), name="job_open"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def percent(self) -> int | None:
        """0 … 100, or None while the size of the work is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None
