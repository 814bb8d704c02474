"""The form of an indicator that an office adds. Only words and choices: what fits together is checked by the action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.indicators.definitions.files import CONFIDENCES, GROUPS
from jinchuanggu.indicators.definitions.library import DIMENSIONS, Indicator
from jinchuanggu.indicators.definitions.words import dimension_word, level_word
from jinchuanggu.indicators.forms.model import reader_language, words
from jinchuanggu.indicators.models import Aggregation, OverTime, PeriodType

FORMULAS = (
    ("", _("无（由单位报送）")),
    ("quotient", _("占比：分子 ÷ 分母 × 100%")),
    ("per", _("平均：分子 ÷ 分母")),
    ("sum", _("加减：相加，再减去")),
    ("share", _("按比例：分子 × 百分数")),
    ("greatest", _("取最大")),
    ("least", _("取最小")),
)
MANY = ("sum", "greatest", "least")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class DefinitionForm(forms.Form):
    """`values()` is the definition as a file would say it."""

    key = forms.SlugField(
        label=_("代码"), max_length=60, help_text=_("小写字母、数字和下划线，建后不能改，如 city_grants_cny")
    )
    title_zh = forms.CharField(label=_("名称"), max_length=80)
    title_en = forms.CharField(label=_("英文名称"), max_length=120)
    counts_zh = forms.CharField(label=_("口径"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    counts_en = forms.CharField(label=_("英文口径"), max_length=800, widget=forms.Textarea(attrs={"rows": 2}))
    group = forms.ChoiceField(label=_("类别"))
    unit = forms.ChoiceField(label=_("计量单位"))
    period = forms.ChoiceField(label=_("期别"), choices=PeriodType.choices)
    level = forms.ChoiceField(label=_("起报层级"), help_text=_("最低由哪一级单位给出数值"))
    aggregation = forms.ChoiceField(
        label=_("逐级汇总"), choices=[c for c in Aggregation.choices if c[0] != Aggregation.DISTINCT]
    )
    over_time = forms.ChoiceField(
        label=_("跨期"), choices=OverTime.choices, help_text=_("时点指标取期末或平均")
    )
    breakdowns = forms.MultipleChoiceField(
        label=_("分组"), required=False, widget=forms.CheckboxSelectMultiple
    )
    formula_kind = forms.ChoiceField(
        label=_("公式"), required=False, choices=FORMULAS, help_text=_("选了公式即为由其他指标算出，无人填报")
    )
    numerator = forms.ChoiceField(label=_("分子"), required=False)
    denominator = forms.ChoiceField(label=_("分母"), required=False)
    plus = forms.MultipleChoiceField(label=_("相加（比较）的指标"), required=False)
    minus = forms.MultipleChoiceField(label=_("减去的指标"), required=False)
    percent = forms.DecimalField(label=_("百分数"), required=False, max_digits=9, decimal_places=4)
    owner = forms.CharField(label=_("责任单位"), max_length=120, required=False)
    clause = forms.CharField(label=_("条款"), max_length=40, required=False)
    basis = forms.CharField(label=_("定义依据"), max_length=300, required=False)
    confidence = forms.ChoiceField(label=_("核实程度"))
    valid_from = _day(_("启用日期"))
    valid_to = _day(_("停用日期"))

    def __init__(self, known: dict[str, Indicator], *args: Any, editing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figures = [
            (
                key,
                gettext("%(name)s（%(unit)s）") % {"name": one.name, "unit": one.unit_label}
                if one.unit_label
                else one.name,
            )
            for key, one in known.items()
        ]
        sure = {
            "searched": gettext("有出处"),
            "recalled": gettext("待核"),
            "own": gettext("本系统口径"),
            "unknown": gettext("原文未见"),
        }
        options: dict[str, list[tuple[str, str]]] = {
            "group": [(name, words(text)) for name, text in GROUPS.items()],
            "unit": [(code, unit.label.get(reader_language()) or code) for code, unit in UNITS.items()],
            "level": [(name, level_word(name)) for name in ("firm", "valley", "city", "province")],
            "breakdowns": [(name, dimension_word(name)) for name in DIMENSIONS],
            "numerator": [("", "—"), *figures],
            "denominator": [("", "—"), *figures],
            "plus": figures,
            "minus": figures,
            "confidence": [(name, sure[name]) for name in CONFIDENCES],
        }
        for name, choices in options.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["confidence"].initial = "own"
        if editing:
            self.fields["key"].disabled = True

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        kind = said["formula_kind"]
        found = {
            name: said[name]
            for name in (
                "key", "group", "unit", "period", "level", "aggregation", "over_time", "owner", "clause", "basis",
                "confidence",
            )
        }  # fmt: skip
        found |= {
            "title": {"zh": said["title_zh"], "en": said["title_en"]},
            "counts": {"zh": said["counts_zh"], "en": said["counts_en"]},
            "breakdowns": list(said["breakdowns"]),
            "valid_from": said["valid_from"].isoformat() if said["valid_from"] else "",
            "valid_to": said["valid_to"].isoformat() if said["valid_to"] else "",
            "source": "derived" if kind else "filed",
            "formula": self._formula(kind),
        }
        return found

    def _formula(self, kind: str) -> dict[str, Any]:
        said = self.cleaned_data
        if not kind:
            return {}
        if kind in MANY:
            body: dict[str, Any] = {kind: list(said["plus"])}
            return body | ({"less": list(said["minus"])} if kind == "sum" and said["minus"] else {})
        if kind == "share":
            return {kind: {"of": said["numerator"], "value": said["percent"], "unit": "percent"}}
        return {kind: {"numerator": said["numerator"], "denominator": said["denominator"]}}


def initial_of(one: Indicator) -> dict[str, Any]:
    """What the form shows of a definition."""
    found: dict[str, Any] = {
        name: getattr(one, name)
        for name in (
            "key", "group", "unit", "period", "level", "aggregation", "over_time", "owner", "clause", "basis",
            "confidence", "valid_from", "valid_to", "breakdowns",
        )
    }  # fmt: skip
    for name, texts in (("title", one.title), ("counts", one.counts)):
        found |= {f"{name}_{lang}": text for lang, text in texts.items()}
    formula = dict(one.formula)
    kind = next((name for name, _label in FORMULAS if name and name in formula), "")
    body: Any = formula.get(kind)
    found["formula_kind"] = kind
    if kind in MANY:
        found |= {"plus": body, "minus": formula.get("less", [])}
    elif kind == "share":
        found |= {"numerator": body["of"], "percent": body["value"]}
    elif kind:
        found |= {"numerator": body["numerator"], "denominator": body["denominator"]}
    return found
