"""`jcg rules` as a program: what it prints, what it returns, what it never loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from jinchuanggu.commands.rules import rules
from jinchuanggu.engines.rules import OFFICIAL, knobs, official
from tests.commands.firm_sheets import workbook

ON = "2026-11-24"
FIRM: dict[str, Any] = {
    "name": "示例企业",
    "mainland_resident": True,
    "staff_total": 100,
    "tech_staff": 12,
    "revenue_cny": {2023: 18_000_000, 2024: 20_000_000, 2025: 24_000_000},
    "rd_expense_cny": {2023: 500_000, 2024: 600_000, 2025: 700_000},
    "costs_cny": 20_000_000,
    "assets_cny": 30_000_000,
    "products_unrestricted": True,
    "no_serious_incident": True,
    "no_serious_dishonesty": True,
    "ip_class1": 0,
    "ip_class2": 1,
    "hnte_valid_until": "none",
    "national_award_top3_5y": False,
    "rd_body_level": "none",
    "led_standard_5y": False,
}


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(rules, list(arguments), **options)


@pytest.fixture
def firm(tmp_path: Path) -> Any:
    def write(changes: dict[str, Any] | None = None, name: str = "firm.yaml") -> str:
        data = {key: value for key, value in {**FIRM, **(changes or {})}.items() if value is not None}
        path = tmp_path / name
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        return str(path)

    return write


def test_the_list_names_every_version() -> None:
    result = run("list", "--json")
    found = json.loads(result.stdout)
    assert {(one["id"], one["version"]) for one in found} == {
        (one.id, one.version) for one in official().rule_sets
    }
    assert {"confidence", "review", "effective_from", "effective_to", "subject"} <= set(found[0])
    text = run("list", "--subject", "firm").stdout
    assert "tech_sme" in text
    assert "valley_recognition" not in text
    assert "checked" in run("list", "--lang", "en").stdout


def test_all_examples_of_the_shipped_rules_pass() -> None:
    result = run("test", "--json")
    found = json.loads(result.stdout)
    assert [one for one in found["vectors"] if not one["passed"]] == []
    assert found["problems"] == []
    assert found["passed"] > 100
    assert result.exit_code == 0


def test_a_failing_example_is_named_and_the_code_says_so(tmp_path: Path) -> None:
    source = (OFFICIAL / "tech_sme" / "2017-05-03.yaml").read_text("utf-8")
    broken = source.replace("value: 60, unit: points", "value: 99, unit: points")
    assert broken != source
    path = tmp_path / "broken.yaml"
    path.write_text(broken, "utf-8")
    result = run("test", str(path))
    assert result.exit_code == 1
    assert "broken.yaml" in result.stdout
    assert "expected" in result.stdout
    assert json.loads(run("test", str(path), "--json").stdout)["failed"] > 0


def test_a_bad_file_names_line_and_reason_and_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("version: 1\nrule_sets: []\nwrong_key: 1\n", "utf-8")
    good = OFFICIAL / "tech_sme" / "2017-05-03.yaml"
    result = run("test", str(tmp_path), str(good))
    assert result.exit_code == 2
    assert "bad.yaml:3:1 wrong_key" in result.stderr
    assert "测试通过" in result.stdout
    assert run("test", str(tmp_path / "nowhere.yaml")).exit_code == 2


def test_an_explanation_tells_value_limit_distance_article_and_the_way_out(firm: Any) -> None:
    result = run("explain", "tech_sme", firm(), "--on", ON)
    assert result.exit_code == 1, result.output
    text = "".join(result.stdout.split())
    for words in (
        "示例企业",
        "不满足",
        "综合得分不低于60分",
        "第六条",
        "科技人员指标",
        "最省力的改变",
        "国科发政〔2017〕115号",
    ):
        assert words in text, words
    machine = json.loads(run("explain", "tech_sme", firm(), "--on", ON, "--json").stdout)
    assert machine["verdict"] == "not_met"
    assert machine["cheapest_change"] is not None
    assert machine["rule_set"]["id"] == "tech_sme"
    assert "✗ not met" in run("explain", "tech_sme", firm(), "--on", ON, "--lang", "en").stdout


def test_open_scores_are_intervals_and_the_code_is_three(firm: Any) -> None:
    result = run("explain", "tech_sme", firm({"tech_staff": None, "ip_class1": 1}), "--on", ON)
    assert result.exit_code == 3, result.output
    assert "–" in result.stdout
    assert "缺：" in result.stdout


def test_a_rule_set_that_is_not_in_force_or_not_known(firm: Any) -> None:
    early = run("explain", "tech_sme", firm(), "--on", "2010-01-01")
    assert early.exit_code == 4
    assert "2017-05-03" in early.stderr
    unknown = run("explain", "tech_sm", firm())
    assert unknown.exit_code == 2
    assert "tech_sme" in unknown.stderr


def test_mistakes_of_a_record_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "firm.yaml"
    path.write_text("name: 甲\nstaff_totl: 3\nstaff_total: 很多\ntech_staff: 2.5\n", "utf-8")
    result = run("explain", "tech_sme", str(path))
    assert result.exit_code == 2
    assert "firm.yaml:2:" in result.stderr
    assert "staff_total" in result.stderr
    assert "firm.yaml:3:" in result.stderr
    assert "firm.yaml:4:" in result.stderr
    machine = json.loads(run("explain", "tech_sme", str(path), "--json").stdout)
    assert machine["error"] == "bad_input"
    assert len(machine["problems"]) == 3


def test_the_facts_of_every_set_are_a_record_in_which_nothing_is_known(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    for one in official().rule_sets:
        on = str(one.effective_from)
        path.write_text(run("facts", one.id, "--on", on).stdout, "utf-8")
        assert set(yaml.safe_load(path.read_text("utf-8"))) > {"name"}, one.id
        result = run("explain", one.id, str(path), "--on", on)
        assert result.exit_code == 3, (one.id, result.output)


def test_the_facts_tell_units_years_and_codes() -> None:
    text = run("facts", "gazelle", "--on", ON).stdout
    assert (
        "revenue_cny:  # 营业（销售）收入；数，单位元，按年度\n  2025:\n  2024:\n  2023:\n  2022:\n" in text
    )
    rows = {one["id"]: one for one in json.loads(run("facts", "tech_sme", "--on", ON, "--json").stdout)}
    assert rows["revenue_cny"]["years"] == [2025]
    assert rows["assets_cny"]["unit"] == "cny"
    assert set(rows["rd_body_level"]["options"]) == {"national", "provincial", "city", "below", "none"}
    assert "rd_to_revenue" not in rows  # what is computed is not asked for


def test_a_wrong_record_says_how_it_is_written_and_where_the_names_are(tmp_path: Path) -> None:
    path = tmp_path / "firm.yaml"
    path.write_text("revenue_cny: 1000万元\nassets_cny: 900万\n", "utf-8")
    said = run("explain", "tech_sme", str(path)).stderr
    assert "按年度填写，如 {2025: 数}，单位为元" in said
    assert "jcg rules facts tech_sme" in said


def test_an_explanation_says_which_option_counted_and_what_was_computed(firm: Any) -> None:
    text = "".join(run("explain", "tech_sme", firm({"costs_cny": 2_000_000}), "--on", ON).stdout.split())
    assert "采用：选项二" in text  # 35 % of the costs against 2.9 % of the revenue
    assert "研发费用占成本费用支出比例35%" in text


def test_an_amount_is_not_promised_where_the_conditions_are_not_met(tmp_path: Path) -> None:
    record = {
        "transfer_revenue_cny": 4000000,
        "transfer_cost_cny": 0,
        "transfer_taxes_cny": 0,
        "right": "other",
    }
    path = tmp_path / "contract.yaml"
    path.write_text(yaml.safe_dump(record), "utf-8")
    assert "不享受（满足时为 100 万元）" in run("explain", "tech_contract.income_tax", str(path)).stdout


def test_a_row_of_a_workbook_is_explained_as_the_record_would_be(tmp_path: Path) -> None:
    book = workbook(tmp_path / "firms.xlsx", 5)
    result = run("explain", "tech_sme", str(book), "--row", "3", "--on", ON, "--json")
    assert json.loads(result.stdout)["name"] == "示例企业000002"
    assert run("explain", "tech_sme", str(book)).exit_code == 2
    missing = run("explain", "tech_sme", str(book), "--row", "99")
    assert missing.exit_code == 2
    assert "99" in missing.stderr


def test_knobs_are_those_of_the_engine() -> None:
    found = json.loads(run("knobs", "tech_sme", "--on", ON, "--json").stdout)
    rule_set = next(one for one in official().rule_sets if one.id == "tech_sme")
    assert [one["key"] for one in found] == [one.key for one in knobs(rule_set)]
    assert found[0]["key"] in run("knobs", "tech_sme", "--on", ON).stdout


def test_a_simulation_moves_firms_and_writes_them(tmp_path: Path) -> None:
    import python_calamine

    book, answer = workbook(tmp_path / "firms.xlsx", 400), tmp_path / "out.xlsx"
    arguments = ("simulate", "tech_sme", str(book), "--on", ON, "--set", "criterion:size_staff.limit=20")
    machine = json.loads(run(*arguments, "--json").stdout)
    assert machine["total"]["n"] == 400
    assert machine["moves"]["losers"] > 0
    assert machine["moves"]["winners"] == 0
    result = run(*arguments, "-o", str(answer))
    assert result.exit_code == 0, result.output
    assert f"失去 {machine['moves']['losers']}" in result.stdout
    found = python_calamine.CalamineWorkbook.from_path(str(answer))
    rows = found.get_sheet_by_name("名单").to_python()
    assert sum(row[0] == "失去" for row in rows) == machine["moves"]["losers"]
    cities = found.get_sheet_by_name("按市").to_python()
    assert sum(row[4] for row in cities[1:]) == machine["moves"]["losers"]


@pytest.mark.parametrize(
    ("turn", "said"),
    [("criterion:size_stuff.limit=20", "criterion:size_staff.limit"), ("nonsense", "KEY="), ("criterion:size_staff.limit=x", "KEY=")],
)  # fmt: skip
def test_a_turn_that_cannot_be_says_why(tmp_path: Path, turn: str, said: str) -> None:
    result = run("simulate", "tech_sme", str(workbook(tmp_path / "firms.xlsx", 3)), "--set", turn)
    assert result.exit_code == 2
    assert said in result.stderr


def test_no_command_of_the_rules_loads_django_and_explaining_loads_no_numpy(firm: Any) -> None:
    program = (
        "import sys; from click.testing import CliRunner; from jinchuanggu.cli import main;"
        f"CliRunner().invoke(main, ['rules', 'explain', 'tech_sme', {firm()!r}, '--on', '{ON}']);"
        "print([m for m in ('django', 'numpy', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["list", "test", "explain", "facts", "knobs", "simulate"])
def test_every_command_explains_itself_in_two_languages(command: str) -> None:
    text = run(command, "--help").stdout
    assert any("\u4e00" <= character <= "\u9fff" for character in text)
    assert "·" in text


def test_an_explanation_says_how_far_the_next_band_is(firm: Any) -> None:
    text = "".join(
        run(
            "explain", "tech_sme", firm({"tech_staff": 1499, "staff_total": 10000}), "--on", ON
        ).stdout.split()
    )
    assert "科技人员指标4分←14.99%；离8分一档差0.01%" in text


def test_points_above_the_most_a_part_can_give_are_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "firm.yaml"
    path.write_text("judged_ip: 35\n", "utf-8")
    assert "知识产权  30 分  专家评分超出分档范围" in run("explain", "hnte", str(path), "--on", ON).stdout
