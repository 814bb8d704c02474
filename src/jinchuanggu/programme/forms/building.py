"""Forms of the building stage."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

DATE = forms.DateInput(attrs={"type": "date"})


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("里程碑"), max_length=120)
    starts_on = forms.DateField(label=_("开始"), widget=DATE)
    due_on = forms.DateField(label=_("计划完成"), widget=DATE)
    responsible = forms.CharField(label=_("责任单位"), max_length=120, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ProgressForm(forms.Form):
    progress = forms.IntegerField(
        label=_("进度（%）"), min_value=0, max_value=100, help_text=_("完成时填 100，并写实际完成日期")
    )
    done_on = forms.DateField(label=_("实际完成"), widget=DATE, required=False)
    note = forms.CharField(
        label=_("进展说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
