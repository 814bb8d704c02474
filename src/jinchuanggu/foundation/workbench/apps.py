from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "jinchuanggu.foundation.workbench"
    label = "workbench"
    verbose_name = _("工作台")

    def ready(self) -> None:
        from jinchuanggu.foundation import navigation
        from jinchuanggu.foundation.access.guards import EVERY_ROLE, SIGNED_IN

        navigation.add(
            "desk", _("工作台"), "layout-dashboard", "workbench", EVERY_ROLE | {SIGNED_IN}, order=10
        )
