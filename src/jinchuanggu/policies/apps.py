from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "jinchuanggu.policies"
    label = "policies"
    verbose_name = _("政策")

    def ready(self) -> None:
        from jinchuanggu.foundation.workflow.definition import register_folder

        register_folder(Path(__file__).parent / "processes")
        # guards, effects and subscriptions register themselves when their module is imported
        package = import_module("jinchuanggu.policies.process")
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
        for name in (
            "verbs",
            "navigation",
            "grant_desk",
            "grant_resources",
            "grant_jobs",
            "eligibility_desk",
            "simulation_desk",
            "figure_sources",
        ):
            import_module(f"jinchuanggu.policies.{name}")
