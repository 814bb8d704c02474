"""The forms of the public site."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ObjectionForm(forms.Form):
    raised_by = forms.CharField(
        label=_("姓名或单位"),
        max_length=80,
        required=False,
        help_text=_("实名反映，只供省级专班办公室核实，不对外公开。"),
    )
    contact = forms.CharField(
        label=_("联系方式"), max_length=120, required=False, help_text=_("电话、邮箱或通信地址。")
    )
    text = forms.CharField(
        label=_("异议内容和依据"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("请写明事实和依据，不少于 10 个字。"),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReceiptForm(forms.Form):
    receipt = forms.CharField(label=_("回执号"), max_length=20, help_text=_("如 YY-1126-8H3KX9QW"))


class PlaqueForm(forms.Form):
    number = forms.CharField(label=_("牌匾编号"), max_length=40, help_text=_("如 晋创谷牌〔2026〕1号"))
