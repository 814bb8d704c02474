"""Forms that were sent, so that sending one twice makes one record."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """One sending of a create form, known by the token the page carried; `target` is the key of what it made."""

    token = models.CharField(max_length=36, unique=True)
    resource = models.CharField(max_length=40)
    target = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("表单提交")
        verbose_name_plural = _("表单提交")

    def __str__(self) -> str:
        return f"{self.resource} {self.token}"
