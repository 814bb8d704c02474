"""An outlook in words: the month, its interval, the error of the past - or why nothing can be said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jinchuanggu.engines.forecast import Error, Reach, Reason, Verdict
from jinchuanggu.engines.periods import Period


def words_of(reach: Reach) -> str:
    """One or two sentences."""
    if reach.verdict is Verdict.CANNOT_BE_SAID:
        return _("何时达到还不能判断：%(why)s") % {"why": why_not(reach.reason)}
    if reach.verdict is Verdict.REACHED:
        return _("%(month)s 的数据已达到，重新核验后更新结论") % {"month": reach.month}
    return _("%(when)s。%(error)s") % {"when": _when(reach), "error": error_words(reach.error)}


def why_not(reason: Reason | None) -> str:
    """Why nothing can be said."""
    return {
        Reason.NO_DATA: _("没有这项指标的逐月数据"),
        Reason.TOO_SHORT: _("逐月数据太短"),
        Reason.GAPS: _("逐月数据有缺月"),
        Reason.CONSTANT: _("各月数据没有变化，看不出走势"),
        Reason.NOT_FINITE: _("数据有误"),
    }.get(reason or Reason.NO_DATA, "")


def error_words(error: Error | None) -> str:
    """How far the method was out in the past."""
    if error is None:
        return ""
    if error.percent is None:
        return _("过去 %(months)s 个月回测：误差为沿用上年同期的 %(scaled)s 倍") % {
            "months": error.months, "scaled": f"{error.scaled or 0:.1f}",
        }  # fmt: skip
    return _("过去 %(months)s 个月回测平均误差 %(percent)s %%") % {
        "months": error.months, "percent": _rounded(error.percent),
    }  # fmt: skip


def model_words(reach: Reach) -> str:
    """Which method won the back-test."""
    if reach.model.startswith("ets"):
        return _("指数平滑（ETS）")
    return _("沿用上年同月") if reach.model == "seasonal_naive" else _("沿用上月")


def _when(reach: Reach) -> str:
    level = f"{reach.level * 100:.0f}"
    if reach.verdict is Verdict.NOT_WITHIN:
        found = _("按现在的走势，%(months)s 个月内达不到") % {"months": reach.horizon}
        early = _("；%(level)s%% 区间的上限在 %(month)s 达到") % {
            "level": level,
            "month": _month(reach.earliest),
        }
        return found + early if reach.earliest else found
    found = _("按现在的走势，预计 %(month)s 达到") % {"month": _month(reach.month)}
    if reach.latest is None:
        return found + _("（%(level)s%% 区间：最早 %(early)s，%(months)s 个月内也可能达不到）") % {
            "level": level, "early": _month(reach.earliest), "months": reach.horizon,
        }  # fmt: skip
    return found + _("（%(level)s%% 区间：%(early)s 至 %(late)s）") % {
        "level": level, "early": _month(reach.earliest), "late": _month(reach.latest),
    }  # fmt: skip


def _month(period: Period | None) -> str:
    return "" if period is None else str(period)


def _rounded(percent: float) -> str:
    return f"{percent:.1f}" if percent < 10 else f"{percent:.0f}"
