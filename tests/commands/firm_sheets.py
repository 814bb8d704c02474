"""Sheets of made-up firms, as a city office might keep them; the same seed gives the same sheet."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

HEADS = (
    "企业名称", "统一社会信用代码", "所在市", "领域", "成立日期", "是否居民企业", "职工总数（人）", "科技人员", "研发人员",
    "营业收入（万元）2025", "营业收入（万元）2024", "营业收入（万元）2023", "营业收入（万元）2022",
    "研发费用(万元)_2025", "研发费用(万元)_2024", "研发费用(万元)_2023", "资产总额（万元）", "负债总额（万元）",
    "成本费用支出总额（万元）", "高新技术产品（服务）收入（万元）", "收入总额（万元）", "有效Ⅰ类知识产权（件）", "有效Ⅱ类知识产权（件）",
    "净资产2025（万元）", "净资产2024（万元）", "净资产2023（万元）", "no_serious_incident", "no_serious_dishonesty",
    "products_unrestricted", "研发机构级别", "从事特定细分市场年限（年）", "主导产品细分市场占有率（%）", "已入驻晋创谷", "备注",
)  # fmt: skip
CITIES = ("太原市", "大同市", "阳泉市", "长治市", "晋城市", "朔州市", "晋中市", "运城市")
FIELDS = ("新材料", "数字经济", "高端装备", "生物医药", "新能源")


def rows(count: int, seed: int = 7) -> Iterator[list[Any]]:
    draw = random.Random(seed)

    def maybe(value: Any, share: float = 0.05) -> Any:
        return None if draw.random() < share else value

    for number in range(1, count + 1):
        staff = int(draw.lognormvariate(3.6, 1.1)) + 1
        revenue = round(draw.lognormvariate(6.5, 1.4), 2)
        growth = [1, *(draw.uniform(0.7, 1.2) for _ in range(3))]
        series = [round(revenue * growth[0] * growth[1] ** back, 2) for back in range(4)]
        rate = draw.uniform(0, 0.12)
        net = round(revenue * draw.uniform(-0.1, 1.2), 2)
        yield [
            f"示例企业{number:06d}", f"SIM{number:015d}", draw.choice(CITIES), draw.choice(FIELDS),
            datetime(draw.randint(1998, 2025), draw.randint(1, 12), draw.randint(1, 28)), "是",
            staff, maybe(int(staff * draw.uniform(0, 0.6))), maybe(int(staff * draw.uniform(0, 0.3))),
            *series, *(maybe(round(one * rate, 2)) for one in series[:3]), round(revenue * 1.4, 2),
            maybe(round(revenue * draw.uniform(0.1, 1.2), 2)), round(revenue * 0.9, 2),
            maybe(round(revenue * draw.uniform(0.2, 1), 2), 0.2), revenue, draw.choice((0, 0, 0, 1, 2, 6)), draw.randint(0, 12),
            net, round(net * 0.9, 2), round(net * 0.8, 2), maybe("是"), maybe("是"), maybe("是"),
            draw.choice(("国家级", "省级", "市级", "未建", "", "")), draw.randint(0, 15), round(draw.uniform(0, 40), 1),
            draw.choice(("是", "否", "")), "",
        ]  # fmt: skip


def workbook(path: Path, count: int, seed: int = 7, heads: tuple[str, ...] = HEADS) -> Path:
    """An .xlsx of so many firms, written in constant memory."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("企业")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head)
    for at, row in enumerate(rows(count, seed), start=1):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(at, column, value, day)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(at, column, value)
            elif value is not None:
                sheet.write_number(at, column, value)
    book.close()
    return path
