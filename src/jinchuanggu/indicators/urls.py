"""Addresses of this room: filings, pivots and imports of figures, and last the indicators, whose keys take any word."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

PARTS = ("urls_filings", "urls_explore", "urls_definitions")

urlpatterns: list[URLPattern] = [
    pattern
    for part in PARTS
    if find_spec(f"jinchuanggu.indicators.{part}")
    for pattern in import_module(f"jinchuanggu.indicators.{part}").urlpatterns
]
