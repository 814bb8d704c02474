"""Font families: the licensed face first, then what a free server has.

All substitutes set Chinese characters on a square em, so the 22 × 28 grid holds whichever is found.
"""

from __future__ import annotations

FANG = (
    "仿宋_GB2312",
    "仿宋",
    "FangSong_GB2312",
    "FangSong",
    "FandolFang",
    "FandolFang R",
    "Noto Serif CJK SC",
)
KAI = (
    "楷体_GB2312",
    "楷体",
    "KaiTi_GB2312",
    "KaiTi",
    "FandolKai",
    "AR PL UKai CN",
    "AR PL KaitiM GB",
    "Noto Serif CJK SC",
)
HEI = ("黑体", "SimHei", "FandolHei", "Noto Sans CJK SC")
XIAOBIAO = (
    "方正小标宋简体",
    "方正小标宋_GBK",
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "Noto Serif CJK SC",
    "FandolSong",
)
SONG = ("宋体", "SimSun", "NSimSun", "Noto Serif CJK SC", "FandolSong")

# What a Word file asks for: one name per role, the ones offices in China have.
WORD = {
    "fang": "仿宋_GB2312",
    "kai": "楷体_GB2312",
    "hei": "黑体",
    "xiaobiao": "方正小标宋简体",
    "song": "宋体",
}

_WANTED = "仿宋_GB2312、楷体_GB2312、黑体、方正小标宋简体、宋体"


def stack(families: tuple[str, ...]) -> str:
    """A CSS font-family value."""
    return ", ".join(f'"{name}"' for name in families) + ", serif"


def font_note(used: tuple[str, ...] = ()) -> str:
    """The note for the file properties: faces the standard names, and the substitutes in this file."""
    note = f"版式依据GB/T 9704-2012；标准字体：{_WANTED}"
    if used:
        return f"{note}；本文件实际嵌入：{'、'.join(used)}"
    return f"{note}；缺字体时代以：FandolFang、FandolKai、FandolHei、Noto Serif CJK SC、Noto Sans CJK SC"
