"""One uploaded workbook and what became of it; the page of an import is the page of this record."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Person


class ImportState(models.TextChoices):
    CHECKING = "checking", _("正在预检")
    CHECKED = "checked", _("已预检，待确认")
    WRITING = "writing", _("正在写入")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未能完成")


class ImportMode(models.TextChoices):
    ALL = "all", _("全部正确才写入")
    GOOD = "good", _("只写入正确的行")


class ImportRun(models.Model):
    """`counts` are rows: total, create, update, unchanged, failed. `problems` keeps the first ones in full.

    `digest` is what the check found, row by row; a commit that finds anything else writes nothing.
    """

    resource = models.CharField(_("资源"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    mode = models.CharField(_("方式"), max_length=5, choices=ImportMode, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="imports")
    membership_id = models.BigIntegerField(null=True, db_index=True)
    actor_label = models.CharField(_("何人"), max_length=240)
    filename = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("大小"))
    rows = models.PositiveIntegerField(_("行数"), default=0)
    counts = models.JSONField(_("结果"), default=dict)
    problems = models.JSONField(_("问题"), default=list)
    problem_count = models.PositiveIntegerField(_("问题数"), default=0)
    notes = models.JSONField(_("说明"), default=list)
    digest = models.CharField(max_length=64, blank=True)
    message = models.CharField(_("结果说明"), max_length=500, blank=True)
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["resource", "membership_id", "-id"], name="import_of_hat")]

    def __str__(self) -> str:
        return self.filename
