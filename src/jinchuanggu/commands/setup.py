"""What the commands that need the database share: Django's start, and refusing what is unsafe."""

from __future__ import annotations

import os

import click


def start_django() -> None:
    """Load settings and applications; a mistake in the environment becomes one readable line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchuanggu.settings.base")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, KeyError) as problem:
        raise click.ClickException(f"配置有误 · configuration: {problem}") from problem
