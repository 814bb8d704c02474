"""What is wrong with a text and how its examples come out: all of it at once, for the panel beside the editor."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import Problem, Refused, RuleSet, load_text, vectors
from jinchuanggu.engines.rules.texts import Lang, same
from jinchuanggu.policies.drafting.document import MOST_CHARACTERS

MOST_VECTORS = 200
_DIFFERENCE = re.compile(r"(?s)(.+?): expected (.*), got (.*)")


@dataclass(frozen=True, slots=True)
class Example:
    """One vector: what differs from what the text expects, in words; nothing differs: it holds."""

    rule_set: str
    id: str
    note: str
    line: int
    differences: tuple[str, ...]

    @property
    def held(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Check:
    """`sound`: the text can be judged by; `ready`: and every example holds."""

    problems: tuple[Problem, ...] = ()
    rule_sets: tuple[RuleSet, ...] = ()
    examples: tuple[Example, ...] = field(default=())
    cut: bool = False

    @property
    def sound(self) -> bool:
        return not self.problems

    @property
    def failing(self) -> int:
        return sum(not one.held for one in self.examples)

    @property
    def ready(self) -> bool:
        return self.sound and not self.failing and not self.cut

    @property
    def lines(self) -> list[dict[str, object]]:
        """Problems as the panel shows them, in the language of the reader."""
        lang = "en" if (get_language() or "").startswith("en") else "zh"
        return [
            {"line": one.line, "column": one.column, "path": one.path, "text": one.message(lang)}  # type: ignore[arg-type]
            for one in self.problems
        ]


def too_long(text: str, file: str) -> Problem | None:
    if len(text) <= MOST_CHARACTERS:
        return None
    return Problem("too_large", file, 0, 0, "", expected=same(f"≤ {MOST_CHARACTERS}"), got=str(len(text)))


def check(text: str, file: str) -> Check:
    """Read the text and run its examples. Never raises: what is wrong is in the result."""
    if problem := too_long(text, file):
        return Check((problem,))
    try:
        rule_sets = load_text(text, file, check_vectors=False)
    except Refused as refused:
        return Check(refused.problems)
    lines = {(rules.id, one.id): one for rules in rule_sets for one in rules.vectors}
    if len(lines) > MOST_VECTORS:
        return Check((), rule_sets, (), cut=True)
    examples = []
    for result in vectors.run(rule_sets):
        vector = lines[result.rule_set, result.vector]
        said = tuple(in_words(one) for one in result.differences)
        examples.append(Example(result.rule_set, vector.id, vector.note, vector.line, said))
    return Check((), rule_sets, tuple(examples))


def strictly(text: str, file: str) -> tuple[RuleSet, ...]:
    """The rule sets of a text that is to count. Raises Refused with every problem, failing examples among them."""
    if problem := too_long(text, file):
        raise Refused([problem])
    return load_text(text, file)


def told(problem: Problem, lang: Lang) -> str:
    """A problem in one line; what an example gave instead of what it expects is said in words."""
    if problem.code == "vector" and problem.got:
        said = "; ".join(in_words(one) for one in problem.got.split("; "))
        return replace(problem, got=None).render(lang) + ("；" if lang == "zh" else "; ") + said
    return problem.render(lang)


def in_words(difference: str) -> str:
    """`staff.status: expected met, got not_met` as a reader says it; amounts with their unit."""
    found = _DIFFERENCE.fullmatch(difference)
    if found is None:
        return difference
    place, expected, got = (_word(part) for part in found.groups())
    if found[1] == "amount":
        expected, got = (_yuan(part) for part in (expected, got))
    return _("%(place)s：应为 %(expected)s，实为 %(got)s") % {
        "place": place,
        "expected": expected,
        "got": got,
    }


def _yuan(text: str) -> str:
    unit = "CNY" if (get_language() or "").startswith("en") else "元"
    return f"{text} {unit}" if text[:1].isdigit() else text


def _word(text: str) -> str:
    words = {
        "met": _("满足"), "not_met": _("不满足"), "not_evidenced": _("证据不足"), "verdict": _("结论"),
        "amount": _("金额"), "None": _("无"), "unknown": _("未知"), "undefined": _("无法计算"),
    }  # fmt: skip
    stem, dot, what = text.rpartition(".")
    if dot and what == "status":
        return stem
    return words.get(text, text)
