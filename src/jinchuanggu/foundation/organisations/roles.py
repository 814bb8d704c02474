"""The hats one may wear. A hat is held in one organisation; what it may see follows from both."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    PROVINCIAL_OFFICE = "provincial_office", _("省级专班办公室")
    PROVINCIAL_GOVERNMENT = "provincial_government", _("省政府")
    MEMBER_UNIT = "member_unit", _("成员单位")
    CITY_OFFICE = "city_office", _("市科技局")
    CITY_GOVERNMENT = "city_government", _("市政府")
    OPERATOR = "operator", _("运营团队")
    ENTERPRISE = "enterprise", _("企业与团队")
    UNIVERSITY = "university", _("高校院所")
    EXPERT = "expert", _("专家")
    AUDITOR = "auditor", _("审计员")
    ADMIN = "admin", _("系统管理员")


PROVINCE_WIDE = frozenset({Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.AUDITOR, Role.ADMIN})
"""Hats that see every record of the province (what they may do is another matter)."""

CITY_WIDE = frozenset({Role.CITY_OFFICE, Role.CITY_GOVERNMENT})
"""Hats that see what belongs to their own city or zone."""
