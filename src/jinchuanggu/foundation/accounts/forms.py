"""Forms of the administrators. Rules live in the actions; a form knows fields and their words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role


class OrganisationField(forms.CharField):
    """An organisation by its exact name, chosen from a list that the browser completes."""

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        found = list(Organisation.objects.filter(name=name.strip())[:2]) if name else []
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(
                _("有多个组织叫“%(name)s”，请先在组织库中加以区别"), params={"name": name}
            )
        raise forms.ValidationError(_("没有名为“%(name)s”的组织，请从列表中选择全称"), params={"name": name})


class HatForm(forms.Form):
    organisation = OrganisationField(label=_("组织"), max_length=120)
    role = forms.ChoiceField(label=_("身份"), choices=Role.choices)


class AccountForm(HatForm):
    field_order = ("name", "title", "username", "email", "organisation", "role")

    name = forms.CharField(label=_("姓名"), max_length=60)
    title = forms.CharField(label=_("职务职称"), max_length=80, required=False)
    username = forms.CharField(label=_("账号"), max_length=150, help_text=_("登录时使用，建立后不改"))
    email = forms.EmailField(label=_("电子邮箱"), help_text=_("接收通知，也用于找回密码"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)
