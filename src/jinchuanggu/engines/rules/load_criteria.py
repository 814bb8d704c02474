"""Criteria of a rule file: one test each, an operator never without the words that justify it."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field

from jinchuanggu.engines.rules.input_use import InputUse
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.load_tests import TESTS
from jinchuanggu.engines.rules.model import Confidence, Criterion, Input, Joined, Ref, ScorePart, Test
from jinchuanggu.engines.rules.nodes import Kind, Node, Scalar, shortened
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.texts import Text, same

KEYS = (
    "id",
    "title",
    "clause",
    "article",
    "confidence",
    "expert",
    "advice",
    "all",
    "any",
    "at_least",
    *TESTS,
)
JOINS = ("all", "any", "at_least")
PLACEHOLDERS = ("value", "threshold", "distance", "operator", "missing")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Around:
    """What a criterion takes from what stands around it."""

    clause: str | None
    article: str | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class CriterionReader:
    """Reads criteria against the declared inputs and score schemes of their rule set.

    ``paraphrase``: we hold no quotable text, so a criterion may do without an article.
    """

    reader: Reader
    inputs: AnyMapping[str, Input]
    scores: AnyMapping[str, ScorePart | None] = field(default_factory=dict)
    paraphrase: bool = False

    def criterion(self, node: Node, path: str, around: Around) -> Criterion | None:
        reader = self.reader
        found = reader.mapping(node, path, KEYS, ("id", "title"))
        name = identifier(reader, found.get("id"), join(path, "id"))
        path = f"{path}({name})" if name else path
        title = reader.both(found["title"], join(path, "title")) if "title" in found else None
        clause = _inherited(reader, found, "clause", path, around.clause)
        article = _inherited(reader, found, "article", path, around.article)
        for key, value in (("clause", clause), ("article", article)):
            if value is None and found and key not in found and not (self.paraphrase and key == "article"):
                reader.problem("missing_key", node, join(path, key), expected=same(key))
        confidence = around.confidence
        if "confidence" in found:
            said = reader.choice(found["confidence"], join(path, "confidence"), [*Confidence])
            confidence = Confidence(said) if said else confidence
        expert = reader.boolean(found["expert"], join(path, "expert")) if "expert" in found else False
        advice = self.advice(found["advice"], join(path, "advice")) if "advice" in found else {}
        test = self.test(node, found, path, Around(clause, article, confidence))
        if name is None or title is None or test is None:
            return None
        return Criterion(
            name, title, clause or "", article or "", confidence, test, advice, bool(expert), node.line
        )

    def test(self, node: Node, found: dict[str, Node], path: str, around: Around) -> Test | None:
        """The one test of a criterion."""
        given = [key for key in (*JOINS, *TESTS) if key in found]
        if len(given) != 1:
            expected = same(" | ".join((*JOINS, *TESTS)))
            self.reader.problem("one_test", node, path, expected=expected, got=", ".join(given) or None)
            if not given:
                return None
        key = given[0]
        path, value = join(path, key), found[key]
        if key not in JOINS:
            return TESTS[key](InputUse(self.reader, self.inputs, around.article, self.scores), value, path)
        least, of = (1 if key == "any" else None), value
        if key == "at_least":
            parts = self.reader.mapping(value, path, ("n", "of"), ("n", "of"))
            least = self.reader.integer(parts["n"], join(path, "n")) if "n" in parts else None
            if "of" not in parts or least is None:
                return None
            of = parts["of"]
        children = self.children(of, path, around)
        if key == "at_least" and least is not None and not 1 <= least <= len(children):
            self.reader.problem(
                "number", value, join(path, "n"), expected=same(f"1 … {len(children)}"), got=str(least)
            )
        return Joined(children, least) if children else None

    def children(self, node: Node, path: str, around: Around) -> tuple[Criterion | Ref, ...]:
        items = self.reader.sequence(node, path)
        if items is None:
            return ()
        if not items:
            self.reader.problem("blank", node, path, expected=Text("至少一个条件", "at least one criterion"))
        children: list[Criterion | Ref] = []
        for index, item in enumerate(items):
            if isinstance(item, Scalar) and item.kind is Kind.TEXT:
                children.append(Ref(item.raw))
            elif (child := self.criterion(item, f"{path}[{index}]", around)) is not None:
                children.append(child)
        return tuple(children)

    def advice(self, node: Node, path: str) -> dict[Status, Text]:
        """What to do when not met or not evidenced; placeholders are checked here, never run."""
        known = (Status.NOT_MET.value, Status.NOT_EVIDENCED.value)
        texts = {}
        for key, value in self.reader.mapping(node, path, known).items():
            text = self.reader.both(value, join(path, key))
            if text is None:
                continue
            texts[Status(key)] = text
            for used in re.findall(r"\{([^{}]*)\}", text.zh + text.en):
                if used not in PLACEHOLDERS:
                    expected = same(", ".join(f"{{{name}}}" for name in PLACEHOLDERS))
                    self.reader.problem(
                        "placeholder", value, join(path, key), expected=expected, got=f"{{{used[:40]}}}"
                    )
        return texts


def identifier(reader: Reader, node: Node | None, path: str) -> str | None:
    """A readable, stable id: lower-case words joined by underscores, parts by dots."""
    raw = reader.text(node, path, longest=80) if node is not None else None
    if raw is not None and node is not None and not IDENTIFIER.fullmatch(raw):
        reader.problem("choice", node, path, expected=same("a-z0-9_ ."), got=shortened(raw))
        return None
    return raw


def _inherited(reader: Reader, found: dict[str, Node], key: str, path: str, outer: str | None) -> str | None:
    return reader.text(found[key], join(path, key)) if key in found else outer
