"""Addresses of this room: filings, pivots and imports of figures, and last the indicators, whose keys take any word."""

from __future__ import annotations

from jinchuanggu.indicators import urls_definitions, urls_explore, urls_filings

urlpatterns = [*urls_filings.urlpatterns, *urls_explore.urlpatterns, *urls_definitions.urlpatterns]
