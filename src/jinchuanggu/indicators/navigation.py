"""What this room adds to the navigation beside filings and definitions."""

from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.guards import EVERY_ROLE
from jinchuanggu.foundation.navigation import add

add("cockpit", _("指标透视"), "table", "explore", EVERY_ROLE, order=30)
