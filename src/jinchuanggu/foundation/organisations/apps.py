from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "jinchuanggu.foundation.organisations"
    label = "organisations"
    verbose_name = _("组织与人员")

    def ready(self) -> None:
        from jinchuanggu.foundation.organisations import resources  # noqa: F401  (declares its screens)
