"""The demo accounts: one for every hat, each with one sentence on what to try."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.roles import Role


@dataclass(frozen=True)
class DemoAccount:
    """`username` is what `/demo/enter/` takes; `icon` is a Tabler icon name."""

    username: str
    role: Role
    icon: str
    tries: str | Promise


ACCOUNTS = (
    DemoAccount("office", Role.PROVINCIAL_OFFICE, "building-bank", _("受理方案、征求意见、组织评估、授牌")),
    DemoAccount(
        "policy", Role.PROVINCIAL_OFFICE, "file-code", _("审核他人起草的规则并发布，补全“待核”的措施")
    ),
    DemoAccount("government", Role.PROVINCIAL_GOVERNMENT, "gavel", _("审定认定意见")),
    DemoAccount("member", Role.MEMBER_UNIT, "message-2", _("在期限前反馈一份方案的意见")),
    DemoAccount("city", Role.CITY_OFFICE, "map-pin", _("编制方案、组织论证、推进建设、申请认定")),
    DemoAccount("citygov", Role.CITY_GOVERNMENT, "send", _("行文报送建设方案")),
    DemoAccount(
        "operator", Role.OPERATOR, "building-community", _("管理入驻单位、空间与年度营业收入，用 Excel 导入")
    ),
    DemoAccount(
        "operator-run",
        Role.OPERATOR,
        "report-analytics",
        _("模拟运行：各月报送，核对企业月报，看何时满足条件"),
    ),
    DemoAccount("city-run", Role.CITY_OFFICE, "checklist", _("模拟运行：审核并锁定各谷报送，撰写年度报告")),
    DemoAccount("enterprise", Role.ENTERPRISE, "building-factory-2", _("查看本企业记录，报送年度营业收入")),
    DemoAccount("university", Role.UNIVERSITY, "school", _("查看共建的晋创谷")),
    DemoAccount("expert", Role.EXPERT, "clipboard-check", _("论证意见与评分表，只见分配给自己的事项")),
    DemoAccount("auditor", Role.AUDITOR, "shield-check", _("查阅审计链并核验封印")),
    DemoAccount("admin", Role.ADMIN, "settings", _("管理账号与任职")),
)
