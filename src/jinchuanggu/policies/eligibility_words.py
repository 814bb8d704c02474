"""How judgements are said to a firm: sentences first, figures with units, who decides in earnest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jinchuanggu.engines.rules import Change, Result, RuleSet
from jinchuanggu.engines.rules.benefit import BenefitKind, Frequency
from jinchuanggu.engines.rules.model import InputType
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.foundation.ui import formats
from jinchuanggu.policies.eligibility import Group, Judged
from jinchuanggu.policies.eligibility_ladder import RUNG_SETS
from jinchuanggu.residents.inputs import anchor, read_inputs, split_key, title_of
from jinchuanggu.residents.parsing import is_title, unit_words

GROUPS = {
    Group.DIRECT: (gettext_lazy("可直接享受"), "met", "circle-check", gettext_lazy("符合条件，无须申请，由主管部门核对后兑现。")),
    Group.APPLY: (gettext_lazy("可申请"), "met", "send", gettext_lazy("按已填数据符合条件，需在申报期内申请。")),
    Group.NEAR: (gettext_lazy("差一点"), "attention", "stairs-up", gettext_lazy("改变一两项就能符合，下面写明最省力的做法。")),
    Group.UNKNOWN: (gettext_lazy("信息不足"), "quiet", "help-circle", gettext_lazy("缺的不是条件而是数据；补上就能判定。")),
    Group.NOT: (gettext_lazy("不适用"), "quiet", "circle-minus", gettext_lazy("按已填数据不符合，且不是改变一两项能做到的。")),
}  # fmt: skip
KINDS = {
    BenefitKind.GRANT: gettext_lazy("奖补"),
    BenefitKind.RELIEF: gettext_lazy("减免"),
    BenefitKind.FINANCE: gettext_lazy("融资"),
    BenefitKind.SERVICE: gettext_lazy("服务"),
    BenefitKind.TITLE: gettext_lazy("资质"),
}
FREQUENCIES = {
    Frequency.ONCE: gettext_lazy("一次性"),
    Frequency.YEARLY: gettext_lazy("每年一次"),
    Frequency.EACH: gettext_lazy("逐项"),
}


def say(text: Text | None) -> str:
    """The reader's language."""
    return "" if text is None else text.en if formats.english() else text.zh


def money(low: Decimal | None, high: Decimal | None) -> str:
    """`86 万元`, or `50 万元–86 万元` where the authority decides within a range."""
    if low is None or high is None:
        return ""
    if low == high:
        return str(formats.money(high))
    return f"{formats.money(low)}–{formats.money(high)}"


def group_words(one: Judged) -> str:
    """What a group is called for a measure; a title is met or not, and nobody speaks of applying it."""
    if one.rule_set.id in RUNG_SETS and one.group is Group.NOT:
        return _("尚不符合")
    if one.rule_set.id in RUNG_SETS and one.group in (Group.APPLY, Group.DIRECT):
        return _("符合条件，可申请认定")
    return str(GROUPS[one.group][0])


def amount_words(one: Judged) -> str:
    """The amount of a measure, what it would be where it is not due, or in words why there is none; a title has none."""
    amount = one.result.amount
    benefit = one.rule_set.benefit
    if amount is None or one.only_in or (benefit is not None and benefit.kind is BenefitKind.TITLE):
        return ""
    if not amount.known:
        return say(amount.text)
    worth = money(amount.low, amount.high)
    return _("达标后 %(amount)s") % {"amount": worth} if amount.due is False else worth


def change_words(change: Change | None, on: date) -> str:
    """The least change as advice: `把研发费用再增加 12.4 万元即可`; what belongs to a year that is over says when
    it can count."""
    if change is None:
        return ""
    # what is not known is asked for, not advised
    known = [step for step in change.steps if step.before is not None or _of_title(step)]
    if not known:
        return ""
    advice = _("%(changes)s即可") % {"changes": _("，并").join(_step_words(step) for step in known)}
    if len(known) < len(change.steps):
        advice += _("（另需补齐缺的数据）")
    if any(step.year is not None and step.year < on.year for step in known):
        advice += _("（%(past)d 年已结束：%(now)d 年度达到这一水平，%(next)d 年起可达标）") % {
            "past": on.year - 1, "now": on.year, "next": on.year + 1
        }  # fmt: skip
    return advice


def _of_title(step: Any) -> bool:
    """A certificate to obtain: advice also where it is known that there is none."""
    declared = read_inputs().get(step.input)
    return declared is not None and is_title(declared)


