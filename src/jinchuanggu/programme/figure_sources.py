"""Figures computed from the records of this room: people of the service bodies of a valley."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.computed.sources import Records, source
from jinchuanggu.programme.models import ServiceBody


@source("service_body_staff")
def _staff(period: Period) -> Records:
    return Records(
        ServiceBody.objects.all(),
        valley="valley_id",
        amount="staff",
        columns=(
            ("name", _("名称")),
            ("kind", _("类别")),
            ("qualifications", _("资质")),
        ),
        resource="service_bodies",
        undated=True,
    )
