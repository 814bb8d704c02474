"""The default settings module: `jinchuanggu.settings`."""

from jinchuanggu.settings.base import *  # noqa: F403  (the usual way to share Django settings)
