"""What somebody tried: a rule set with some numbers turned, kept under a name so that it can be found and compared."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Origin, Person, Region


class Scenario(models.Model):
    """`knobs`: `{key of the knob: the number set, as text}`; `summary`: what came out on the day it was saved.

    `region`: whose firms it was tried on (None: the whole province). A scenario never changes.
    """

    name = models.CharField(_("名称"), max_length=80)
    rule_set = models.CharField(_("规则"), max_length=120, db_index=True)
    effective_from = models.DateField(_("规则版本"))
    on = models.DateField(_("数据日期"))
    knobs = models.JSONField(_("改动的数字"), default=dict)
    summary = models.JSONField(_("结果"), default=dict)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("范围"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("保存人"))
    created_at = models.DateTimeField(_("保存时间"), auto_now_add=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("政策模拟方案")
        verbose_name_plural = _("政策模拟方案")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "rule_set", "name"], name="scenario_name_once")
        ]

    def __str__(self) -> str:
        return self.name
