"""Forms about a valley's basics, people, papers and figures. What is right is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.indicators.definitions.library import judged
from jinchuanggu.programme.actions.valley import (
    operator_choices,
    plan_is_writable,
    university_choices,
    zone_choices,
)
from jinchuanggu.programme.models import Valley, ValleyKind
from jinchuanggu.programme.models.valley import ServiceBodyKind
from jinchuanggu.programme.plan_data import plan_data


class Lines(forms.CharField):
    """One entry a line; also split at the marks people list things with."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = str(value or "").replace("、", "\n").replace("；", "\n").replace(";", "\n")
        return [line.strip() for line in text.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class NewValleyForm(forms.Form):
    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("格式为“晋创谷·××”，一经创建即作为全省唯一名称")
    )
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=_("平台类别"), choices=ValleyKind.choices, widget=forms.RadioSelect,
        help_text=_("区域综合类围绕本地产业；省域专业类聚焦一个领域、覆盖全产业链，不设筹备期。创建后不能更改。"),
    )  # fmt: skip
    key_fields = Lines(label=_("重点领域"), required=False, help_text=_("每行一个"))
    summary = forms.CharField(label=_("简介"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class BasicsForm(forms.Form):
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    summary = forms.CharField(label=_("简介"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    key_fields = Lines(label=_("重点领域"), required=False, help_text=_("每行一个"))
    whole_chain = forms.NullBooleanField(
        label=_("覆盖全产业链"),
        required=False,
        widget=forms.Select(choices=[("", _("尚未说明")), ("true", _("是")), ("false", _("否"))]),
    )
    zones = forms.ModelMultipleChoiceField(
        label=_("所在开发区、园区"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("须为属地省级以上开发区、园区"),
    )  # fmt: skip
    universities = forms.ModelMultipleChoiceField(
        label=_("共建高校、院所"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("至少一所，省内外均可"),
    )  # fmt: skip
    operator = forms.ModelChoiceField(
        label=_("第三方运营机构"), queryset=None, required=False, empty_label=_("尚未明确")
    )

    def __init__(self, valley: Valley, *args: Any, **options: Any) -> None:
        options.setdefault(
            "initial",
            {
                "name_en": valley.name_en,
                "summary": valley.summary,
                "key_fields": list(valley.key_fields or []),
                "whole_chain": valley.whole_chain,
                "zones": list(valley.zones.values_list("pk", flat=True)),
                "universities": list(valley.universities.values_list("pk", flat=True)),
                "operator": valley.operator_id,
            },
        )
        super().__init__(*args, **options)
        self.fields["zones"].queryset = zone_choices(valley)
        self.fields["universities"].queryset = university_choices(valley)
        self.fields["operator"].queryset = operator_choices(valley)
        if not plan_is_writable(valley):
            for name in ("key_fields", "whole_chain"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("方案已提交，此项以方案为准")
        if valley.kind != ValleyKind.SPECIALISED:
            del self.fields["whole_chain"]


class MemberForm(forms.Form):
    person_name = forms.CharField(label=_("姓名"), max_length=60)
    unit = forms.CharField(label=_("单位"), max_length=120)
    duty = forms.CharField(label=_("职责"), max_length=120)
    leader = forms.BooleanField(label=_("组长"), required=False)


class ServiceBodyForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=ServiceBodyKind.choices)
    name = forms.CharField(label=_("名称"), max_length=120)
    staff = forms.IntegerField(label=_("人员"), min_value=0, max_value=100_000, initial=0)
    qualifications = forms.CharField(label=_("资质"), max_length=200, required=False)


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("文件类别"))
    title = forms.CharField(label=_("标题"), max_length=200, required=False, help_text=_("不填则按类别命名"))
    issuing_number = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("如 晋政办发〔2024〕40号")
    )
    dated = forms.DateField(label=_("成文日期"), required=False, widget=forms.DateInput)
    file = forms.FileField(label=_("文件"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [
            (paper.kind, say(paper.title)) for paper in plan_data().papers if not paper.letter
        ]


class FigureForm(forms.Form):
    indicator = forms.ChoiceField(label=_("指标"))
    value = forms.DecimalField(label=_("数值"), min_value=0, max_digits=20, decimal_places=4)
    year = forms.IntegerField(
        label=_("所属年份"), required=False, min_value=2000, max_value=2100, help_text=_("年度指标必填")
    )
    dated = forms.DateField(label=_("数据日期"), widget=forms.DateInput)
    source_title = forms.CharField(label=_("来源"), max_length=300, help_text=_("文件、报表或网页的标题"))
    source_url = forms.URLField(label=_("来源地址"), max_length=500, required=False, assume_scheme="https")
    scope_note = forms.CharField(label=_("口径说明"), max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["indicator"].choices = [
            (key, f"{indicator.name}（{indicator.unit_label}）") for key, indicator in judged().items()
        ]
