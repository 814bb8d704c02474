from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CockpitConfig(AppConfig):
    name = "jinchuanggu.cockpit"
    label = "cockpit"
    verbose_name = _("驾驶舱")

    def ready(self) -> None:
        for name in ("navigation",):
            import_module(f"jinchuanggu.cockpit.{name}")
