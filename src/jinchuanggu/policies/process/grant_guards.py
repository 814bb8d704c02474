"""What stands in the way of applying and deciding; every refusal says why and where to mend it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.policies.grant_facts import compare, essence
from jinchuanggu.policies.grant_standing import allowed, budget_of, left_of, rivals, standing_of
from jinchuanggu.policies.grant_terms import Terms, city_of, is_elsewhere
from jinchuanggu.policies.grant_words import state_words
from jinchuanggu.policies.models import GrantApplication
from jinchuanggu.policies.process.subject import papers_of

SHOWN = 6


def _page(application: GrantApplication) -> str:
    return application.get_absolute_url() if application.pk else ""


def _profile(application: GrantApplication) -> str:
    try:
        return reverse("eligibility", args=[application.organisation_id])
    except NoReverseMatch:
        return ""


@guard
def measure_is_automatic(attempt: Attempt) -> Refusal | None:
    terms = standing_of(attempt.subject).terms
    if terms is not None and not terms.automatic:
        return Refusal(_("该措施需要申请，不适用免申即享"), "S2")
    return None


@guard
def measure_is_open(attempt: Attempt) -> list[Refusal] | None:
    """In force on the day that counts, paid out in money, and meant for firms of this place."""
    application: GrantApplication = attempt.subject
    standing = standing_of(application)
    if standing.shown is None:
        return [Refusal(_("没有找到这项措施的规则"), "S2")]
    found = closed(application, standing.shown, standing.on, in_force=standing.terms is not None)
    return [Refusal(words, "S2", _page(application)) for words in found] or None


def closed(application: GrantApplication, terms: Terms, on: Any, *, in_force: bool) -> list[str]:
    """Why the measure is not open to this firm on the day that counts; in words, all of it."""
    found: list[str] = []
    rules, today = terms.rule_set, timezone.localdate()
    if terms.by_event and application.event_on is None:
        found.append(_("请填写事项发生日：这项措施按事项发生日判断是否在有效期内"))
    elif application.event_on is not None and application.event_on > today:
        found.append(_("事项发生日不能晚于今天"))
    elif not in_force:
        found.append(
            _("%(what)s %(day)s 不在措施有效期内（%(from)s 至 %(to)s）")
            % {
                "what": _("事项发生日") if terms.by_event else _("申请日"),
                "day": on,
                "from": rules.effective_from,
                "to": rules.effective_to or _("长期"),
            }
        )
    if not terms.is_grant:
        found.append(_("该措施不是资金奖补，不在本系统申请拨付，请向兑现单位办理"))
    elif terms.policy is not None and terms.policy.repealed_on and on >= terms.policy.repealed_on:
        found.append(_("政策已于 %(day)s 废止") % {"day": terms.policy.repealed_on})
    if is_elsewhere(terms, application.organisation):
        place = {"region": terms.region, "city": city_of(application.organisation)}
        found.append(_("该措施只适用于%(region)s的企业，贵单位在%(city)s") % place)
    return found


@guard
def amount_is_known(attempt: Attempt) -> Refusal | None:
    """Where the document's figure was not found, nothing is computed and nothing can be applied for."""
    application: GrantApplication = attempt.subject
    standing = standing_of(application)
    terms, now = standing.terms, standing.now
    if terms is None or now is None:
        return None  # measure_is_open says so
    if terms.benefit.low is None:
        return Refusal(_("金额待核：尚未查到文件规定的数额，系统不推算，暂不能申请"), "S2")
    if now.low is None:
        return Refusal(_("计算金额所需的数据不全，请先补齐企业情况"), "S2", _profile(application))
    if not now.known:
        return Refusal(_("按现有数据核算的金额为 0 元"), "S2", _profile(application))
    return None


@guard
def conditions_are_met(attempt: Attempt) -> list[Refusal] | None:
    """Every condition met today; what is not evidenced is no pass."""
    application: GrantApplication = attempt.subject
    now = standing_of(application).now
    if now is None or now.met:
        return None
    return [Refusal(words, "S2", _profile(application)) for words in unmet(now.result)] or None


def unmet(result: dict[str, Any]) -> list[str]:
    """The conditions that are not met or not evidenced, in words; the first few and how many more."""
    words = {"not_met": _("条件不满足：%(title)s"), "not_evidenced": _("证据不足：%(title)s")}
    found = [
        words[c["status"]] % {"title": say(c["title"])} for c in result["criteria"] if c["status"] in words
    ]
    if not found:
        return [_("尚不能判定是否符合条件")]
    if len(found) > SHOWN:
        return [*found[:SHOWN], _("另有 %(n)s 项条件未满足") % {"n": len(found) - SHOWN}]
    return found


@guard
def facts_are_unchanged(attempt: Attempt) -> list[Refusal] | None:
    """What was shown and kept is still what the records say; a difference is said, not passed over."""
    application: GrantApplication = attempt.subject
    now = standing_of(application).now
    if now is None or not application.result or essence(application.result) == essence(now.result):
        return None
    rows = compare(application.result, now.result)
    return [
        Refusal(
            _("数据已变化，请重新核算：%(title)s") % {"title": say(row["title"])}, "S2", _page(application)
        )
        for row in rows[:SHOWN]
    ] or [Refusal(_("数据已变化，请重新核算"), "S2", _page(application))]


