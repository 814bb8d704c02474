"""A small sound rule file, to be broken one line at a time, and a short way to evaluate a single test."""

from __future__ import annotations

from textwrap import dedent, indent

from jinchuanggu.engines.rules import Finding, RuleSet, load_text
from jinchuanggu.engines.rules.evaluate import evaluate

INPUTS = """\
area: {type: number, unit: m2, title: {zh: 面积, en: Area}}
plot: {type: number, unit: mu, title: {zh: 用地, en: Plot}}
money: {type: number, unit: cny, title: {zh: 收入, en: Revenue}}
cost: {type: number, unit: wan_cny, title: {zh: 成本, en: Cost}}
people: {type: number, unit: persons, title: {zh: 人数, en: People}}
turnover: {type: series, unit: cny, title: {zh: 交易额, en: Turnover}}
things: {type: list, title: {zh: 事项, en: Things}}
flag: {type: boolean, title: {zh: 是否, en: Whether}}
code: {type: code, title: {zh: 代码, en: Code}}
view: {type: expert, title: {zh: 评判, en: View}}
"""

BASE = """\
version: "1"
document:
  title: {{zh: 文件, en: Document}}
  number: 示例〔2024〕1号
  chapter: 一
  issuer: {{zh: 示例, en: Example}}
  issued: 2024-01-01
authority: {{zh: 示例部门, en: Example office}}
effective_from: 2024-01-01
effective_to: {end}
confidence: searched
source: 示例
review: {{status: draft}}
inputs:
{inputs}
rule_sets:
  - id: {name}
    title: {{zh: 示例条件, en: Example}}
    subject: example
    criteria:
{criteria}
    vectors:
{vectors}
"""

AREA = """\
- id: area
  title: {zh: 面积, en: Area}
  clause: X1
  article: 面积不小于100平方米，收入1万元以上，人数不超过20人，成本低于90%，持续增长，至少两项
  threshold: {input: area, operator: ">=", value: 100, unit: m2, wording: 不小于}
"""

VECTOR = """\
- {id: v1, given: {area: 100}, expect: {criteria: {area: met}}}
"""


def rule_text(
    criteria: str = AREA,
    vectors: str = VECTOR,
    *,
    inputs: str = INPUTS,
    name: str = "sample",
    end: str = "null",
) -> str:
    return BASE.format(
        criteria=indent(dedent(criteria), " " * 6),
        vectors=indent(dedent(vectors), " " * 6),
        inputs=indent(dedent(inputs), "  "),
        name=name,
        end=end,
    )


ARTICLE = "不小于 以上 不超过 低于 超过 增长 持续增长 至少"


def rules_for(test: str, *, more: str = "") -> RuleSet:
    """A rule set with one criterion ``it`` of the given test (YAML), and more criteria before it."""
    criteria = dedent(more) + (
        f"- id: it\n  title: {{zh: 甲, en: It}}\n  clause: X1\n  article: {ARTICLE}\n"
        + indent(dedent(test), "  ")
    )
    vectors = "- {id: v0, given: {}, expect: {criteria: {it: not_evidenced}}}\n"
    return load_text(rule_text(criteria, vectors), "sample.yaml")[0]


def judged(test: str, given: str, *, on: str = "2025-06-30", more: str = "") -> Finding:
    """The finding of one test on facts written as a vector writes them."""
    rules = rules_for(test, more=more)
    text = rule_text(
        AREA, f"- {{id: v1, on: {on}, given: {given}, expect: {{criteria: {{area: not_evidenced}}}}}}\n"
    )
    vector = load_text(text, "facts.yaml", check_vectors=False)[0].vectors[0]
    return evaluate(rules, vector.given, vector.on).finding("it")
