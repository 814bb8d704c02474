"""`jcg assess` as a program: what it prints, what it returns, what it never loads."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from jinchuanggu.commands.assess import assess
from tests.engines.rules.valleys import EDGES, figure, valley, with_figures

ON = "2025-06-30"
DATA = Path(__file__).parents[1] / "engines" / "rules" / "data"


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def call(data: dict[str, Any] | str, *options: str, name: str = "valley.yaml") -> Result:
        file = tmp_path / name
        text = data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True)
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(assess, [str(file), *options])

    return call


@pytest.mark.parametrize(
    ("data", "on", "code", "verdict"),
    [
        (EDGES, ON, 0, "met"),
        (valley(documents=[]), ON, 1, "not_met"),
        (valley(documents=None), ON, 3, "not_evidenced"),
        (EDGES, "2024-04-03", 4, "not_applicable"),
    ],
)
def test_exit_codes_follow_the_verdict(
    run: Any, data: dict[str, Any], on: str, code: int, verdict: str
) -> None:
    result = run(data, "--on", on, "--json")
    assert result.exit_code == code
    assert json.loads(result.stdout)["verdict"] == verdict
    assert run(data, "--on", on).exit_code == code


def test_the_json_of_a_criterion(run: Any) -> None:
    short = with_figures(figure("planned_area_km2", 9.7), drop=("planned_area_km2",))
    data = json.loads(run(short, "--on", ON, "--json").stdout)
    assert data["kind"] == "regional"
    assert data["on"] == ON
    assert data["rule_set"]["id"] == "valley_recognition.regional"
    assert data["rule_set"]["effective_from"] == "2024-07-25"
    area = next(found for found in data["criteria"] if found["id"] == "planned_area")
    kept = ("clause", "status", "value", "threshold", "operator", "unit", "distance")
    assert [area[key] for key in kept] == ["C3", "not_met", 9.7, 10, ">=", "km2", 0.3]
    evidence = area["evidence"][0]
    assert (evidence["value"], evidence["unit"], evidence["date"], evidence["chosen"]) == (
        9.7,
        "km2",
        "2025-06-28",
        True,
    )
    assert evidence["source"]["title"] == "示例公报"
    assert [found["clause"] for found in data["expert"]] == ["C5"]


def test_json_and_yaml_files_give_one_answer(run: Any) -> None:
    from_yaml = run(EDGES, "--on", ON, "--json").stdout
    assert run(json.dumps(EDGES), "--on", ON, "--json", name="valley.json").stdout == from_yaml


def test_standard_input() -> None:
    result = CliRunner().invoke(assess, ["-", "--on", ON], input=json.dumps(EDGES))
    assert result.exit_code == 0


def test_people_read_the_answer_first(run: Any) -> None:
    lines = run(valley(key_fields=["甲", "乙", "丙", "丁"]), "--on", ON).stdout.splitlines()
    assert "晋创谷·示例" in lines[0]
    assert "不满足" in lines[1]
    text = "\n".join(lines)
    for words in (
        "重点领域不超过 3 个",
        "要求不超过 3 个，超出 1 个",
        "明确 1 至 3 个重点领域",
        "按已填数据预判",
        "晋政办发〔2024〕40号",
    ):
        assert words in text
    english = run(EDGES, "--on", ON, "--lang", "en").stdout
    assert "✓ met" in english
    assert "满足" not in english


def test_names_are_printed_as_they_are_never_as_markup(run: Any) -> None:
    assert "[red]晋创谷[/red]" in run(valley(name="[red]晋创谷[/red]"), "--on", ON).stdout


def test_before_the_conditions_the_reason_is_told(run: Any) -> None:
    result = run(EDGES, "--on", "2024-04-03")
    assert "不适用" in result.stdout
    assert "2024-07-25" in result.stdout


def test_all_mistakes_are_told_at_once(run: Any) -> None:
    bad = "kind: regionl\nbulder: x\n"
    result = run(bad)
    assert result.exit_code == 2
    assert "valley.yaml:1:7 kind" in result.stderr
    assert "是不是 builder？" in result.stderr
    assert "did you mean builder?" in run(bad, "--lang", "en").stderr
    machine = json.loads(run(bad, "--json").stdout)
    assert machine["error"] == "bad_input"
    assert [(problem["line"], problem["suggestion"]) for problem in machine["problems"]] == [
        (1, "regional"),
        (2, "builder"),
    ]


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    binary = tmp_path / "b.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "none.yaml", tmp_path, binary):
        result = CliRunner().invoke(assess, [str(file)])
        assert result.exit_code == 2
        assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("on", ["2025", "2025-02-30", "yesterday", "20250630"])
def test_a_day_is_a_day(run: Any, on: str) -> None:
    result = run(EDGES, "--on", on)
    assert result.exit_code == 2
    assert "YYYY-MM-DD" in result.stderr


def test_help_documents_the_exit_codes() -> None:
    text = CliRunner().invoke(assess, ["--help"]).stdout
    assert "4 不适用" in text
    assert "2 输入有误" in text


def test_it_starts_quickly_and_without_django() -> None:
    program = (
        "import sys\n"
        "sys.argv = ['jcg', 'assess', sys.argv[1], '--on', '2025-06-28']\n"
        "from jinchuanggu.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    sys.stderr.write(str([name for name in sys.modules if name.split('.')[0] == 'django']))\n"
    )
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, str(DATA / "shuozhou.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert done.stderr == "[]"
    # generous for a busy machine: what is measured is that nothing heavy is loaded
    assert time.perf_counter() - begun < 5
