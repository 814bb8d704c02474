"""Forms of application, assessment, approval."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.programme.forms.building import DATE

AREA = forms.Textarea(attrs={"rows": 4})


class ApplicationForm(forms.Form):
    shortfall_reason = forms.CharField(
        label=_("差距说明"),
        widget=AREA,
        required=False,
        max_length=4000,
        help_text=_("逐项说明未满足或证据不足的原因、现状和补齐时间；将随申请一并提交并写入评估报告。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CommitForm(forms.Form):
    public_fact = forms.CharField(
        label=_("约定的公开事实（可不填）"),
        required=False,
        max_length=200,
        help_text=_(
            "尚未发生、谁也不能左右的公开事实，如“2026-11-26 双色球第2026136期开奖号码”；不填则只用抽取时的审计链头。"
        ),
    )


class DrawForm(forms.Form):
    public_value = forms.CharField(label=_("公开事实的取值"), required=False, max_length=200)


class ExcuseForm(forms.Form):
    reason = forms.CharField(label=_("回避或请假原因"), max_length=200)


class InviteForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=_("成员单位"), queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )


class VisitAddForm(forms.Form):
    item = forms.CharField(label=_("增加查看内容"), max_length=200)


class VisitForm(forms.Form):
    finding = forms.CharField(label=_("现场情况"), widget=AREA, max_length=4000)
    consistent = forms.TypedChoiceField(
        label=_("与申请材料"),
        choices=[("yes", _("一致")), ("no", _("不一致"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    visited_on = forms.DateField(label=_("查看日期"), widget=DATE)


class ConcludeForm(forms.Form):
    opinion = forms.CharField(
        label=_("评估意见"),
        widget=AREA,
        max_length=4000,
        help_text=_("写入评估报告，评估结束后建设主体可见。"),
    )
    reason = forms.CharField(
        label=_("不合格理由"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DeclareForm(forms.Form):
    note = forms.CharField(label=_("与哪个单位、何种关系"), required=False, max_length=200)


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("异议是否成立"),
        choices=[("no", _("不成立")), ("yes", _("成立"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=_("处理意见"),
        widget=AREA,
        max_length=4000,
        help_text=_("异议人凭回执号可见，请勿写入他人个人信息。"),
    )


class AwardForm(forms.Form):
    decision_number = forms.CharField(
        label=_("决定文号"),
        required=False,
        max_length=60,
        help_text=_("如 晋科发〔2026〕8号；未编号可留空。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