@guard
def claim_is_within(attempt: Attempt) -> Refusal | None:
    application: GrantApplication = attempt.subject
    now = standing_of(application).now
    if now is None or now.low is None or now.high is None:
        return None  # amount_is_known says so
    if application.claimed is None or not now.low <= application.claimed <= now.high:
        return Refusal(
            _("申请金额应在 %(low)s 至 %(high)s 之间") % {"low": money(now.low), "high": money(now.high)},
            "S2", _page(application),
        )  # fmt: skip
    return None


@guard
def amount_is_allowed(attempt: Attempt) -> Refusal | None:
    """Within what the rules compute after the step-down, the claim, and the common cap of its pool."""
    application: GrantApplication = attempt.subject
    bounds = allowed(application, standing_of(application))
    if bounds is None:
        return Refusal(_("没有可兑现的金额（同池上限已用完或金额未知）"), "S3", _page(application))
    amount = attempt.payload.get("amount")
    if amount is None or bounds[0] <= amount <= bounds[1]:
        return None
    if bounds[0] == bounds[1]:
        return Refusal(_("决定金额应为 %(amount)s") % {"amount": money(bounds[0])}, "S3", _page(application))
    return Refusal(
        _("决定金额应在 %(low)s 至 %(high)s 之间") % {"low": money(bounds[0]), "high": money(bounds[1])},
        "S3", _page(application),
    )  # fmt: skip


@guard
def no_other_of_the_group(attempt: Attempt) -> list[Refusal] | None:
    """就高不重复: one measure of a group, and none of those it excludes."""
    application: GrantApplication = attempt.subject
    terms = standing_of(application).terms
    if terms is None:
        return None
    period = application.period
    return [
        Refusal(
            _("同类支持“%(title)s”%(state)s%(amount)s，就高不重复，不能再享受本项")
            % {
                "title": other.title_zh,
                "state": state_words(other.state),
                "amount": f" {money(other.grant.amount)}" if hasattr(other, "grant") else "",
            },
            "S2",
            _page(other),
        )
        for other in rivals(application, terms, period)[:SHOWN]
    ] or None


def needed(attempt: Attempt) -> Decimal:
    """The amount a move would commit: the one named, else the least that could be granted."""
    if attempt.payload.get("amount") is not None:
        return Decimal(attempt.payload["amount"])
    bounds = allowed(attempt.subject, standing_of(attempt.subject))
    return bounds[0] if bounds else Decimal(0)


@guard
def budget_is_registered(attempt: Attempt) -> Refusal | None:
    year = timezone.localdate().year
    if budget_of(attempt.subject, year) is None:
        return Refusal(_("该政策 %(year)s 年度尚未登记预算，不能作出兑现决定") % {"year": year}, "S3")
    return None


@guard
def budget_is_left(attempt: Attempt) -> Refusal | None:
    """Where a budget is registered it must bear this; the decision checks again with the budget locked."""
    year = timezone.localdate().year
    budget = budget_of(attempt.subject, year)
    if budget is None:
        return None
    left = left_of(budget)
    if left <= 0 or needed(attempt) > left:
        return over_budget(year, left, needed(attempt))
    return None


def over_budget(year: int, left: Decimal, wanted: Decimal) -> Refusal:
    """The words for a budget that does not bear an amount."""
    return Refusal(
        _("超出预算：%(year)s 年度余额 %(left)s，本项需 %(wanted)s")
        % {"year": year, "left": money(left), "wanted": money(wanted)},
        "S3",
    )


@guard
def event_is_proved(attempt: Attempt) -> Refusal | None:
    application: GrantApplication = attempt.subject
    terms = standing_of(application).terms
    if terms is None or not terms.needs_event or "event_proof" in papers_of(application):
        return None
    return Refusal(_("请上传事项证明（合同、登记、凭证等）"), "S2", _page(application))


@guard
def commitment_is_given(attempt: Attempt) -> Refusal | None:
    """Asked in the form itself: before it is sent, nothing is missing."""
    if "committed" not in attempt.payload:
        return None
    if attempt.payload["committed"]:
        return None
    return Refusal(_("请勾选承诺：所填数据真实，未重复享受同类支持"), "S2", _page(attempt.subject))


@guard
def supplement_day_is_ahead(attempt: Attempt) -> Refusal | None:
    day = attempt.payload.get("due_on")
    if day is not None and day <= timezone.localdate():
        return Refusal(_("补正期限应晚于今天"))
    return None


@guard
def supplement_is_overdue(attempt: Attempt) -> Refusal | None:
    deadline = attempt.case.deadlines.filter(closed_at__isnull=True).order_by("due_on").first()
    if deadline is not None and timezone.localdate() > deadline.due_on:
        return None
    day = deadline.due_on if deadline else ""
    return Refusal(_("补正期限 %(day)s 尚未过，不能按逾期处理") % {"day": day})
