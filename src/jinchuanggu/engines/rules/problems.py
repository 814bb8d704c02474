"""What is wrong with a file, where, and what would be right: all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinchuanggu.engines.rules.texts import Lang, Text

MOST_REPORTED = 200
"""After this many problems a file is not read on: nobody mends more in one go, and hostile files end here."""

WHAT: dict[str, Text] = {
    "no_file": Text("文件不存在", "no such file"),
    "unreadable": Text("文件无法读取", "the file cannot be read"),
    "too_large": Text("文件过大", "the file is too large"),
    "encoding": Text("不是 UTF-8 编码", "not UTF-8"),
    "syntax": Text("语法错误", "syntax error"),
    "empty": Text("文件是空的", "the file is empty"),
    "too_deep": Text("嵌套过深", "nested too deeply"),
    "too_many": Text("内容过多（含引用展开）", "too much content (references expanded)"),
    "several_documents": Text("只能有一份文档", "only one document per file"),
    "recursive": Text("引用自身", "refers to itself"),
    "unknown_anchor": Text("引用了没有定义的锚点", "reference to an anchor that is not defined"),
    "tag": Text("不接受类型标签", "type tags are not accepted"),
    "key_form": Text("键必须是文字", "a key must be text"),
    "duplicate_key": Text("键重复", "duplicate key"),
    "unknown_key": Text("未知的键", "unknown key"),
    "missing_key": Text("缺少必填的键", "required key missing"),
    "type": Text("类型不对", "wrong type"),
    "number": Text("不是可接受的数", "not an acceptable number"),
    "choice": Text("不在可选值内", "not one of the accepted values"),
    "date": Text("日期不对", "not a date"),
    "blank": Text("不能为空白", "must not be blank"),
    "control": Text("含有控制字符", "control characters in it"),
    "too_long": Text("文字过长", "text too long"),
    "repeated": Text("重复", "listed twice"),
    "several_chosen": Text("同一指标有多个采用值", "more than one report of the figure is marked as chosen"),
    "year_after_date": Text("所属年份晚于报告日期", "the year is later than the date of the report"),
    "one_test": Text("每个条件必须恰有一种判定方式", "a criterion has exactly one test"),
    "one_formula": Text("每个值必须恰有一个公式", "a value has exactly one formula"),
    "computed": Text("由公式得出，不能直接给出", "made by a formula: it cannot be given"),
    "duplicate_id": Text("编号重复", "duplicate id"),
    "unknown_input": Text("引用了没有声明的输入", "input is not declared"),
    "input_type": Text("输入类型与判定方式不符", "the input is of a type this test cannot read"),
    "unknown_criterion": Text("引用了不存在的条件", "no criterion of that id"),
    "cycle": Text("循环引用", "cyclic reference"),
    "unit_mismatch": Text("单位不一致", "units do not agree"),
    "period_mismatch": Text("期别不一致", "period types do not agree"),
    "wording": Text("运算符没有原文依据", "the wording does not justify the operator"),
    "band_order": Text("分档次序不对", "bands are out of order"),
    "dates_order": Text("失效日期早于生效日期", "ends before it begins"),
    "overlap": Text("与另一版本的有效期重叠", "overlaps another version in force"),
    "gap": Text("与前一版本之间有空档", "leaves days without a version in force"),
    "unknown_part": Text("引用了不存在的评分项", "no score part of that id"),
    "placeholder": Text("未知的占位符", "unknown placeholder"),
    "vector": Text("自带的测试未通过", "a test vector of the file fails"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``line`` and ``column`` count from 1; 0 means the data did not come from a file."""

    code: str
    file: str
    line: int
    column: int
    path: str
    expected: Text | None = None
    got: str | None = None
    suggestion: str | None = None

    def message(self, lang: Lang = "zh") -> str:
        """What is wrong, what was expected, what was found and, where it is likely, what was meant."""
        parts = [WHAT[self.code].get(lang)]
        zh = lang == "zh"
        if self.expected is not None:
            parts.append(f"应为 {self.expected.zh}" if zh else f"expected {self.expected.en}")
        if self.got is not None:
            parts.append(f"实为 {self.got}" if zh else f"got {self.got}")
        if self.suggestion is not None:
            parts.append(f"是不是 {self.suggestion}？" if zh else f"did you mean {self.suggestion}?")
        return ("；" if zh else "; ").join(parts)

    def render(self, lang: Lang = "zh") -> str:
        """One line: ``file:line:column path: message``."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where} {self.path}: {self.message(lang)}" if self.path else f"{where} {self.message(lang)}"

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "expected": self.expected.as_dict() if self.expected else None,
            "got": self.got,
            "suggestion": self.suggestion,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
        }


class Refused(ValueError):
    """The only error this package raises about data: the input is refused, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(problem.render("en") for problem in self.problems))

    def render(self, lang: Lang = "zh") -> str:
        return "\n".join(problem.render(lang) for problem in self.problems)
