"""Form and text of a draft: the same content both ways, layouts kept, ways of computing an amount."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import OFFICIAL, Problem, Refused
from jinchuanggu.engines.rules.nodes import Mapping, Node, Scalar
from jinchuanggu.engines.rules.source import parse
from jinchuanggu.policies.drafting import amount, edits, prefill
from jinchuanggu.policies.drafting.check import check, in_words, told
from jinchuanggu.policies.drafting.document import MOST_CHARACTERS, Document
from jinchuanggu.policies.drafting.fields import all_fields, sections
from jinchuanggu.policies.drafting.write import write

FILES = sorted(OFFICIAL.rglob("*.yaml"))
NEW = prefill.blank(rule_set="measure.sx.trial", title="试行措施", title_en="Trial", starts=date(2026, 1, 1))


def plain(node: Node | None) -> Any:
    """A tree without its places."""
    if isinstance(node, Scalar):
        return (str(node.kind), node.raw)
    if isinstance(node, Mapping):
        return [(key.raw, plain(value)) for key, value in node.entries]
    return [plain(item) for item in node.items] if node is not None else None


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_writing_what_was_read_changes_nothing(file: Path) -> None:
    root = Document(file.read_text("utf-8"), "x").root
    assert plain(parse(write(root), "x")[0]) == plain(root)


@pytest.mark.parametrize("file", FILES[::4], ids=lambda file: "/".join(file.parts[-3:]))
def test_a_form_nobody_touched_changes_no_character(file: Path) -> None:
    text = file.read_text("utf-8")
    typed = {one.name: one.value for one in all_fields(sections(Document(text, "x"))).values()}
    assert edits.applied(text, "x", typed) == text


scalars = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
    st.sampled_from(
        [
            "yes",
            "null",
            "012",
            "1e3",
            "- a",
            "a: b",
            "#x",
            "2024-01-01",
            "R&D",
            "*x",
            "{",
            "'",
            '"',
            "～",
            "％",
        ]
    ),
)


@settings(max_examples=200, deadline=None)
@given(scalars)
def test_any_words_come_back_as_they_were_typed(words: str) -> None:
    words = words.strip()
    text = Document(NEW, "x").changed({"document/title/zh": words, "source": words})
    document = Document(text, "x")
    assert (document.raw("document/title/zh"), document.raw("source")) == (words, words)
    assert document.raw("rule_sets/0/id") == "measure.sx.trial"


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    scalars.map(lambda raw: {"a": raw}),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcxyz"), inner, max_size=3)),
    max_leaves=12,
))  # fmt: skip
def test_any_tree_is_written_so_that_it_reads_the_same(data: Any) -> None:
    from jinchuanggu.engines.rules.nodes import from_python

    root = from_python({"top": data})
    assert plain(parse(write(root), "x")[0]) == plain(root)


def test_a_comment_stays_when_a_value_is_changed() -> None:
    text = NEW.replace("confidence: unknown", "confidence: unknown  # nobody saw it", 1)
    changed = edits.applied(text, "x", {"f:source": "印发本第三条", "f:confidence": "recalled"})
    assert "confidence: recalled  # nobody saw it" in changed
    assert "source: 印发本第三条" in changed


def given_amount(**said: str) -> str:
    return edits.applied(NEW, "x", {f"amount:0:{key}": value for key, value in said.items()})


def test_a_fixed_amount() -> None:
    text = given_amount(choice="fixed", fixed="500,000")
    result = check(text, "x")
    assert result.ready, result.problems
    benefit = result.rule_sets[0].benefit
    assert benefit is not None
    assert (benefit.low, benefit.high) == ("amount", "amount")
    assert Document(text, "x").raw("values/amount/constant") == "500000"


@pytest.mark.parametrize(
    ("said", "facts", "expected"),
    [
        (
            {"choice": "share", "of": "paid_in_capital_cny", "percent": "10", "cap": "200000"},
            "3000000",
            "200000",
        ),
        ({"choice": "share", "of": "paid_in_capital_cny", "percent": "10"}, "3000000", "300000"),
        (
            {"choice": "tiers", "of": "paid_in_capital_cny", "tiers": "100000 1\n1000000 0.5\n* 0.1"},
            "2000000",
            "6500",
        ),
        (
            {"choice": "tiers", "of": "paid_in_capital_cny", "tiers": "100000 1\n0.1", "cap": "1050"},
            "2000000",
            "1050",
        ),
        ({"choice": "range", "low": "300000", "high": "1000000"}, "1", "[300000, 1000000]"),
    ],
)
def test_every_way_of_an_amount_computes_and_comes_back_to_the_form(
    said: dict[str, str], facts: str, expected: str
) -> None:
    text = given_amount(**said)
    example = f"      - {{id: e, given: {{paid_in_capital_cny: {facts}}}, expect: {{amount: {expected}}}}}\n"
    result = check(text + example, "x")
    assert result.ready, (result.problems, result.examples, text)
    back = amount.read(Document(text, "x").root, 0)
    assert back.choice == said["choice"]
    assert {key: getattr(back, key) for key in said if key not in ("choice", "tiers")} == {
        key: value for key, value in said.items() if key not in ("choice", "tiers")
    }
    # another way leaves nothing of the first behind
    unknown = edits.applied(text, "x", {"amount:0:choice": "unknown"})
    assert "values" not in unknown
    assert plain(Document(unknown, "x").root) == plain(Document(NEW, "x").root)


def test_an_amount_made_in_another_way_is_left_to_the_text() -> None:
    text = given_amount(choice="fixed", fixed="1").replace("constant: 1", "product: [a, b]")
    assert amount.read(Document(text, "x").root, 0).choice == amount.Choice.OTHER
    assert edits.applied(text, "x", {"amount:0:choice": "other", "amount:0:fixed": "7"}) == text


def test_a_condition_is_added_judged_otherwise_and_taken_away() -> None:
    text = edits.added_condition(NEW, "x", 0)
    at = "rule_sets/0/criteria/1"
    assert Document(text, "x").raw(f"{at}/id") == "condition_2"
    text = edits.applied(text, "x", {f"f:{at}/@test": "threshold"})
    text = edits.applied(text, "x", {
        f"f:{at}/threshold/input": "staff_total", f"f:{at}/threshold/value": "20", f"f:{at}/clause": "第三条",
        f"f:{at}/article": "职工总数不低于20人。", f"f:{at}/confidence": "searched",
    })  # fmt: skip
    result = check(text, "x")
    assert result.sound, result.problems
    assert Document(text, "x").raw(f"{at}/threshold/unit") == "persons"
    assert edits.without(text, "x", at) == edits.without(edits.added_condition(NEW, "x", 0), "x", at)
    assert edits.without(text, "x", "document") == text


def test_an_unreadable_text_has_no_form() -> None:
    with pytest.raises(Refused):
        edits.applied("a: [", "x", {})


def test_a_text_beyond_all_measure_is_refused_unread() -> None:
    (problem,) = check("x" * (MOST_CHARACTERS + 1), "x").problems
    assert problem.code == "too_large"


def test_a_draft_of_a_later_version_keeps_its_examples_true() -> None:
    file = OFFICIAL / "innovative_sme" / "2026-04-01.yaml"
    text = prefill.taken_out(
        file.read_text("utf-8"), "x", "innovative_sme", starts=date(2028, 3, 1), version="2028-03-01"
    )
    result = check(text, "x")
    assert result.ready, [one for one in result.examples if not one.held]
    assert all(vector.on >= date(2028, 3, 1) for vector in result.rule_sets[0].vectors)


def test_differences_are_told_in_words() -> None:
    assert in_words("staff.status: expected met, got not_met") == "staff：应为 满足，实为 不满足"
    assert in_words("something else") == "something else"
    assert in_words("amount: expected unknown, got 50000") == "金额：应为 未知，实为 50000 元"
    with override("en"):
        assert in_words("amount: expected unknown, got 50000").endswith("50000 CNY")


def test_why_a_text_is_refused_is_told_in_the_readers_language() -> None:
    found = Problem(
        "vector",
        "x.yaml",
        7,
        9,
        "x.vectors(one)",
        got="amount: expected unknown, got 50000; verdict: expected met, got not_met",
    )
    assert told(found, "zh") == (
        "x.yaml:7:9 x.vectors(one): 自带的测试未通过；金额：应为 未知，实为 50000 元; 结论：应为 满足，实为 不满足"
    )
    other = Problem("vector", "x.yaml", 7, 9, "x.vectors(one)")
    assert told(other, "zh") == other.render("zh")
