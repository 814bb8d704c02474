"""The assessment report: every condition with its evidence, the experts' scores, the conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ..model import Block, Heading, Letter, Paragraph, Table
from ..numbers import chinese_date
from .envelope import OFFICE, WORK_PLAN, Envelope, valley_name

Condition = tuple[str, str, str, str, str]
"""criterion, value, threshold, verdict (满足 / 不满足 / 证据不足), evidence"""
Score = tuple[str, Decimal | None, str]
"""expert (or code when blind), score, comment; None while the score is missing"""


def assessment_report(
    envelope: Envelope,
    *,
    valley: str,
    assessed_on: date,
    conditions: Sequence[Condition],
    scores: Sequence[Score],
    conclusion: str,
    problems: tuple[str, ...] = (),
    addressee: str = OFFICE,
    summary: str = "",
    expert_part: tuple[Block, ...] = (),
) -> Letter:
    """评估报告. The mean is over the scores that exist; what is missing is said, not counted as zero.

    ``summary`` says how the score came about where it isn't the plain mean; ``expert_part`` follows the scores.
    """
    name = valley_name(valley)
    body: list[Block] = [
        Paragraph(
            f"根据{WORK_PLAN}，{chinese_date(assessed_on)}，{envelope.we}组织对{name}创新驱动平台进行了评估。"
            "现将评估情况报告如下。"
        ),
        Heading(1, "建设条件核验情况"),
        Paragraph(_verdicts(conditions)),
        Table(
            ("建设条件", "核验值", "标准", "结论", "证据"),
            tuple(conditions),
            "建设条件核验表",
            (5, 3, 3, 2, 5),
        ),
        Heading(1, "专家评分情况"),
        Paragraph(summary or _mean(scores)),
    ]
    if scores:
        rows = tuple(
            (expert, "未评分" if score is None else f"{score}", comment) for expert, score, comment in scores
        )
        body.append(Table(("专家", "评分", "评审意见"), rows, "专家评分表", (2, 2, 8)))
    body += expert_part
    if problems:
        body.append(Heading(1, "存在问题"))
        body += [Heading(3, problem.rstrip("。；;") + "。") for problem in problems]
    body += [Heading(1, "评估结论"), Paragraph(conclusion.rstrip("。") + "。")]
    return Letter(
        **envelope.fields(),
        form="plain",
        title=f"{name}创新驱动平台评估报告",
        addressee=addressee,
        body=tuple(body),
    )


def _verdicts(conditions: Sequence[Condition]) -> str:
    counts = {
        verdict: sum(1 for row in conditions if row[3] == verdict)
        for verdict in ("满足", "不满足", "证据不足")
    }
    parts = "，".join(f"{verdict}{count}项" for verdict, count in counts.items())
    return (
        f"共核验建设条件{len(conditions)}项，其中{parts}。"
        "证据不足的条件既不视为满足，也不视为不满足，应补充证据后再核。"
    )


def _mean(scores: Sequence[Score]) -> str:
    given = [score for _, score, _ in scores if score is not None]
    if not given:
        return "专家评分尚未形成。"
    mean = (sum(given, Decimal()) / len(given)).quantize(Decimal("0.01"))
    missing = len(scores) - len(given)
    tail = f"，另有{missing}名专家未评分，不计入平均分" if missing else ""
    return f"{len(given)}名专家独立评分，平均分为{mean}分，最高{max(given)}分，最低{min(given)}分{tail}。"
