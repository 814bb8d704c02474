"""Running cases of a process: where each stands, its steps, its deadlines and who must act."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin, Person
from jinchuanggu.foundation.organisations.roles import Role


class Case(models.Model):
    """One subject going through one process. The version of the process is pinned when the case starts."""

    process = models.CharField(_("流程"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    variant = models.CharField(_("类别"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=40, db_index=True)
    since = models.DateTimeField(_("自何时"))
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("办理事项")
        verbose_name_plural = _("办理事项")
        constraints = [
            models.UniqueConstraint(
                fields=["process", "subject_type", "subject_id"], name="one_case_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.process} v{self.version}: {self.state}"


class Step(models.Model):
    """One move of a case; never changed afterwards."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    event = models.CharField(_("动作"), max_length=40)
    source = models.CharField(_("原状态"), max_length=40, blank=True)
    target = models.CharField(_("新状态"), max_length=40)
    at = models.DateTimeField(_("时间"))
    actor_label = models.CharField(_("何人"), max_length=240)
    role = models.CharField(_("角色"), max_length=24)
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        verbose_name = _("步骤")
        verbose_name_plural = _("步骤")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Deadline(models.Model):
    """A due date as a stored fact, made once from the calendar and never recomputed from "now"."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    key = models.CharField(_("期限"), max_length=40)
    state = models.CharField(_("状态"), max_length=40)
    started_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("截止日"), db_index=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    provisional = models.BooleanField(_("节假日安排待公布"), default=False)
    closed_at = models.DateTimeField(_("了结时间"), null=True, blank=True)
    reminded = models.JSONField(_("已提醒"), default=list)

    class Meta:
        verbose_name = _("期限")
        verbose_name_plural = _("期限")
        indexes = [models.Index(fields=["due_on"], condition=Q(closed_at__isnull=True), name="deadline_open")]

    def __str__(self) -> str:
        return f"{self.key} {self.due_on}"


class Task(models.Model):
    """One thing that waits for somebody (待办): for a hat of an organisation, or for one person."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField(_("类别"), max_length=40)
    title = models.JSONField(_("事项"))
    url = models.CharField(max_length=200)
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="tasks")
    due_on = models.DateField(_("截止日"), null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.SIMULATED)
    created_at = models.DateTimeField(_("产生时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_how = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("待办")
        verbose_name_plural = _("待办")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_at__isnull=True) & ~Q(key=""), name="open_task_once"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(person__isnull=False), name="task_has_a_holder"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "role", "due_on"],
                condition=Q(closed_at__isnull=True),
                name="queue_org",
            ),
            models.Index(
                fields=["person", "due_on"], condition=Q(closed_at__isnull=True), name="queue_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title.get("zh", self.kind))
