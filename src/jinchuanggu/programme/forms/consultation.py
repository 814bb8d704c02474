"""Forms of the provincial consultation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.programme.models.plan import OpinionStand
from jinchuanggu.programme.process.plan_guards import member_units


class OpenForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=_("征求意见的成员单位"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label=_("反馈截止日期"), required=False, widget=forms.DateInput)
    issuing_number = forms.CharField(
        label=_("文号"),
        max_length=60,
        required=False,
        help_text=_("征求意见函的文号，如 晋科函〔2026〕12号；可不填"),
    )

    def __init__(self, origin: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["units"].queryset = member_units(origin)


class OpinionForm(forms.Form):
    stand = forms.ChoiceField(label=_("态度"), choices=OpinionStand.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("具体意见和依据"), required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("选“无意见”时可不填；截止前可以修改"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    adopted = forms.TypedChoiceField(
        label=_("是否采纳"), choices=[("yes", _("采纳")), ("no", _("不采纳"))], widget=forms.RadioSelect,
        coerce=lambda value: {"yes": True, "no": False}.get(value), empty_value=None,
    )  # fmt: skip
    answer = forms.CharField(label=_("采纳情况说明"), widget=forms.Textarea(attrs={"rows": 3}))
