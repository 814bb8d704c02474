"""What a changed rule would do."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
