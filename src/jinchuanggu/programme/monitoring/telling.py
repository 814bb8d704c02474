"""What stands on top of a report's page, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.ui.formats import day
from jinchuanggu.foundation.ui.formats import number as digits
from jinchuanggu.programme.models import AnnualReport
from jinchuanggu.programme.monitoring.scheme import scheme_of
from jinchuanggu.programme.monitoring.view import word


def told(report: AnnualReport, before: AnnualReport | None, shown: dict[str, Any], today: date) -> str:
    """Filed or not and by when, then the result. `shown`: context of the page with its chapters."""
    words = [_filing(report, shown, today)]
    if report.score is not None:
        words.append(_result(report, before))
    if report.outcome:
        words.append(
            _("%(day)s 决定：%(outcome)s。")
            % {"day": day(report.decided_on), "outcome": report.get_outcome_display()}
        )
    return "".join(words)


def _filing(report: AnnualReport, shown: dict[str, Any], today: date) -> str:
    numbers: dict[str, Any] = {
        "done": shown["confirmed"], "all": len(shown["sections"]), "due": day(report.cycle.due_on),
        "left": (report.cycle.due_on - today).days, "over": (today - report.cycle.due_on).days,
    }  # fmt: skip
    if report.filed_at is not None:
        filed = timezone.localdate(report.filed_at)
        numbers |= {"filed": day(filed), "late": (filed - report.cycle.due_on).days}
        if report.late:
            return _("%(filed)s 报送，逾期 %(late)d 天（%(due)s 截止）。") % numbers
        return _("%(filed)s 按期报送。") % numbers
    if report.state == "discontinued":
        return _("已终止监测，不再报送。")
    if numbers["over"] > 0:
        return _("逾期未报，已过期 %(over)d 天（%(due)s 截止）；已核对 %(done)d / %(all)d 章。") % numbers
    if report.state == "ready":
        return _("%(all)d 章均已核对，待行文报送，还有 %(left)d 天截止（%(due)s）。") % numbers
    return _("已核对 %(done)d / %(all)d 章，还有 %(left)d 天截止（%(due)s）。") % numbers


def _result(report: AnnualReport, before: AnnualReport | None) -> str:
    found = scheme_of(report.cycle)
    level = next((one for one in found.levels if one.key == report.evaluation.get("level")), None)
    said = _("评价 %(score)s 分") % {"score": digits(report.score)}
    if level:
        said += _("（%(level)s）") % {"level": word(level.title)}
    said += _("，第 %(rank)d 名") % {"rank": report.rank} if report.rank else _("，数据不足，不参加排名")
    if before is not None and before.score is not None and report.score is not None:
        change = report.score - before.score
        said += _("，比上年 %(change)s 分") % {"change": f"{'+' if change > 0 else ''}{digits(change)}"}
    return said + _("。")