def _step_words(step: Any) -> str:
    declared = read_inputs().get(step.input)
    label = say(title_of(step.input if step.year is None else f"{step.input}@{step.year}"))
    if declared is not None and is_title(declared):
        return _("取得%(title)s") % {"title": label.removesuffix("有效期至").removesuffix(" valid until")}
    if declared is None or declared.type not in (InputType.NUMBER, InputType.SERIES):
        return _("使“%(label)s”为“%(after)s”") % {"label": label, "after": _plain(declared, step.after)}
    before, after = _decimal(step.before), _decimal(step.after)
    if before is None or after is None:
        return _("把%(label)s做到 %(after)s") % {"label": label, "after": _amount(declared.unit, after)}
    more = _("把%(label)s再增加 %(by)s") if after > before else _("把%(label)s再减少 %(by)s")
    return more % {"label": label, "by": _amount(declared.unit, abs(after - before))}


def _decimal(value: Any) -> Decimal | None:
    return None if value is None or isinstance(value, str | bool) else Decimal(str(formats.as_decimal(value)))


def _amount(unit: str | None, value: Decimal | None) -> str:
    return str(formats.quantity(value, unit))


def _plain(declared: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    option = declared.options.get(value) if declared is not None else None
    return say(option) if option is not None else str(value)


def answer(rung: str, following: str, short: int, unknown: int) -> str:
    """The first sentence of the page: what the firm is and what lies before the next rung."""
    if not following:
        return _("按已填数据预判：现在是“%(rung)s”，已在阶梯最高一级。") % {"rung": rung}
    gap = ngettext("还差 %(n)d 项", "还差 %(n)d 项", short) % {"n": short} if short else ""
    data = ngettext("%(n)d 项待补数据", "%(n)d 项待补数据", unknown) % {"n": unknown} if unknown else ""
    rest = _("、").join(part for part in (gap, data) if part) or _("条件已满足")
    return _("按已填数据预判：现在是“%(rung)s”；下一级“%(next)s”%(rest)s。") % {
        "rung": rung, "next": following, "rest": rest
    }  # fmt: skip


def gains(direct: int, apply: int, high: Decimal, unpriced: int) -> str:
    """The second sentence: what there is to have now."""
    if not direct and not apply:
        return _("按已填数据，现在还没有确定能享受的政策；补齐下列数据再看。")
    words = _("现在可直接享受 %(direct)d 项、可申请 %(apply)d 项") % {"direct": direct, "apply": apply}
    if high:
        words += _("，合计最多 %(high)s") % {"high": formats.money(high)}
    if unpriced:
        words += ngettext(
            "（另有 %(n)d 项金额待核，未计入）", "（另有 %(n)d 项金额待核，未计入）", unpriced
        ) % {"n": unpriced}
    return words + _("。")


def fact_line(key: str) -> dict[str, str]:
    """A missing fact as a link target: words, unit, the id of its field."""
    declared = read_inputs().get(split_key(key)[0])
    return {
        "key": key,
        "title": say(title_of(key)),
        "unit": unit_words(declared) if declared is not None else "",
        "anchor": anchor(key),
    }


def working(rule_set: RuleSet, result: Result) -> list[dict[str, str]]:
    """How the amount was computed: every named value it is made of, from the facts up, with its number."""
    benefit = rule_set.benefit
    if benefit is None:
        return []
    waiting, order = [name for name in (benefit.low, benefit.high) if name], []
    while waiting:
        name = waiting.pop()
        if name in order:
            order.remove(name)  # what a value is made of stands before it
        order.append(name)
        worth = result.values.get(name)
        if worth is not None:
            waiting.extend(worth.of)
    return [_worth_line(rule_set, result, name) for name in reversed(order)]


def _worth_line(rule_set: RuleSet, result: Result, name: str) -> dict[str, str]:
    worth = result.values.get(name)
    if worth is not None:
        shown = str(formats.quantity(worth.value, worth.unit)) if worth.value is not None else _("无法计算")
        return {"title": say(worth.title), "value": shown, "kind": "value"}
    declared = rule_set.inputs.get(name)
    title = say(declared.title) if declared is not None else name
    return {"title": title, "value": _given(declared, result.inputs.get(name)), "kind": "fact"}


def _given(declared: Any, value: Any) -> str:
    if value is None:
        return _("未填")
    unit = declared.unit if declared is not None else None
    if isinstance(value, dict):
        return _("；").join(
            f"{year}：{formats.quantity(amount, unit)}" for year, amount in sorted(value.items())
        )
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return _plain(declared, value)
    return str(formats.quantity(value, unit))
