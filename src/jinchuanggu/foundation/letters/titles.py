"""Breaking a title into lines: words stay whole, lines are balanced, and “关于” likes to begin one."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from .geometry import SIZE_2_PT, TYPE_WIDTH_PT, width_in_chars

TITLE_CHARS = int(TYPE_WIDTH_PT // SIZE_2_PT)

# Never broken inside: quoted names, titles in book marks, numbers with their unit, names with a dot, and
# the words that titles of this programme are made of (longest first).
_WORDS = """
创新驱动平台 山西转型综改示范区 科学技术厅 省级工作专班 工作专班 人民政府 办公厅 办公室
晋创谷 建设 工作 方案 报送 征求 意见 评估 报告 认定 挂牌 决定 公示 公告 通知 复函
的函 请示 同意 先行 退回 修改 完善 印发 关于 情况 结果 年度 申请 审定 监测 考核
管理 办法 实施 意见的函 区域 综合类 专业类 省域 山西省 科技厅 市人民政府 有关 事项
材料 反馈 组织 开展 推进 支持 科技 成果 转化
""".split()  # noqa: SIM905 - a word list reads better as words
_ATOM = re.compile(
    r"《[^》]{1,12}》|“[^”]{1,12}”|[0-9A-Za-z.〔〕—-]+[年月日号家项%％]?|晋创谷[·•][^\s“”]{1,4}(?=建|创|的|认|评|先|$)|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r"|."
)
_NO_START = set("，。；：、？！）》”〕的和与及等")
_NO_END = set("（《“〔")


def title_lines(title: str, chars: int = TITLE_CHARS) -> list[str]:
    """Lines of a title, each at most ``chars`` wide; an explicit line break in the title is kept."""
    if "\n" in title:
        return [line.strip() for line in title.split("\n") if line.strip()]
    atoms = [match.group() for match in _ATOM.finditer(title.strip())]
    total = width_in_chars(title)
    if total <= chars:
        return ["".join(atoms)] if atoms else []
    count = -(-int(total) // chars)
    # One line more than the tightest fit gives the breaks room to fall between words.
    for lines in (count, count + 1, count + 2):
        best = _split(tuple(atoms), lines, chars, total / lines)
        if best is not None:
            return best
    return [title[i : i + chars] for i in range(0, len(title), chars)]


def _split(atoms: tuple[str, ...], lines: int, chars: int, ideal: float) -> list[str] | None:
    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]] | None:
        if left == 1:
            rest = width_in_chars("".join(atoms[start:]))
            return ((rest - ideal) ** 2, ()) if 0 < rest <= chars else None
        found: tuple[float, tuple[int, ...]] | None = None
        width = 0.0
        for cut in range(start + 1, len(atoms)):
            width += width_in_chars(atoms[cut - 1])
            if width > chars:
                break
            tail = best(cut, left - 1)
            if tail is None:
                continue
            cost = (width - ideal) ** 2 + _break_cost(atoms[cut - 1], atoms[cut]) + tail[0]
            if found is None or cost < found[0]:
                found = (cost, (cut, *tail[1]))
        return found

    result = best(0, lines)
    if result is None:
        return None
    edges = (0, *result[1], len(atoms))
    return ["".join(atoms[a:b]) for a, b in pairwise(edges)]


def _break_cost(before: str, after: str) -> float:
    if after[0] in _NO_START or before[-1] in _NO_END:
        return 400.0
    if after == "关于":
        return -40.0
    # Between two single characters the break probably falls inside a word nobody listed.
    return 60.0 if len(before) == 1 and len(after) == 1 else 0.0
