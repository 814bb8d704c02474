from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "jinchuanggu.indicators"
    label = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        from jinchuanggu.foundation.workflow.definition import register_folder
        from jinchuanggu.indicators.definitions import catalogue

        register_folder(Path(__file__).parent / "processes")
        catalogue.connect()
        # these modules register words, sources, screens and long work when they are imported
        for name in (
            "definitions.verbs",
            "navigation",
            "computed.sources_residents",
            "computed.sources_market",
            "computed.sources_capital",
            "definitions.desk",
            "computed.jobs",
            "filings.process",
            "filings.desk",
        ):
            import_module(f"jinchuanggu.indicators.{name}")
