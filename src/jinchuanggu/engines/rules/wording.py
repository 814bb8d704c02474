"""Which words of an official text justify which comparison; 以上 and 以下 include the limit."""

from __future__ import annotations

from jinchuanggu.engines.rules.operators import Operator

WORDS: dict[str, Operator] = {
    word: operator
    for operator, words in {
        Operator.AT_LEAST: "不小于 不少于 不低于 以上 及以上 达到 达 至少 起 含",
        Operator.MORE: "超过 大于 高于 多于 增长 提高",
        Operator.AT_MOST: "不超过 不大于 不高于 不多于 以下 及以下 以内 至多 最多",
        Operator.LESS: "低于 小于 少于 不足 不满 未达到",
        Operator.EQUAL: "等于 某一个 一个 唯一 恰为",
    }.items()
    for word in words.split()
}


def justified(wording: str) -> Operator | None:
    """The comparison a wording stands for: that of the longest known word in it, so 不超过 beats 超过."""
    found = [word for word in WORDS if word in wording]
    return WORDS[max(found, key=len)] if found else None
