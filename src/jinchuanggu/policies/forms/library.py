"""Forms of the library: a policy, one of its articles, a yearly budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.policies.models import Confidence, Policy


class PolicyForm(forms.ModelForm):
    """The record of a policy; dates in the form of the house."""

    class Meta:
        model = Policy
        fields = (
            "title_zh", "title_en", "number", "issuer_zh", "issuer_en", "issued_on", "level", "unit_text", "gives_zh",
            "gives_en", "valid_from", "valid_to", "repealed_on", "source_title", "source_url", "confidence", "published",
        )  # fmt: skip
        widgets = {
            **{
                name: forms.DateInput(attrs={"type": "date"})
                for name in ("issued_on", "valid_from", "valid_to", "repealed_on")
            },
            "gives_zh": forms.Textarea(attrs={"rows": 2}),
            "gives_en": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "gives_zh": _("一句话：给谁、给什么"),
            "published": _("公开的政策所有人可读"),
        }

    def __init__(self, *args: Any, city: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if city:
            del self.fields["level"]

    def validate_unique(self) -> None:
        """The action says what may not be twice, in words."""

    def clean(self) -> dict[str, Any]:
        """What a constraint of the database would say without words."""
        found = super().clean() or self.cleaned_data
        first, last = found.get("valid_from"), found.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("失效日不能早于生效日"))
        return found


class ArticleForm(forms.Form):
    """One provision."""

    number = forms.CharField(label=_("条款"), max_length=120)
    heading = forms.CharField(label=_("标题"), max_length=200, required=False)
    text = forms.CharField(label=_("内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    paraphrase = forms.BooleanField(label=_("用自己的话转述（非原文）"), required=False, initial=True)
    confidence = forms.ChoiceField(label=_("核实程度"), choices=Confidence.choices)
    rule_sets = forms.MultipleChoiceField(label=_("由哪些规则执行"), required=False)


class BudgetForm(forms.Form):
    """A year's money, in 万元 as offices write it."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    amount_wan = forms.DecimalField(label=_("预算（万元）"), min_value=0, max_digits=14, decimal_places=6)
    source = forms.CharField(label=_("依据"), max_length=300, required=False)

    def amount_cny(self) -> Decimal:
        return Decimal(self.cleaned_data["amount_wan"]) * 10_000
