"""Workbooks of firms: which head means what, which cell is what, and what is said of those that are nothing."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jinchuanggu.commands.sheets import cells
from jinchuanggu.commands.sheets.batch import read
from jinchuanggu.commands.sheets.books import open_book
from jinchuanggu.commands.sheets.heads import Column, Heads, Use
from jinchuanggu.commands.sheets.mapping import read as read_mapping
from jinchuanggu.commands.sheets.problems import BadBook, Unfit, letter
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.problems import Refused
from jinchuanggu.engines.rules.texts import Text


def declared(name: str, kind: InputType, zh: str, unit: str | None = None, **options: Text) -> Input:
    return Input(name, kind, Text(zh, name.replace("_", " ")), unit, options=options)


INPUTS = {
    one.id: one
    for one in (
        declared("revenue_cny", InputType.SERIES, "营业（销售）收入", "cny"),
        declared("rd_expense_cny", InputType.SERIES, "研发费用", "cny"),
        declared("net_profit_cny", InputType.SERIES, "净利润（扣非前后孰低）", "cny"),
        declared("assets_cny", InputType.NUMBER, "资产总额", "cny"),
        declared("valuation_usd", InputType.NUMBER, "最近一轮融资后估值（美元，按当轮日期汇率）", "usd"),
        declared("staff_total", InputType.NUMBER, "职工总数", "persons"),
        declared("ip_class1", InputType.NUMBER, "有效Ⅰ类知识产权", "count"),
        declared("niche_share_percent", InputType.NUMBER, "主导产品细分市场占有率", "percent"),
        declared("listed", InputType.BOOLEAN, "已上市"),
        declared("registered_on", InputType.DATE, "注册成立日期"),
        declared("hnte_valid_until", InputType.DATE, "高新技术企业证书有效期至"),
        declared("city", InputType.CODE, "所在设区市", a=Text("太原市", "Taiyuan"), b=Text("大同市", "Datong")),
        declared("rd_body_level", InputType.CODE, "研发机构级别", national=Text("国家级", "National"), none=Text("未建", "None")),
    )
}  # fmt: skip
HEADS = Heads(INPUTS, 2025)


@pytest.mark.parametrize(
    ("words", "name", "year", "factor"),
    [
        ("revenue_cny", "revenue_cny", 2025, 1),
        ("revenue_cny@0", "revenue_cny", 2025, 1),
        ("revenue_cny@2", "revenue_cny", 2023, 1),
        ("revenue_cny_2024", "revenue_cny", 2024, 1),
        ("营业（销售）收入", "revenue_cny", 2025, 1),
        ("营业收入2024（万元）", "revenue_cny", 2024, 10_000),
        ("营业收入（万元）2024", "revenue_cny", 2024, 10_000),
        ("2024年营业收入(万元)", "revenue_cny", 2024, 10_000),
        ("研发费用(万元)_2025", "rd_expense_cny", 2025, 10_000),
        ("研发费用 2023 亿元", "rd_expense_cny", 2023, 100_000_000),
        ("研发费用万元", "rd_expense_cny", 2025, 10_000),
        ("研发费用（单位：千元）", "rd_expense_cny", 2025, 1_000),
        ("净利润（万元）", "net_profit_cny", 2025, 10_000),
        ("资产总额［元］", "assets_cny", None, 1),
        ("总资产（亿元）", "assets_cny", None, 100_000_000),
        ("最近一轮融资后估值（美元，按当轮日期汇率）", "valuation_usd", None, 1),
        ("职工总数（人）", "staff_total", None, 1),
        ("*职工总数", "staff_total", None, 1),
        ("Ⅰ类知识产权（件）", "ip_class1", None, 1),
        ("主导产品细分市场占有率（%）", "niche_share_percent", None, 1),
        ("成立日期", "registered_on", None, 1),
        ("staff total", "staff_total", None, 1),
    ],
)
def test_heads_are_recognised(words: str, name: str, year: int | None, factor: int) -> None:
    column = HEADS.recognise(0, words)
    assert (column.use, column.name, column.year, column.factor) == (Use.INPUT, name, year, Fraction(factor))


@pytest.mark.parametrize(
    ("words", "use", "said"),
    [
        ("职工总人数量表", Use.UNKNOWN, "不认识"),
        ("研发费佣", Use.UNKNOWN, "是不是“研发费用”"),
        ("研发费用（人）", Use.REFUSED, "单位“人”"),
        ("职工总数（万元）", Use.REFUSED, "单位“万元”"),
        ("估值（美元）（万元）", Use.REFUSED, "单位“万元”"),
        ("营业收入2027", Use.UNUSED, "晚于数据年度"),
        ("资产总额2024", Use.UNUSED, "只用 2025 年"),
    ],
)
def test_heads_that_mean_nothing_say_why(words: str, use: Use, said: str) -> None:
    column = HEADS.recognise(3, words)
    assert column.use is use
    assert column.note is not None
    assert said in column.note.zh
    assert column.letter == "D"


def test_labels_and_repetitions() -> None:
    found = HEADS.read(["企业名称", "统一社会信用代码", "", None, "研发费用", "研发费用（万元）2025", "领域"])
    assert [(one.at, one.use, one.name) for one in found] == [
        (0, Use.LABEL, "name"),
        (1, Use.LABEL, "uscc"),
        (4, Use.INPUT, "rd_expense_cny"),
        (5, Use.REFUSED, "rd_expense_cny"),
        (6, Use.LABEL, "field"),
    ]
    assert "重复" in found[3].note.zh  # type: ignore[union-attr]


def value(name: str, raw: Any, head: str = "") -> Any:
    column = HEADS.recognise(0, head or name)
    return cells.reader(column, INPUTS[name])(raw)


@pytest.mark.parametrize(
    ("name", "head", "raw", "expected"),
    [
        ("assets_cny", "资产总额（万元）", 1234.56, 12_345_600),
        ("assets_cny", "资产总额（万元）", 0.07, 700),
        ("assets_cny", "资产总额（万元）", "1,234.5", 12_345_000),
        ("assets_cny", "资产总额", "１２３", 123),
        ("assets_cny", "", "", None),
        ("assets_cny", "", "—", None),
        ("net_profit_cny", "", -5.5, -5.5),
        ("staff_total", "", 12.0, 12),
        ("listed", "", "是", True),
        ("listed", "", 0, False),
        ("listed", "", "不详", None),
        ("registered_on", "", datetime(2020, 5, 1), date(2020, 5, 1)),
        ("registered_on", "", "2020年5月1日", date(2020, 5, 1)),
        ("registered_on", "", 20200501, date(2020, 5, 1)),
        ("hnte_valid_until", "", "无", date.min),
        ("hnte_valid_until", "", "", None),
        ("hnte_valid_until", "", "2027-05-31", date(2027, 5, 31)),
        ("city", "", "太原", "a"),
        ("city", "", "大同市平城区", "b"),
        ("rd_body_level", "", "None", "none"),
        ("rd_body_level", "", "national", "national"),
    ],
)
def test_cells_become_values(name: str, head: str, raw: Any, expected: Any) -> None:
    found = value(name, raw, head)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("assets_cny", "约500万元", "如 500"),
        ("assets_cny", "很多", "应为数字"),
        ("assets_cny", True, "真假值"),
        ("assets_cny", float("inf"), "过大"),
        ("assets_cny", -1, "小于 0"),
        ("staff_total", 12.5, "整数"),
        ("listed", "也许", "是”或“否"),
        ("registered_on", "去年", "2026-01-31"),
        ("registered_on", 44000, "2020-06-18"),
        ("registered_on", "2021-02-30", "没有这一天"),
        ("rd_body_level", "国家极", "是不是“国家级”"),
    ],
)
def test_cells_that_do_not_fit_say_what_would(name: str, raw: Any, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        value(name, raw)
    assert said in refused.value.text.zh


def book(path: Path, rows: list[list[Any]], title: str = "企业") -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def test_rows_keep_their_numbers_and_bad_ones_are_told(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [
            ["某市企业情况统计表"],
            [],
            ["企业名称", "职工总数", "研发费用(万元)_2025", "研发费用(万元)_2024", "备注"],
            ["甲", 10, 1.5, 1, "x"],
            [],
            ["乙", "十人", "一百万", 2, ""],
            ["丙", None, 3, "", None],
        ],
    )
    (sheet,) = open_book(path, HEADS)
    assert sheet.head_row == 3
    ((numbers, rows),) = list(sheet.chunks(100))
    assert numbers == [4, 6, 7]
    batch = read(sheet, numbers, rows, INPUTS, 2025)
    assert batch.good == [0, 2]
    assert [(one.row, one.column, one.value) for one in batch.bad[1]] == [
        (6, "B", "十人"),
        (6, "C", "一百万"),
    ]
    assert batch.record(0) == {"staff_total": 10, "rd_expense_cny": {2025: 15_000, 2024: 10_000}}
    assert batch.record(2) == {"rd_expense_cny": {2025: 30_000}}
    assert batch.label("name", 2) == "丙"
    assert batch.bad[1][0].render("zh") == "企业!B6 职工总数='十人'：应为数字；没有数请留空"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_people_have(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text('企业名称,职工总数,研发费用（万元）\n甲,10,"1,234.5"\n', encoding=encoding)
    (sheet,) = open_book(path, HEADS)
    ((numbers, rows),) = list(sheet.chunks(10))
    batch = read(sheet, numbers, rows, INPUTS, 2025)
    assert batch.record(0) == {"staff_total": 10, "rd_expense_cny": {2025: 12_345_000}}


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    for name, content in (("a.xlsx", b"nothing"), ("b.xlsx", b""), ("c.csv", "随便\n写写\n".encode())):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadBook):
            open_book(path, HEADS)
    with pytest.raises(BadBook):
        open_book(tmp_path / "no.xlsx", HEADS)
    with pytest.raises(BadBook, match="no sheet"):
        open_book(book(tmp_path / "d.xlsx", [["职工总数"], [1]]), HEADS, sheet="表三")


def test_a_mapping_goes_before_the_words(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(
        "columns:\n  营收: {input: revenue_cny, year: 2024, unit: 万元}\n  公司: name\n  职工总数: ignore\n",
        "utf-8",
    )
    meant = read_mapping(file, HEADS)
    first, second, third = HEADS.read(["营收", "公司", "职工总数"], meant)
    assert (first.name, first.year, first.factor) == ("revenue_cny", 2024, 10_000)
    assert (second.use, third.use) == (Use.LABEL, Use.UNUSED)


def test_a_bad_mapping_names_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(
        "columns:\n  营收: {input: revenu_cny}\n  公司: nam\n  人数: {input: staff_total, unit: 打}\n",
        "utf-8",
    )
    with pytest.raises(Refused) as refused:
        read_mapping(file, HEADS)
    assert [(one.line, one.suggestion) for one in refused.value.problems][:2] == [
        (2, "revenue_cny"),
        (3, "name"),
    ]
    assert refused.value.problems[2].line == 4


def test_letters_of_columns() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_an_own_column_can_be_made() -> None:
    assert Column(27, "x", Use.UNKNOWN).letter == "AB"
