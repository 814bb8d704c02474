"""The account somebody signs in with. Who that person is, and as what they act, lives in `organisations`."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """One sign-in. Permissions never hang on it: they come from the memberships of its person."""

    is_demo = models.BooleanField(_("演示账号"), default=False)

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
