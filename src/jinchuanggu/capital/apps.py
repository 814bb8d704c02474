from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapitalConfig(AppConfig):
    name = "jinchuanggu.capital"
    label = "capital"
    verbose_name = _("资本")

    def ready(self) -> None:
        for name in ("navigation", "resources"):
            import_module(f"jinchuanggu.capital.{name}")
