"""Invented names of the run's firms, and credit codes of a division that doesn't exist."""

from __future__ import annotations

from jinchuanggu.demo.run.places import places
from jinchuanggu.foundation.codes import uscc

SUFFIX = {
    "新材料": "新材料有限公司", "高端装备": "装备制造有限公司", "数字经济": "数字科技有限公司", "智能传感": "传感技术有限公司",
    "生物医药": "生物医药有限公司", "新能源": "新能源科技有限公司", "节能环保": "环保科技有限公司", "工业软件": "软件有限公司",
    "检验检测": "检测技术有限公司",
}  # fmt: skip
"""What a firm of each field calls itself."""
FIRST = "珀砺霁沐栎岑苍澹琅砚翊烜炜燧煜晞飏溯濯滢沣芃苓葭蓁杞汀湉澂珩昀筠"
SECOND = "衡屿澍岫芷珂渝翎旻硕澈棠霖绪樾璟"
_PAIRS = [f"{one}{two}" for two in SECOND for one in FIRST if one != two]


def _city(valley: str) -> str:
    return next(row.city for row in places().valleys if row.key == valley)


def name_of(firm: int, valley: str, field: str, kind: str) -> str:
    """A name no other firm of the run has: the pair of characters repeats only with a third one behind it."""
    short = places().cities[_city(valley)].short
    turn = firm // len(_PAIRS)
    pair = _PAIRS[firm * 197 % len(_PAIRS)] + (SECOND[turn - 1] if turn else "")
    return f"{short}{pair}科创团队" if kind == "team" else f"{short}{pair}{SUFFIX[field]}"


def code_of(firm: int, valley: str) -> str:
    """The 18 characters of a firm, valid by their check digit."""
    return uscc.make("9", "1", places().cities[_city(valley)].uscc_region, f"MR{firm:06d}")
