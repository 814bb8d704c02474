"""Every address of the product; each view declares its access."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("jinchuanggu.portal.urls")),
    path("", include("jinchuanggu.foundation.urls")),
    path("", include("jinchuanggu.programme.urls")),
    path("", include("jinchuanggu.policies.urls")),
    path("", include("jinchuanggu.residents.urls")),
    path("", include("jinchuanggu.market.urls")),
    path("", include("jinchuanggu.capital.urls")),
    path("", include("jinchuanggu.indicators.urls")),
    path("", include("jinchuanggu.cockpit.urls")),
    path("r/", include("jinchuanggu.foundation.resources.addresses")),
    path("demo/", include("jinchuanggu.demo.urls")),
    path("api/", include(("jinchuanggu.api.urls", "api"), namespace="api")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
]
