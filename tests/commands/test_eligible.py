"""`jcg eligible` as a program: real workbooks in, opened again by other programs; nothing lost, nothing guessed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from click.testing import CliRunner, Result

from jinchuanggu.commands.eligible import eligible
from jinchuanggu.engines.rules import evaluate, facts_of, firm_inputs, official
from jinchuanggu.engines.rules.ladder import climb
from jinchuanggu.engines.rules.stacking import best
from tests.commands.firm_sheets import HEADS, rows, workbook

ON = "2026-11-24"
DAY = date(2026, 11, 24)
WORDS = {"met": "满足", "not_met": "不满足", "not_evidenced": "证据不足"}


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(eligible, [str(one) for one in arguments])


def sheet(path: Path, name: str = "结果") -> list[dict[str, Any]]:
    """The rows of a sheet by their heads, as another program reads them."""
    table = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def book(path: Path, heads: list[Any], *lines: list[Any]) -> Path:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "企业"
    for line in (heads, *lines):
        page.append(line)
    made.save(path)
    return path


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("eligible")
    source, answer = workbook(folder / "firms.xlsx", 120), folder / "out.xlsx"
    result = run(source, "-o", answer, "--on", ON)
    assert result.exit_code == 0, result.output
    return source, answer


def test_every_figure_is_that_of_the_exact_evaluation(judged: tuple[Path, Path]) -> None:
    """An independent way to the same answer: openpyxl reads, the scalar engine judges."""
    source, answer = judged
    found = sheet(answer)
    inputs = firm_inputs()
    keys = {
        "所在市": "city", "成立日期": "registered_on", "职工总数（人）": "staff_total", "科技人员": "tech_staff", "研发人员": "rd_staff",
        "资产总额（万元）": "assets_cny", "负债总额（万元）": "liabilities_cny", "成本费用支出总额（万元）": "costs_cny",
        "高新技术产品（服务）收入（万元）": "hightech_income_cny", "收入总额（万元）": "total_income_cny",
        "有效Ⅰ类知识产权（件）": "ip_class1", "有效Ⅱ类知识产权（件）": "ip_class2", "是否居民企业": "mainland_resident",
        "研发机构级别": "rd_body_level", "从事特定细分市场年限（年）": "niche_years", "主导产品细分市场占有率（%）": "niche_share_percent",
        "已入驻晋创谷": "valley_resident", "no_serious_incident": "no_serious_incident",
        "no_serious_dishonesty": "no_serious_dishonesty", "products_unrestricted": "products_unrestricted",
    }  # fmt: skip
    series = {
        "营业收入（万元）": "revenue_cny",
        "研发费用(万元)_": "rd_expense_cny",
        "净资产": "net_assets_cny",
    }
    page = openpyxl.load_workbook(source, read_only=True)["企业"]
    lines = list(page.iter_rows(values_only=True))
    titles = [one for one in official().rule_sets if one.subject == "firm" and one.in_force(DAY)]
    for line, answered in zip(lines[1:25], found, strict=False):
        record: dict[str, Any] = {}
        for head, value in zip(lines[0], line, strict=True):
            if value is None:
                continue
            name = keys.get(str(head))
            if name is None:
                name = next((key for words, key in series.items() if str(head).startswith(words)), None)
                if name is None:
                    continue
                year = int("".join(c for c in str(head) if c.isdigit())[:4])
                record.setdefault(name, {})[year] = round(float(value) * 10_000, 2)
                continue
            declared = inputs[name]
            if declared.type.value == "boolean":
                value = value == "是"
            elif declared.type.value == "code":
                value = next(code for code, title in declared.options.items() if title.zh == value)
            elif declared.type.value == "date":
                value = value.date()
            elif declared.unit == "cny":
                value = round(float(value) * 10_000, 2)
            record[name] = value
        facts = facts_of(inputs, record)
        standing = climb(facts, DAY)
        assert answered["当前梯次"] == standing.rung.title.zh
        assert answered["下一梯次"] == (standing.next.title.zh if standing.next else "")
        for rule_set in titles:
            result = evaluate(rule_set, facts, DAY)
            column = rule_set.title.zh
            if column in answered:
                assert str(answered[column]).split()[0] == WORDS[result.verdict.value], column
            amount = answered.get(f"{column}（元）")
            if isinstance(amount, float):
                assert result.amount is not None
                assert result.amount.high == pytest.approx(amount) or float(result.amount.high or 0) == amount


def test_open_scores_are_shown_as_intervals(judged: tuple[Path, Path]) -> None:
    cells = [str(row["科技型中小企业评价"]) for row in sheet(judged[1])]
    assert any("–" in cell for cell in cells)
    assert all(cell.split()[0] in WORDS.values() and cell.endswith(" 分") for cell in cells)


def test_distances_and_totals(judged: tuple[Path, Path]) -> None:
    found = sheet(judged[1])
    assert any("差 " in str(row["差距"]) for row in found)
    assert any(str(row["建议"]).startswith(("不满足：", "待补证据：")) for row in found)
    totals = {row["规则"]: row for row in sheet(judged[1], "汇总")}
    line = totals["科技型中小企业评价"]
    assert line["满足"] + line["不满足"] + line["证据不足"] == 120
    assert line["满足"] == sum(str(row["科技型中小企业评价"]).startswith("满足") for row in found)
    assert sum(row["满足"] for name, row in totals.items() if str(name).startswith("梯次：")) == 120
    assert len({row["行"] for row in sheet(judged[1], "逐条说明")}) <= 20


def test_text_in_a_number_column_is_reported_and_nothing_is_lost(tmp_path: Path) -> None:
    source = book(
        tmp_path / "a.xlsx",
        ["企业名称", "职工总数", "研发费用（万元）", "成立日期", "已上市"],
        ["甲", 20, 100, "2020-01-01", "否"],
        ["乙", "二十人", 100, "去年", "否"],
        ["丙", 30, "约500万", "2020-01-01", "也许"],
        ["丁", 1.5, 7, "2020-01-01", "是"],
        ["戊", 40, None, None, None],
    )
    answer = tmp_path / "out.xlsx"
    result = run(source, "-o", answer, "--on", ON)
    assert result.exit_code == 1
    found = sheet(answer)
    assert [row["企业名称"] for row in found] == ["甲", "乙", "丙", "丁", "戊"], "every row, in its order"
    assert [bool(row["错误"]) for row in found] == [False, True, True, True, False]
    assert all(bool(row["当前梯次"]) != bool(row["错误"]) for row in found), "results, or the error"
    errors = [(row["工作表"], row["行"], row["列"], row["值"]) for row in sheet(answer, "错误")]
    assert errors == [
        ("企业", 3, "B", "二十人"),
        ("企业", 3, "D", "去年"),
        ("企业", 4, "C", "约500万"),
        ("企业", 4, "E", "也许"),
        ("企业", 5, "B", "1.5"),
    ]
    for words in ("企业!B3 职工总数='二十人'", "如 500", "5 行", "已判断 2，有错 3"):
        assert words in result.stderr, words


def test_a_head_in_wan_yuan_and_one_in_yuan_give_the_same(tmp_path: Path) -> None:
    heads = ["名称", "营业收入2025{}", "研发费用{}_2025", "职工总数", "科技人员"]
    answers = []
    for number, (unit, size) in enumerate(
        (("（万元）", 1), ("（元）", 10_000), ("(亿元)", 0.0001), ("", 10_000))
    ):
        lines = [["甲", 1234.56 * size, 67.89 * size, 50, 9], ["乙", 20_000 * size, 600 * size, 50, 9]]
        source = book(tmp_path / f"{number}.xlsx", [head.format(unit) for head in heads], *lines)
        out = tmp_path / f"out{number}.xlsx"
        result = run(source, "-o", out, "--on", ON)
        assert result.exit_code == 0, result.output
        answers.append([{k: v for k, v in row.items() if k != "工作表"} for row in sheet(out)])
    assert all(one == answers[0] for one in answers)


def test_a_wrong_unit_and_unknown_columns_are_named(tmp_path: Path) -> None:
    source = book(
        tmp_path / "a.xlsx",
        ["名称", "职工总数（万元）", "研发费佣", "科技人员", "备注"],
        ["甲", 10, 5, 2, "x"],
    )
    result = run(source, "-o", tmp_path / "out.xlsx", "--on", ON)
    assert result.exit_code == 1
    assert "B 职工总数（万元）" in result.stderr
    assert "单位“万元”与这一列（persons）不符" in result.stderr
    assert "是不是“研发费用”" in result.stderr
    about = {row["项目"]: row["内容"] for row in sheet(tmp_path / "out.xlsx", "说明")}
    assert "未采用" in about["企业!B 职工总数（万元）"]
    assert "→ tech_staff" in about["企业!D 科技人员"]
    assert run(source, "--print-mapping").exit_code == 1


def test_missing_columns_are_not_evidenced_never_failed(tmp_path: Path) -> None:
    source = book(tmp_path / "a.xlsx", ["企业名称", "职工总数"], ["甲", 10])
    result = run(source, "-o", tmp_path / "out.xlsx", "--on", ON, "--sets", "tech_sme")
    assert result.exit_code == 0, result.output
    (row,) = sheet(tmp_path / "out.xlsx")
    assert str(row["科技型中小企业评价"]).startswith("证据不足")


def test_print_mapping_shows_what_was_recognised(judged: tuple[Path, Path]) -> None:
    result = run(judged[0], "--print-mapping", "--on", ON)
    assert result.exit_code == 0
    text = "".join(result.stdout.split())
    assert "→revenue_cny2022×10000" in text
    assert "→rd_expense_cny2025×10000" in text
    assert "→name" in text


def test_a_mapping_file_is_used(tmp_path: Path) -> None:
    source = book(tmp_path / "a.xlsx", ["公司", "人头"], ["甲", 10])
    mapping = tmp_path / "map.yaml"
    mapping.write_text("columns:\n  公司: name\n  人头: staff_total\n", "utf-8")
    assert run(source, "-o", tmp_path / "no.xlsx").exit_code == 2
    assert run(source, "-o", tmp_path / "out.xlsx", "--map", mapping).exit_code == 0
    assert sheet(tmp_path / "out.xlsx")[0]["企业名称"] == "甲"
    mapping.write_text("columns:\n  人头: staff_totl\n", "utf-8")
    bad = run(source, "-o", tmp_path / "out.xlsx", "--map", mapping)
    assert bad.exit_code == 2
    assert "map.yaml:2" in bad.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_gives_what_the_workbook_gives(tmp_path: Path, encoding: str) -> None:
    lines = [
        ",".join("" if v is None else v.date().isoformat() if hasattr(v, "date") else str(v) for v in line)
        for line in ([*HEADS], *rows(40))
    ]
    source = tmp_path / "企业.csv"
    source.write_text("\n".join(lines), encoding=encoding)
    result = run(source, "-o", tmp_path / "csv.xlsx", "--on", ON)
    assert result.exit_code == 0, result.output
    assert run(workbook(tmp_path / "企业.xlsx", 40), "-o", tmp_path / "xlsx.xlsx", "--on", ON).exit_code == 0
    assert sheet(tmp_path / "csv.xlsx") == sheet(tmp_path / "xlsx.xlsx")


def test_only_the_sets_asked_for_and_only_known_ones(judged: tuple[Path, Path], tmp_path: Path) -> None:
    assert run(judged[0], "-o", tmp_path / "out.xlsx", "--sets", "hnte, tech_sme", "--on", ON).exit_code == 0
    heads = set(sheet(tmp_path / "out.xlsx")[0])
    assert {"高新技术企业认定", "科技型中小企业评价"} <= heads
    assert not any(head.endswith("（元）") for head in heads)
    unknown = run(judged[0], "-o", tmp_path / "no.xlsx", "--sets", "hntee")
    assert unknown.exit_code == 2
    assert "hnte" in unknown.stderr


def test_bad_files_and_bad_use(tmp_path: Path, judged: tuple[Path, Path]) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    for arguments in ((broken, "-o", tmp_path / "x.xlsx"), (judged[0],), (judged[0], "-o", judged[0]),
                      (judged[0], "-o", tmp_path / "nowhere" / "x.xlsx"), (tmp_path / "no.xlsx", "-o", tmp_path / "x.xlsx")):  # fmt: skip
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)


def test_formulas_and_strange_text_stay_text(tmp_path: Path) -> None:
    names = ["=1+1", "<b>&\"'", "@SUM(A1)", "\u202e反", "x" * 500]
    source = book(tmp_path / "a.xlsx", ["企业名称", "职工总数"], *([name, 10] for name in names))
    # openpyxl itself would write a formula; as text it must come back as text
    made = openpyxl.load_workbook(source)
    made["企业"]["A2"].data_type = "s"
    made.save(source)
    assert run(source, "-o", tmp_path / "out.xlsx", "--on", ON).exit_code == 0
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["结果"]
    cells = [page.cell(row, 3) for row in range(2, 7)]
    assert [cell.value for cell in cells] == names
    assert all(cell.data_type == "s" for cell in cells)


def as_csv(source: Path, folder: Path) -> Path:
    """What an office program makes of the first sheet."""
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
         "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder / f"{source.stem}.csv"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_the_answer(judged: tuple[Path, Path], tmp_path: Path) -> None:
    if not as_csv(book(tmp_path / "plain.xlsx", ["甲"]), tmp_path).exists():
        pytest.skip("LibreOffice is installed without its spreadsheet")
    lines = as_csv(judged[1], tmp_path).read_text("utf-8").splitlines()
    assert len(lines) == 121
    assert lines[0].startswith("工作表,行,企业名称")
    assert "示例企业000001" in lines[1]


@pytest.mark.slow
def test_twenty_thousand_firms_in_a_few_seconds_and_bounded_memory(tmp_path: Path) -> None:
    source = workbook(tmp_path / "firms.xlsx", 20_000)
    program = (
        "import re, sys, time; from pathlib import Path; from click.testing import CliRunner; from jinchuanggu.cli import main;"
        "started = time.perf_counter();"
        f"result = CliRunner().invoke(main, ['eligible', {str(source)!r}, '-o', {str(tmp_path / 'out.xlsx')!r}, '--on', '{ON}']);"
        # the peak of this program alone: what getrusage tells survives from the process that started it
        "peak = int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024;"
        "print(result.exit_code, time.perf_counter() - started, peak,"
        " 'django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    code, seconds, megabytes, django = done.stdout.split()
    assert (code, django) == ("0", "False")
    assert float(seconds) < 30, "about four on an idle machine; a busy one gets room"
    assert int(megabytes) < 400
    assert len(sheet(tmp_path / "out.xlsx")) == 20_000


def test_competing_measures_are_counted_once() -> None:
    """What the best combination leaves out is what the exact optimisation leaves out."""
    from jinchuanggu.commands.sheets.judging import offer_of

    paying = [
        one
        for one in official().rule_sets
        if one.benefit and one.benefit.low and one.subject == "firm" and one.in_force(DAY)
    ]
    choice = best([offer_of(one, 100_000.0, 200_000.0) for one in paying])
    assert set(choice.taken) | set(choice.dropped) == {one.id for one in paying}
