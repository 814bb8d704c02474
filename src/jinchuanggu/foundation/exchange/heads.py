"""The head row of a sheet whose columns are known by name: each column once, none that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange.fields import IGNORED, bare, suggestion
from jinchuanggu.foundation.exchange.problems import Problem
from jinchuanggu.foundation.exchange.reading import Sheet


def take_heads(
    sheet: Sheet, values: Iterable[Any], first_column: int, known: Mapping[str, str], labels: list[str]
) -> None:
    """Fill `columns` and `heads` of a sheet from its head row; what is wrong goes to its problems.

    `known` maps a bare head to the column's key (`IGNORED`: passed over); `labels` are offered for an unknown one.
    """
    for at, value in enumerate(values, start=first_column):
        said = str(value).strip()
        key = known.get(bare(said)) if said else IGNORED
        if key is None:
            like = suggestion(said, labels)
            hint = _("是否为“%(like)s”？") % {"like": like} if like else ""
            message = _("没有这一列。%(hint)s列名见模板") % {"hint": hint}
            sheet.problems.append(Problem(sheet.name, sheet.head_row, said, said, message))
        elif key in sheet.heads:
            message = _("这一列出现了两次，请只留一列")
            sheet.problems.append(Problem(sheet.name, sheet.head_row, said, said, message))
        elif key != IGNORED:
            sheet.columns.append((at, key))
            sheet.heads[key] = said
