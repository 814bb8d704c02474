from __future__ import annotations

import pytest

from jinchuanggu.engines.rules.wording import justified


@pytest.mark.parametrize(
    ("words", "operator"),
    [
        ("不小于", ">="),
        ("达到3亿元以上", ">="),
        ("至少一所", ">="),
        ("不超过3个", "<="),
        ("超过", ">"),
        ("持续增长", ">"),
        ("50以下", "<="),
        ("低于", "<"),
        ("不低于", ">="),
        ("聚焦某一个领域", "=="),
        ("建设", None),
    ],
)
def test_words_stand_for_comparisons(words: str, operator: str | None) -> None:
    assert justified(words) == operator
