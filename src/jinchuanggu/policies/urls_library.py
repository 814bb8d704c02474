"""The policy library and the rule editor."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
