"""What this room adds to the navigation."""

from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import PUBLIC, SIGNED_IN
from jinchuanggu.foundation.access.guards import EVERY_ROLE
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role

EVERYONE = EVERY_ROLE | {SIGNED_IN, PUBLIC}

add("valley", _("布局图"), "map-2", "valley_map", EVERYONE, order=10)
add("valley", _("晋创谷名录"), "building-community", "valleys", EVERYONE, order=11)
add("valley", _("公开数据"), "news", "figures", PROVINCE_WIDE | CITY_WIDE, order=14)
add("record", _("条款台账"), "list-check", "clauses", EVERYONE, order=40)
add("record", _("建设程序"), "route", "process", EVERYONE, order=41)
add("desk", _("我的评分表"), "clipboard-check", "score_sheets", {Role.EXPERT}, order=20)
add(
    "valley",
    _("年度监测"),
    "calendar-check",
    "monitoring",
    PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR},
    order=20,
)
