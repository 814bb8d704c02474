"""The locked versions of a filing laid side by side, both values of what was restated."""

from __future__ import annotations

from typing import Any

from jinchuanggu.indicators.filings.words import decimal_of
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import words
from jinchuanggu.indicators.models import Filing


def versions_of(row: Filing) -> dict[str, Any]:
    """`columns` are the versions, `lines` a cell each with its value in every version, `said` the explanations,
    `changed` how many cells the last restatement changed.
    """
    form = form_of(row.form, row.form_version)
    columns = list(row.versions.all())
    lines: list[dict[str, Any]] = []
    for cell in form.typed:
        values = [decimal_of(one.cells.get(cell.key)) for one in columns]
        marked = [
            {"value": value, "changed": index > 0 and value != values[index - 1]}
            for index, value in enumerate(values)
        ]
        lines.append(
            {
                "label": cell.name, "unit": cell.unit_label, "values": marked,
                "changed": any(one["changed"] for one in marked), "last": bool(marked) and marked[-1]["changed"],
            }
        )  # fmt: skip
    checks = {check.id: words(check.title) for check in form.checks}
    named = dict.fromkeys(key for one in columns for key in one.explanations)
    said = [
        {
            "label": checks.get(key.split(":")[0], key),
            "values": [one.explanations.get(key, "") for one in columns],
        }
        for key in named
    ]
    return {"columns": columns, "lines": lines, "said": said, "changed": sum(line["last"] for line in lines)}
