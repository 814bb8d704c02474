from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketConfig(AppConfig):
    name = "jinchuanggu.market"
    label = "market"
    verbose_name = _("科技市场")

    def ready(self) -> None:
        for name in ("navigation", "resources"):
            import_module(f"jinchuanggu.market.{name}")
