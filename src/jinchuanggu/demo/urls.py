"""Addresses of the demo mode; they answer 404 when it's off."""

from __future__ import annotations

from django.urls import path

from jinchuanggu.demo import screens

urlpatterns = [
    path("", screens.accounts, name="demo_accounts"),
    path("enter/", screens.enter, name="demo_enter"),
    path("clock/", screens.move_clock, name="demo_clock"),
]
