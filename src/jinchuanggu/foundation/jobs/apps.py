from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jinchuanggu.foundation.jobs"
    label = "jobs"
    verbose_name = _("后台作业")

    def ready(self) -> None:
        from jinchuanggu.foundation import navigation
        from jinchuanggu.foundation.access.guards import EVERY_ROLE
        from jinchuanggu.foundation.documents import access
        from jinchuanggu.foundation.jobs import clock  # noqa: F401  (registers its functions)
        from jinchuanggu.foundation.jobs.queries import visible

        # a result belongs to who asked for it, not to the administrators who only watch
        access.register(
            "jobs.job", lambda actor, pk: visible(actor).filter(pk=pk, person_id=actor.person_id).exists()
        )
        navigation.add("desk", _("后台作业"), "progress", "jobs", EVERY_ROLE, order=60)
