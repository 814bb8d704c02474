from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "jinchuanggu.programme"
    label = "programme"
    verbose_name = _("晋创谷")

    def ready(self) -> None:
        from jinchuanggu.foundation.workflow.definition import register_folder

        register_folder(Path(__file__).parent / "processes")
        # guards, effects and subscriptions register themselves when their module is imported
        package = import_module("jinchuanggu.programme.process")
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
        for name in ("navigation", "desk", "resources", "figure_sources"):
            import_module(f"jinchuanggu.programme.{name}")
