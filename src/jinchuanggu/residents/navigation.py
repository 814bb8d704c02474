"""What this room adds to the navigation and to the words of the history."""

from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role

READERS = PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR, Role.ENTERPRISE}
add("resident", _("企业情况"), "building-factory-2", "firm_profiles", READERS, order=15)
add("resident", _("空间出租情况"), "chart-pie", "occupancy", READERS - {Role.ENTERPRISE}, order=24)

verbs.register(
    {
        "firm.save": {"zh": "保存企业情况", "en": "Facts of a firm saved"},
        "firm.import": {"zh": "导入企业情况", "en": "Facts of firms imported"},
        "firm.upload": {"zh": "上传企业情况表", "en": "Workbook of firms uploaded"},
        "firm.appeal": {"zh": "提出异议", "en": "Rule or datum doubted"},
        "firm.answer": {"zh": "答复异议", "en": "Doubt answered"},
    }
)
