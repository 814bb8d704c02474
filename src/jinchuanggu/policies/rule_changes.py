"""What changed between two versions of a rule set: thresholds before and after, conditions come and gone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines import rules as engine
from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.model import Joined
from jinchuanggu.engines.rules.sureness import how_sure, reviewed, sure_of
from jinchuanggu.engines.rules.units import decimal_of, quantity
from jinchuanggu.policies.rule_view import asks, gives, lang


def changes(before: RuleSet, after: RuleSet) -> list[dict[str, Any]]:
    """Rows for components/diff.html; only what differs. Numbers first, then conditions, then texts."""
    return [*_numbers(before, after), *_conditions(before, after), *_head(before, after)]


def _row(label: str, old: str, new: str, *, text: bool = False) -> dict[str, Any]:
    return {
        "label": label,
        "old": old or None,
        "new": new or None,
        "changed": True,
        "text": text and bool(old and new),
    }


def _numbers(before: RuleSet, after: RuleSet) -> list[dict[str, Any]]:
    """Every number of the two, matched by the key of its knob."""
    old, new = ({knob.key: knob for knob in engine.knobs(rules)} for rules in (before, after))
    rows = []
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key), new.get(key)
        shown = [_shown(one.value, one.unit) if one else "" for one in (a, b)]
        if shown[0] != shown[1]:
            title = (b or a).title.get(lang())  # type: ignore[union-attr]
            rows.append(_row(title, *shown))
    return rows


def _shown(value: Any, unit: str | None) -> str:
    number = value if isinstance(value, Decimal) else decimal_of(value)
    return str(quantity(number, unit).get(lang()))


def _conditions(before: RuleSet, after: RuleSet) -> list[dict[str, Any]]:
    """Conditions that came, went, or ask something else by their words (numbers are told above)."""
    old, new = ({criterion.id: criterion for criterion in rules.walk()} for rules in (before, after))
    rows = []
    told: set[tuple[str, str]] = set()  # conditions inside one another share an article; it is told once
    head = (before.confidence, after.confidence)
    for name in dict.fromkeys((*old, *new)):
        a, b = old.get(name), new.get(name)
        if a is None and b is not None:
            rows.append(
                _row(_("新增条件：%(title)s") % {"title": b.title.get(lang())}, "", asks(after, b.test))
            )
        elif b is None and a is not None:
            rows.append(
                _row(_("取消条件：%(title)s") % {"title": a.title.get(lang())}, asks(before, a.test), "")
            )
        elif a is not None and b is not None:
            title = b.title.get(lang())
            if type(a.test) is not type(b.test) and not isinstance(b.test, Joined):
                rows.append(_row(title, asks(before, a.test), asks(after, b.test)))
            if a.article != b.article and (a.article, b.article) not in told:
                told.add((a.article, b.article))
                rows.append(_row(_("%(title)s · 条文") % {"title": title}, a.article, b.article, text=True))
            if a.confidence != b.confidence and (a.confidence, b.confidence) != head:
                rows.append(
                    _row(
                        _("%(title)s · 核实程度") % {"title": title},
                        *(
                            sure_of(one.confidence, reviewed=reviewed(rules)).words.get(lang())
                            for one, rules in ((a, before), (b, after))
                        ),
                    )
                )
    return rows


def _head(before: RuleSet, after: RuleSet) -> list[dict[str, Any]]:
    pairs = (
        (_("名称"), before.title.get(lang()), after.title.get(lang())),
        (_("给谁什么"), gives(before), gives(after)),
        (_("文号"), before.document.number, after.document.number),
        (_("核实程度"), *(how_sure(rules).words.get(lang()) for rules in (before, after))),
        (_("依据来源"), before.source, after.source),
        (_("生效日"), before.effective_from.isoformat(), after.effective_from.isoformat()),
        (
            _("失效日"),
            before.effective_to.isoformat() if before.effective_to else "",
            after.effective_to.isoformat() if after.effective_to else "",
        ),
    )
    return [_row(label, old, new, text=True) for label, old, new in pairs if old != new]
