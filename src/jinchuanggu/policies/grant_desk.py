"""What grants put into the navigation, on the workbench, into the search and into the history's words."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.foundation.workbench.registry import Figure, Hit, figures, searcher
from jinchuanggu.policies.access_grants import READERS, decided_by, visible_applications, visible_grants
from jinchuanggu.policies.grant_words import state_words, title_of

add("policy", _("政策兑现"), "report-money", "grants", set(READERS), order=30)
add(
    "policy", _("预算执行"), "chart-bar", "grant_budgets",
    {Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE, Role.AUDITOR}, order=31,
)  # fmt: skip

verbs.register(
    {
        "grant.opened": {"zh": "登记政策申请", "en": "Application opened"},
        "grant.saved": {"zh": "保存政策申请", "en": "Application saved"},
        "grant.recomputed": {"zh": "重新核算", "en": "Computed again"},
        "grant.made": {"zh": "作出兑现决定", "en": "Grant decided"},
        "grant.released": {"zh": "不再拨付余款", "en": "Rest released"},
        "payment.booked": {"zh": "登记拨付", "en": "Payment registered"},
        "recovery.ordered": {"zh": "决定追回", "en": "Recovery ordered"},
        "recovery.received": {"zh": "登记退回到账", "en": "Return registered"},
    }
)


@figures(Role.ENTERPRISE, order=30)
def firm_figures(actor: Actor) -> Iterable[Figure]:
    """What the firm has under way and what it received."""
    rows = visible_applications(actor)
    running = rows.filter(stage__in=("check", "decide")).count()
    received = visible_grants(actor).aggregate(sum=Sum("paid"))["sum"]
    url = reverse("grants")
    yield Figure(_("审核中的政策申请"), running, _("件"), url)
    if received:
        shown = money(received)
        yield Figure(_("已收到的政策资金"), shown.digits, shown.unit, url, tone="good")


@figures(Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE, order=30)
def payer_figures(actor: Actor) -> Iterable[Figure]:
    """What waits for a decision and what waits for money."""
    counts = decided_by(actor).aggregate(
        review=Count("pk", filter=Q(state="reviewing")),
        pay=Count("pk", filter=Q(state__in=("granted", "paying"))),
    )
    url = reverse("grants")
    if counts["review"] or counts["pay"]:
        yield Figure(_("待审核的政策申请"), counts["review"], _("件"), f"{url}?state=reviewing")
        yield Figure(_("待拨付的政策资金"), counts["pay"], _("件"), f"{url}?state=granted")


@searcher("grants", _("政策兑现"), *READERS, order=40)
def search_grants(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Applications by firm, measure or number of the decision."""
    match = (
        Q(organisation__name__icontains=text) | Q(title_zh__icontains=text) | Q(title_en__icontains=text)
        | Q(grant__number__iexact=text)
    )  # fmt: skip
    rows = visible_applications(actor).filter(match).select_related("organisation")
    for row in rows.order_by(F("applied_on").desc(nulls_last=True), "-pk")[:limit]:
        yield Hit(
            f"{row.organisation.name} · {title_of(row)}", row.get_absolute_url(), note=state_words(row.state),
            icon="report-money", simulated=row.origin == "simulated",
        )  # fmt: skip
