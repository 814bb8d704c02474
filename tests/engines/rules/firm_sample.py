"""A small rule file about firms with values, scores and a benefit, to be filled in piece by piece."""

from __future__ import annotations

from datetime import date
from textwrap import dedent, indent

from jinchuanggu.engines.rules import Facts, Refused, Result, RuleSet, Worth, evaluate, facts_of, load_text

ON = date(2026, 6, 30)
"""The day of judgement in the tests; the data year is 2025."""

INPUTS = """\
born: {type: date, title: {zh: 成立, en: Born}}
until: {type: date, title: {zh: 有效期至, en: Until}}
revenue: {type: series, unit: cny, title: {zh: 收入, en: Revenue}}
rd: {type: series, unit: cny, title: {zh: 研发, en: RD}}
turnover_wan: {type: series, unit: wan_cny, title: {zh: 成交, en: Turnover}}
assets: {type: number, unit: cny, title: {zh: 资产, en: Assets}}
debts: {type: number, unit: cny, title: {zh: 负债, en: Debts}}
wan: {type: number, unit: wan_cny, title: {zh: 万元数, en: Wan}}
usd: {type: number, unit: usd, title: {zh: 美元, en: Dollars}}
area: {type: number, unit: m2, title: {zh: 面积, en: Area}}
rent: {type: number, unit: cny_m2_month, title: {zh: 租金, en: Rent}}
months: {type: number, unit: months, title: {zh: 月数, en: Months}}
staff: {type: number, unit: persons, title: {zh: 职工, en: Staff}}
tech: {type: number, unit: persons, title: {zh: 科技人员, en: Tech}}
share: {type: number, unit: percent, title: {zh: 占有率, en: Share}}
good: {type: boolean, title: {zh: 良好, en: Good}}
level: {type: code, title: {zh: 级别, en: Level}, options: {high: {zh: 高, en: High}, low: {zh: 低, en: Low}}}
place: {type: code, title: {zh: 地点, en: Place}}
patents: {type: list, title: {zh: 专利, en: Patents}}
judged: {type: expert, title: {zh: 评审, en: Judged}}
judged_b: {type: expert, title: {zh: 评审乙, en: Judged B}}
"""

FILE = """\
version: "1"
document:
  title: {{zh: 办法, en: Measures}}
  number: 示例〔2026〕1号
  chapter: 一
  issuer: {{zh: 示例, en: Example}}
  issued: 2020-01-01
authority: {{zh: 示例部门, en: Example office}}
effective_from: {start}
effective_to: {end}
confidence: searched
source: 示例
review: {{status: draft}}
{head}
inputs:
{inputs}
{values}
rule_sets:
  - id: firm_sample
    title: {{zh: 示例, en: Sample}}
    subject: firm
{scores}
    criteria:
{criteria}
{benefit}
    vectors:
{vectors}
"""

ANY = """\
- id: it
  title: {zh: 条件, en: It}
  clause: 第一条
  article: 不低于 以上 高于 不超过 低于 达到
  is_true: {input: good}
"""
VECTOR = "- {id: v0, given: {}, expect: {verdict: not_evidenced}}\n"


def firm_text(
    *,
    values: str = "",
    scores: str = "",
    criteria: str = ANY,
    benefit: str = "",
    vectors: str = VECTOR,
    head: str = "",
    inputs: str = "",
    start: str = "2020-01-01",
    end: str = "null",
) -> str:
    def block(key: str, text: str, margin: int) -> str:
        lines = " " * margin + f"{key}:\n" + indent(dedent(text), " " * (margin + 2))
        return lines if text else ""

    return FILE.format(
        head=head,
        inputs=indent(INPUTS + dedent(inputs), "  "),
        values=block("values", values, 0),
        scores=block("scores", scores, 4),
        criteria=indent(dedent(criteria), " " * 6),
        benefit=block("benefit", benefit, 4),
        vectors=indent(dedent(vectors), " " * 6),
        start=start,
        end=end,
    )


def firm_rules(**parts: str) -> RuleSet:
    """The one rule set of the file; its vectors are not run."""
    return load_text(firm_text(**parts), "firm.yaml", check_vectors=False)[0]


def criterion(test: str, name: str = "it") -> str:
    """A criterion with this test."""
    return ANY.replace("is_true: {input: good}", dedent(test).strip().replace("\n", "\n  ")).replace(
        "id: it", f"id: {name}"
    )


def facts(rules: RuleSet, **record: object) -> Facts:
    return facts_of(rules.inputs, record)


def judged(rules: RuleSet, on: date = ON, **record: object) -> Result:
    return evaluate(rules, facts(rules, **record), on)


def worth(value: str, on: date = ON, *, more: str = "", **record: object) -> Worth:
    """What one value ``it`` comes to; ``value`` is its unit and formula in YAML flow style."""
    title = "title: {zh: 值, en: Value}"
    lines = more + f"it: {{{title}, {value}}}\n"
    return judged(firm_rules(values=lines), on, **record).values["it"]


def problems(**parts: str) -> list[str]:
    """``code line`` of every problem of the file, in order."""
    try:
        load_text(firm_text(**parts), "firm.yaml")
    except Refused as refused:
        return [f"{found.code} {found.line}" for found in refused.problems]
    return []


def refused(**parts: str) -> Refused:
    try:
        load_text(firm_text(**parts), "firm.yaml")
    except Refused as caught:
        return caught
    raise AssertionError("the file was read")
