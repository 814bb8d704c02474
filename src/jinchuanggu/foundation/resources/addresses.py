"""The addresses of every declared resource; the rooms have declared theirs by the time this is read."""

from __future__ import annotations

from django.urls import URLPattern

from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.foundation.resources.urls import urls

urlpatterns: list[URLPattern] = [route for resource in resources.values() for route in urls(resource)]
