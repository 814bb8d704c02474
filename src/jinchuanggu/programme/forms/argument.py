"""Forms of the expert argument."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.programme.models.plan import Conclusion


class SessionForm(forms.Form):
    held_on = forms.DateField(label=_("论证日期"), widget=forms.DateInput)
    place = forms.CharField(label=_("地点"), max_length=120)
    experts = forms.MultipleChoiceField(
        label=_("论证专家"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["experts"].choices = choices


class ExpertOpinionForm(forms.Form):
    verdict = forms.ChoiceField(label=_("意见"), choices=Conclusion.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("理由与建议"), widget=forms.Textarea(attrs={"rows": 8}), help_text=_("结论形成前可以修改")
    )


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=_("会议纪要"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("保存后生成《专家论证意见》（Word 与 PDF），附各专家意见"),
    )  # fmt: skip
