from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    name = "jinchuanggu.residents"
    label = "residents"
    verbose_name = _("企业与团队")

    def ready(self) -> None:
        from jinchuanggu.residents import resources, scopes  # noqa: F401  (declares its screens)

        scopes.connect()
