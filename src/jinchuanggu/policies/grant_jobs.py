"""Long work of grants: offering an automatic measure to every firm that meets it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.jobs.progress import Progress
from jinchuanggu.foundation.jobs.registry import work
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.policies.actions.grants import propose
from jinchuanggu.policies.grant_terms import settings, terms_shown


def candidates(actor: Actor, rule_set: str) -> list[int]:
    """Ids of the firms of the payer's area that could be offered the measure, the longest known first."""
    terms = terms_shown(rule_set, timezone.localdate())
    if terms is None:
        return []
    firms = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE)
    if not terms.provincial:
        region = terms.region.pk if terms.region is not None else actor.region_id
        firms = firms.filter(region_id=region) | firms.filter(region__parent_id=region)
    return list(firms.order_by("pk").values_list("pk", flat=True)[: settings()["proposals_per_run"]])


@work("policies.propose")
def propose_to_all(actor: Actor, progress: Progress, rule_set: str) -> dict[str, Any]:
    """Each firm is a transaction of its own: stopped in the middle, what was offered stands and nothing is half."""
    ids = candidates(actor, rule_set)
    progress.expect(len(ids))
    offered = 0
    for pk in ids:
        offered += propose(pk, rule_set) is not None
        progress.step()
    return {
        "text": {
            "zh": f"核对 {len(ids)} 家企业，向 {offered} 家推送了免申即享",
            "en": f"{len(ids)} firms looked at, {offered} were offered the measure without application",
        },
        "offered": offered,
    }
