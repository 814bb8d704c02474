"""Forms of applying, deciding, paying and recovering. They read; what is allowed the actions say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.documents.kinds import ACCEPT_ATTRIBUTE
from jinchuanggu.policies.grant_terms import Terms

MOST = Decimal("9999999999999.99")


def _date(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


def _yuan(label: Any, **options: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, max_value=MOST, min_value=Decimal("0.01"), decimal_places=2, widget=widget, **options
    )


class ApplyForm(forms.Form):
    """What the firm types; fields that its measure does not ask for are left out."""

    event_on = _date(
        _("事项发生日"), required=False, help_text=_("合同登记、贷款发放等事项发生的日期，按这一天的规则核算")
    )
    event_ref = forms.CharField(
        label=_("事项编号"),
        max_length=120,
        required=False,
        help_text=_("合同登记号、贷款合同号等；同一事项只能申请一次"),
    )
    claimed = _yuan(_("申请金额（元）"), required=False)
    note = forms.CharField(
        label=_("补充说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    proof = forms.FileField(
        label=_("事项证明"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ACCEPT_ATTRIBUTE}),
        help_text=_("合同、登记证明、付款凭证等；系统已有的数据不用再交"),
    )  # fmt: skip
    paper = forms.FileField(
        label=_("其他材料"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT_ATTRIBUTE}),
    )
    committed = forms.BooleanField(
        label=_("我单位承诺：所填数据和材料真实，未重复享受同类支持；不实的愿退回资金并承担责任"),
        required=False,
    )

    def __init__(self, *args: Any, terms: Terms, ranged: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not terms.needs_event:
            del self.fields["event_on"], self.fields["event_ref"], self.fields["proof"]
        elif terms.benefit.frequency != "each":
            self.fields["event_ref"].help_text = _("可不填")
        if not ranged:
            del self.fields["claimed"]


class ConfirmForm(forms.Form):
    committed = forms.BooleanField(
        label=_("我单位确认以上数据真实，未重复享受同类支持，同意按核算金额享受"), required=False
    )


class DecideForm(forms.Form):
    amount = _yuan(_("兑现金额（元）"), required=False)
    opinion = forms.CharField(
        label=_("审核意见"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    issuing_number = forms.CharField(
        label=_("文号"), required=False, max_length=60,
        help_text=_("如 晋市科〔2026〕12号，可不填；将自动生成决定通知（Word 与 PDF）"),
    )  # fmt: skip


class SupplementForm(forms.Form):
    reason = forms.CharField(
        label=_("需要补正什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = _date(_("补正期限"), required=False, help_text=_("不填则为 10 个工作日"))


class PayForm(forms.Form):
    amount = _yuan(_("拨付金额（元）"))
    paid_on = _date(_("拨付日期"))
    reference = forms.CharField(label=_("拨付凭证号"), max_length=60)


class RecoverForm(forms.Form):
    amount = _yuan(_("追回金额（元）"), required=False, help_text=_("不填则全部追回"))
    due_on = _date(_("退回期限"), required=False, help_text=_("不填则为 30 个工作日"))
    reason = forms.CharField(label=_("追回理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReceiveForm(forms.Form):
    amount = _yuan(_("到账金额（元）"))
    received_on = _date(_("到账日期"))


class PaperForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("材料类别"), choices=[("event_proof", _("事项证明")), ("grant_paper", _("其他材料"))]
    )
    file = forms.FileField(
        label=_("文件"), widget=forms.ClearableFileInput(attrs={"accept": ACCEPT_ATTRIBUTE}),
        help_text=_("可接收 PDF、DOCX、XLSX、PNG、JPG、TXT、CSV，单个不超过 50 MB"),
    )  # fmt: skip
