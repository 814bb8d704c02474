from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "jinchuanggu.indicators"
    label = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        from jinchuanggu.foundation.workflow.definition import register_folder
        from jinchuanggu.indicators import catalogue

        folder = Path(__file__).parent / "processes"
        if folder.is_dir():
            register_folder(folder)
        catalogue.connect()
        # these modules register words, sources, screens and long work when they are imported
        for name in (
            "verbs",
            "navigation",
            "sources_residents",
            "sources_market",
            "sources_capital",
            "definition_desk",
            "computing_jobs",
            "filing_process",
            "filing_desk",
        ):
            if find_spec(f"jinchuanggu.indicators.{name}"):
                import_module(f"jinchuanggu.indicators.{name}")
