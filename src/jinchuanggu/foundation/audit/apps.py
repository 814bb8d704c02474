from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "jinchuanggu.foundation.audit"
    label = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        from jinchuanggu.foundation import navigation
        from jinchuanggu.foundation.audit import work  # noqa: F401  (registers the work)
        from jinchuanggu.foundation.audit.access import READERS

        navigation.add("system", _("审计记录"), "shield-lock", "audit", READERS, order=90)
