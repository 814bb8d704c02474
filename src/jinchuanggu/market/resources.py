"""Technology contracts as a declared screen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Reference, Resource, Section
from jinchuanggu.foundation.resources.registry import register
from jinchuanggu.market import scopes
from jinchuanggu.market.models import AmountBasis, TechnologyContract
from jinchuanggu.residents.record_resources import not_ahead
from jinchuanggu.residents.resources import KEEPERS, READERS, _valley_initial
from jinchuanggu.residents.scopes import FIRM_VALLEY, firms


def _initial(actor: Actor) -> dict[str, Any]:
    return {**_valley_initial(actor), "basis": AmountBasis.COMPUTED}


def _checks(actor: Actor, contract: TechnologyContract) -> dict[str, str]:
    found = not_ahead(contract, "registered_on", "cancelled_on")
    if contract.other_cny and not contract.other_note.strip():
        found["other_note"] = str(_("写明其他非技术性费用是什么，如土地、厂房、工资、差旅"))
    return found


contracts = register(
    Resource(
        name="contracts",
        model=TechnologyContract,
        label=_("技术合同"),
        answers=_("登记了哪些技术合同，谁卖给谁，成交额多少、其中技术交易额多少。"),
        icon="file-certificate",
        group="market",
        order=20,
        scope=scopes.contracts,
        columns=(
            Column("number", sortable=True, format="code"),
            Column("title"),
            Column("kind"),
            Column("valley_id"),
            Column("seller"),
            Column("buyer_name"),
            Column("buyer_region", shown=False, format="code"),
            Column("direction", shown=False),
            Column("field"),
            Column("signed_on", shown=False, sortable=True),
            Column("registered_on", sortable=True),
            Column("turnover_cny", sortable=True, format="money", label=_("成交额")),
            Column("technology_cny", sortable=True, format="money", label=_("技术交易额")),
            Column("basis", shown=False),
            Column("equipment_cny", shown=False, format="money", label=_("购置设备、仪器、零部件")),
            Column("materials_cny", shown=False, format="money", label=_("购置原材料")),
            Column("other_cny", shown=False, format="money", label=_("其他非技术性费用")),
            Column("other_note", shown=False),
            Column("carrier_sets", shown=False),
            Column("cancelled_on", shown=False),
            Column("origin", shown=False),
        ),
        search=("number", "title", "seller__name", "buyer_name"),
        filters=(
            Filter("valley_id"),
            Filter("kind"),
            Filter("direction"),
            Filter("field"),
            Filter("registered_on"),
            Filter("turnover_cny"),
            Filter("cancelled_on", label=_("已注销"), filled=True),
            Filter("origin"),
        ),
        sections=(
            Section(
                _("合同"), ("number", "title", "kind", "field", "signed_on", "registered_on", "cancelled_on")
            ),
            Section(_("双方"), ("seller", "valley_id", "buyer_name", "buyer_region", "direction")),
            Section(
                _("金额"),
                (
                    "turnover_cny",
                    "basis",
                    "equipment_cny",
                    "materials_cny",
                    "other_cny",
                    "other_note",
                    "carrier_sets",
                    "technology_cny",
                    "origin",
                ),
            ),
        ),
        form=(
            "number",
            "title",
            "kind",
            "field",
            "signed_on",
            "registered_on",
            "cancelled_on",
            "seller",
            "valley_id",
            "buyer_name",
            "buyer_region",
            "direction",
            "turnover_cny",
            "basis",
            "equipment_cny",
            "materials_cny",
            "other_cny",
            "other_note",
            "carrier_sets",
            "technology_cny",
        ),
        references={
            "seller": Reference(firms, Organisation.objects.all, lookups=("name", "uscc"), body=True),
            "valley_id": FIRM_VALLEY,
        },
        labels={"seller__name": _("卖方")},
        help={
            "number": _("登记机构编的号，一份合同一个，不能重复"),
            "valley_id": _("卖方入驻的晋创谷；不属于任何谷的留空"),
            "turnover_cny": _("合同总金额，以元为单位，最多两位小数"),
            "basis": _("有扣除项的由系统按登记当日的规则算；只有登记证明的照证明填"),
            "equipment_cny": _("不含作为标的物载体的设备；没有的填 0"),
            "materials_cny": _("没有的填 0"),
            "other_cny": _("土地、厂房、工资、差旅等；没有的填 0"),
            "carrier_sets": _("随合同交付、体现技术本身的成套设备或样机数；没有的填 0"),
            "technology_cny": _("按扣除项计算时留空"),
            "cancelled_on": _("注销登记之日起不再计入成交额"),
        },
        tidy={"number": str.strip},
        messages={
            "contract_has_turnover": ("turnover_cny", _("合同成交额应大于 0")),
            "technology_within_turnover": ("technology_cny", _("技术交易额应在 0 与合同成交额之间")),
            "registered_after_signature": ("registered_on", _("登记日期不能早于签订日期")),
            "cancelled_after_registration": ("cancelled_on", _("注销日期不能早于登记日期")),
            "deductions_all_or_none": (
                "equipment_cny",
                _("三个扣除项要么都填（没有的填 0，不能为负），要么都不填"),
            ),
            "computed_from_deductions": ("basis", _("按扣除项计算的，三个扣除项都要填")),
        },
        checks=_checks,
        judge=scopes.judge,
        sums=("turnover_cny", "technology_cny"),
        derived=("technology_cny", "rule_version"),
        beside="market/_amount.html",
        initial=_initial,
        keys=(("number",),),
        sort="-registered_on",
        access=Access(view=READERS | {Role.ENTERPRISE}, add=KEEPERS, change=KEEPERS, imports=KEEPERS),
    )
)
