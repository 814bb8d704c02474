"""Settings of the test suite: its own state folder, quick password hashing, jobs run at once, mail in memory."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("JCG_HOME", tempfile.mkdtemp(prefix="jcg-test-"))
os.environ.setdefault("JCG_SECRET_KEY", "only-for-tests")

from jinchuanggu.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ALLOWED_HOSTS = ["*"]
DEMO = True
TESTING = True
