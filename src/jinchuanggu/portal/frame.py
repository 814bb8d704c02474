"""The frame of the public pages: their few addresses, which one is open, and the links at the foot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

PAGES = (
    ("home", _("首页")),
    ("public_valleys", _("名录")),
    ("public_notices", _("公示")),
    ("policies", _("政策")),
    ("about", _("说明")),
)
FOOT = (
    ("public_plaque", _("查验牌匾")),
    ("public_receipt", _("异议查询")),
    ("public_grants", _("政策兑现公开")),
    ("open_data", _("开放数据")),
    ("clauses", _("条款台账")),
    ("process", _("建设程序")),
)


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a public page."""
    found = [(name, label, _url(name)) for name, label in PAGES]
    home = _url("home")
    here = [
        url
        for _name, _label, url in found
        if url == request.path or (url != home and request.path.startswith(url))
    ]
    best = max(here, key=len, default="")
    frame = {
        "public_navigation": [
            {"label": label, "url": url, "active": url == best} for _name, label, url in found if url
        ],
        "footer_links": [{"label": label, "url": url} for name, label in FOOT if (url := _url(name))],
    }
    return render(request, template, frame | context, status=status)


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
