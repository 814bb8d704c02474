from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "jinchuanggu.demo"
    label = "demo"
    verbose_name = _("演示")

    def ready(self) -> None:
        if settings.DEMO and not settings.TESTING:
            from jinchuanggu.demo import clock

            clock.install()
