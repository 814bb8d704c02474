from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "jinchuanggu.foundation.exchange"
    label = "exchange"
    verbose_name = _("导入导出")

    def ready(self) -> None:
        from jinchuanggu.foundation.exchange import jobs  # noqa: F401  (registers its work)
