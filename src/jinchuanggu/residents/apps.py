from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    name = "jinchuanggu.residents"
    label = "residents"
    verbose_name = _("企业与团队")

    def ready(self) -> None:
        # these modules declare screens, words and long work when they are imported
        from jinchuanggu.residents import navigation, record_resources, resources, scopes  # noqa: F401
        from jinchuanggu.residents.sheet import runs  # noqa: F401

        scopes.connect()
