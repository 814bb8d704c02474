"""The frame and its pieces: each renders alone, escapes what it is given, and keeps the content policy."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template, render_to_string

import jinchuanggu
from jinchuanggu.foundation import navigation

PACKAGE = Path(jinchuanggu.__file__).parent
ROOT = PACKAGE.parent.parent
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
EVIL = "<script>alert(1)</script>"
FINDING = {
    "id": "a",
    "title": {"zh": "规划面积", "en": "Planned area"},
    "clause": "C2",
    "article": EVIL,
    "status": "not_met",
    "value": 11.958,
    "threshold": 12,
    "operator": "at_least",
    "unit": "km2",
    "distance": 0.042,
    "evidence": [
        {
            "value": 11.958,
            "unit": "km2",
            "date": "2025-06-28",
            "source": {"title": EVIL, "url": "https://a.b"},
            "chosen": True,
        },
        {"value": 12.4, "unit": "km2", "date": "2025-03-02", "source": None, "chosen": False},
    ],
    "children": [
        {
            "id": "b",
            "title": "子项",
            "status": "not_evidenced",
            "value": None,
            "threshold": 3,
            "unit": "count",
        }
    ],
}
EXAMPLES = {
    "ribbon": {
        "stages": [
            {"label": EVIL, "state": "now", "since": date(2026, 1, 1), "due": "2026-12-01", "loops": [EVIL]}
        ]
    },
    "verdict": {
        "result": {
            "verdict": "not_met",
            "criteria": [FINDING],
            "counts": {"met": 0, "not_met": 1, "not_evidenced": 0},
        }
    },
    "status": {"label": EVIL, "tone": "met"},
    "deadline": {"due": "2026-12-01"},
    "timeline": {
        "events": [
            {
                "at": None,
                "who": EVIL,
                "verb": EVIL,
                "reason": EVIL,
                "changes": [{"field": EVIL, "old": EVIL, "new": EVIL}],
            }
        ]
    },
    "figurecard": {"label": EVIL, "value": 1, "note": EVIL},
    "origin": {"origin": "simulated"},
    "empty": {"title": EVIL, "text": EVIL, "action_url": "/", "action_label": EVIL},
    "diff": {"fields": [{"label": EVIL, "old": EVIL, "new": "b", "changed": True, "text": True}]},
    "jobpanel": {"job": {"title": EVIL, "state": "running", "done": 1, "total": 2, "url": "/x", "log": EVIL}},
    "reason_dialog": {"dialog_id": "d", "dialog_title": EVIL, "action": "/", "verb": EVIL, "reasons": [EVIL]},
    "move": {"move": {"label": EVIL, "allowed": False, "blockers": [EVIL]}},
    "pagination": {"page": {"first": 1, "last": 50, "next_url": "?page=2"}},
    "filters": {"filters": [{"label": EVIL, "options": [{"label": EVIL, "url": "?"}]}]},
    "map": {
        "map_id": "m",
        "map": {
            "description": EVIL,
            "valleys": [{"name": EVIL, "url": "/", "kind": "regional", "tone": "met"}],
        },
    },
    "chart": {
        "chart_id": "c",
        "chart": {
            "title": EVIL,
            "kind": "bar",
            "categories": [EVIL],
            "series": [{"name": EVIL, "values": [None]}],
        },
    },
    "diagram": {"diagram_id": "g", "diagram": {"source": EVIL, "description": EVIL}},
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_each_piece_renders_and_escapes(name):
    html = render_to_string(f"components/{name}.html", EXAMPLES[name])
    assert html.strip()
    assert EVIL not in html


def test_the_verdict_says_distance_source_and_article():
    html = render_to_string("components/verdict.html", EXAMPLES["verdict"])
    for words in ("不满足", "证据不足", "公顷", "4.2", "2025-06-28", "C2", "子项"):
        assert words in html


def test_a_blocked_move_says_why_and_cannot_be_pressed():
    html = render_to_string(
        "components/move.html", {"move": {"label": "申请", "allowed": False, "blockers": ["缺少合同"]}}
    )
    assert "缺少合同" in html
    assert 'aria-disabled="true"' in html
    assert "<form" not in html


class _Form(forms.Form):
    area = forms.DecimalField(label="面积", help_text="平方公里")
    kinds = forms.MultipleChoiceField(
        label="领域", choices=[("a", "新材料")], widget=forms.CheckboxSelectMultiple
    )


def test_a_field_ties_help_and_error_to_its_input():
    page = Template("{% load jcg %}{% error_summary form %}{% field form.area %}{% field form.kinds %}")
    html = page.render(Context({"form": _Form({"area": "多"})}))
    described = re.search(r'name="area"[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    assert all(f'id="{name}"' in html for name in described[1].split())
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == 2
    assert all(f'id="{target}"' in html for target in targets)


def test_the_title_is_said_in_the_head_without_its_markup():
    page = Template('{% extends "auth.html" %}{% block title %}登录 <small>甲</small>{% endblock %}')
    html = page.render(Context({}))
    assert re.search(r"<title>登录 甲 · ", html)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_template_compiles_and_keeps_the_content_policy(path):
    get_template(str(path).split("/templates/", 1)[1])
    text = path.read_text()
    assert not re.search(r"\sstyle=", text), "style attributes are refused by the content policy; use a class"
    assert not re.search(r"\son[a-z]+=", text), "inline handlers are refused by the content policy"
    assert not re.search(r"<script(?![^>]*(\bsrc=|application/json))", text), (
        "inline scripts are refused by the content policy"
    )


def test_every_icon_in_use_is_in_the_built_font():
    lines = (ROOT / "frontend/icons.txt").read_text().splitlines()
    carried = {name for line in lines if not line.startswith("#") for name in line.split()}
    text = "\n".join(path.read_text() for path in TEMPLATES)
    used = set(re.findall(r"\bti-([a-z0-9-]*[a-z0-9])(?![a-z0-9-]*\{)", text))
    used |= set(re.findall(r"\bicon=[\"']([a-z0-9-]+)[\"']", text))
    used |= {entry.icon for entry in navigation.entries}
    used |= {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"\bicon=\"([a-z0-9-]+)\"", path.read_text())
    }
    assert used - carried == set(), "add the missing names to frontend/icons.txt"
