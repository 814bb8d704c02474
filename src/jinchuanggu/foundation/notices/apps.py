from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "jinchuanggu.foundation.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from jinchuanggu.foundation import navigation
        from jinchuanggu.foundation.access.guards import EVERY_ROLE
        from jinchuanggu.foundation.notices import listeners, mail, reminders  # noqa: F401  (register themselves)

        navigation.add("desk", _("通知"), "bell", "notices", EVERY_ROLE, order=50)
