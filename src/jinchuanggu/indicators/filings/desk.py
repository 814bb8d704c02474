"""What filings put into the navigation, on the workbench, and into the history's words."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.workbench.registry import Figure, figures, quick_act
from jinchuanggu.indicators.filings.access import filings_for
from jinchuanggu.indicators.filings.batches import OPEN
from jinchuanggu.indicators.forms.library import forms

add(
    "report", _("数据报送"), "clipboard-list", "filings",
    {*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR, Role.ENTERPRISE}, order=10,
)  # fmt: skip
add(
    "report",
    _("完整性与及时性"),
    "layout-grid",
    "completeness",
    {*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR},
    order=11,
)

verbs.register(
    {
        "filing.remind": {"zh": "催报", "en": "Reminded of filings"},
    }
)

quick_act(_("填报数据"), "clipboard-list", "filings", Role.ENTERPRISE, order=20)
quick_act(_("看报送进度"), "layout-grid", "completeness", Role.OPERATOR, Role.CITY_OFFICE, order=25)


@figures(Role.ENTERPRISE, order=20)
def firm_figures(actor: Actor) -> Iterable[Figure]:
    """What the firm has to file, and what of it is late."""
    today = timezone.localdate()
    counts = filings_for(actor).aggregate(
        due=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=Q(submitted_at__isnull=True, due_on__lt=today)),
    )
    tone = "bad" if counts["late"] else "warn" if counts["due"] else "good"
    note = _("其中 %(n)d 张已逾期") % {"n": counts["late"]} if counts["late"] else ""
    yield Figure(_("要填的报表"), counts["due"], _("张"), reverse("filings"), note=note, tone=tone)


@figures(Role.OPERATOR, Role.CITY_OFFICE, order=20)
def checker_figures(actor: Actor) -> Iterable[Figure]:
    """What waits for this hat's check, and what is overdue in its valleys."""
    held = "checking" if actor.role == Role.OPERATOR else "reviewing"
    yield from _counted(actor, held, [key for key, form in forms().items() if form.level == "city"])


@figures(Role.PROVINCIAL_OFFICE, order=40)
def province_figures(actor: Actor) -> Iterable[Figure]:
    """City forms that wait for review; overdue filings of the whole province."""
    firms = [key for key, form in forms().items() if form.level != "city"]
    yield from _counted(actor, "reviewing", firms)


def _counted(actor: Actor, held: str, not_mine: list[str]) -> Iterable[Figure]:
    today, url = timezone.localdate(), reverse("filings")
    counts = filings_for(actor).aggregate(
        wait=Count("pk", filter=Q(state=held) & ~Q(form__in=not_mine)),
        late=Count("pk", filter=Q(submitted_at__isnull=True, due_on__lt=today)),
    )
    yield Figure(
        _("待审核的报表"),
        counts["wait"],
        _("张"),
        f"{url}?state={held}",
        tone="warn" if counts["wait"] else "",
    )
    late = reverse("completeness")
    yield Figure(_("逾期未报"), counts["late"], _("张"), late, tone="bad" if counts["late"] else "good")
