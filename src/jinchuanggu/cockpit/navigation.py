"""What this room adds to the navigation."""

from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role

add(
    "cockpit",
    _("驾驶舱"),
    "layout-dashboard",
    "cockpit",
    PROVINCE_WIDE | CITY_WIDE | {Role.MEMBER_UNIT, Role.OPERATOR, Role.ENTERPRISE},
    order=10,
)
