"""The first text of a draft: one rule set taken out of the file it stands in, its head made ready for a new version."""

from __future__ import annotations

import re
from datetime import date

from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar, Sequence
from jinchuanggu.policies.drafting.document import Document, child, put
from jinchuanggu.policies.drafting.write import write


def taken_out(yaml: str, file: str, rule_set: str, *, starts: date, version: str) -> str:
    """The text of a draft of a new version of one rule set, beginning on a day.

    What other rule sets of the file alone need is left behind; comments stay behind too.
    """
    root = Document(yaml, file).root
    sets = child(root, "rule_sets")
    items = sets.items if isinstance(sets, Sequence) else ()
    body = next(item for item in items if _raw(child(item, "id")) == rule_set)
    # with one rule set left, what it says of itself is said by the head, where the form asks for it
    for key in ("confidence", "source"):
        if (own := child(body, key)) is not None:
            root, body = put(root, key, own), put(body, key, None)
    root = put(root, "rule_sets", Sequence((_moved(body, _raw(child(root, "effective_from")), starts),)))
    for part in ("values", "inputs"):
        root = _only_named(root, part)
    for key, value in (("version", version), ("effective_from", starts.isoformat())):
        root = put(root, key, Scalar(Kind.TEXT, value))
    nothing = Scalar(Kind.NULL, "")
    ends = _raw(child(root, "effective_to"))
    if not ends or ends < starts.isoformat():  # else the document's last day stays: nobody prolonged it
        root = put(root, "effective_to", nothing)
    review = Mapping(
        (
            (Scalar(Kind.TEXT, "status"), Scalar(Kind.TEXT, "draft")),
            (Scalar(Kind.TEXT, "reviewer"), nothing),
            (Scalar(Kind.TEXT, "date"), nothing),
        )
    )
    return write(put(root, "review", review))


_DAY = re.compile(r"(\d{4})(-\d{2}-\d{2})")
_YEAR = re.compile(r"\d{4}")


def _moved(body: Node, old_start: str, starts: date) -> Node:
    """Examples asked about a day before the new version begins are moved by whole years to its time, with every day
    and year of their facts, so that what they show stays the same.
    """
    listed = child(body, "vectors")
    for index in range(len(listed.items) if isinstance(listed, Sequence) else 0):
        example = listed.items[index] if isinstance(listed, Sequence) else None
        asked = _raw(child(example, "on")) or old_start
        years = _years_to(asked, starts)
        if years == 0:
            continue
        body = put(body, f"vectors/{index}/on", Scalar(Kind.TEXT, _later(asked, years)))
        if (given := child(example, "given")) is not None:
            body = put(body, f"vectors/{index}/given", _all_later(given, years))
    return body


def _years_to(asked: str, starts: date) -> int:
    """The fewest whole years after which a day is not before the start."""
    if not _DAY.fullmatch(asked) or asked >= starts.isoformat():
        return 0
    years = starts.year - int(asked[:4])
    return years if _later(asked, years) >= starts.isoformat() else years + 1


def _later(day: str, years: int) -> str:
    moved = f"{int(day[:4]) + years:04}{day[4:]}"
    common = date(int(moved[:4]), 2, 28).toordinal() + 1 == date(int(moved[:4]), 3, 1).toordinal()
    return moved.replace("-02-29", "-02-28") if common else moved


def _all_later(node: Node, years: int) -> Node:
    """Days as values and years as keys, moved."""
    if isinstance(node, Scalar):
        return Scalar(node.kind, _later(node.raw, years)) if _DAY.fullmatch(node.raw) else node
    if isinstance(node, Sequence):
        return Sequence(tuple(_all_later(item, years) for item in node.items))
    return Mapping(
        tuple(
            (
                Scalar(key.kind, str(int(key.raw) + years)) if _YEAR.fullmatch(key.raw) else key,
                _all_later(value, years),
            )
            for key, value in node.entries
        )
    )


def _only_named(root: Node, part: str) -> Node:
    """Without the values or inputs that nothing left names."""
    declared = child(root, part)
    if not isinstance(declared, Mapping):
        return root
    known = {key.raw: value for key, value in declared.entries}
    wanted: set[str] = set()
    waiting = [name for name in _texts(child(root, "rule_sets")) if name in known]
    if part == "inputs":
        waiting += [name for name in _texts(child(root, "values")) if name in known]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += [other for other in _texts(known[name]) if other in known]
    kept = tuple(entry for entry in declared.entries if entry[0].raw in wanted)
    return put(
        root,
        part,
        Mapping(kept) if kept or (part == "inputs" and child(root, "vocabulary") is None) else None,
    )


def _texts(node: Node | None) -> list[str]:
    """Every key and every text under a node."""
    if node is None:
        return []
    if isinstance(node, Scalar):
        return [node.raw]
    if isinstance(node, Sequence):
        return [text for item in node.items for text in _texts(item)]
    return [text for key, value in node.entries for text in (key.raw, *_texts(value))]


def _raw(node: Node | None) -> str:
    return node.raw if isinstance(node, Scalar) else ""


def blank(
    *,
    rule_set: str,
    title: str,
    title_en: str,
    starts: date,
    number: str = "—",
    issuer: str = "",
    issuer_en: str = "",
) -> str:
    """The text of a new measure about which nothing is known yet."""
    day = starts.isoformat()
    values = {
        "version": day, "effective_from": day, "document/issued": day, "document/number": number or "—",
        "document/title/zh": title, "document/title/en": title_en or title,
        "rule_sets/0/id": rule_set, "rule_sets/0/title/zh": title, "rule_sets/0/title/en": title_en or title,
    }  # fmt: skip
    if issuer:
        for place in ("document/issuer", "authority"):
            values |= {f"{place}/zh": issuer, f"{place}/en": issuer_en or issuer}
    return Document(_BLANK, f"{rule_set}.yaml").changed(values)


_BLANK = """version: x
vocabulary: firm
paraphrase: true
document:
  title: {zh: x, en: x}
  number: x
  chapter: "—"
  issuer: {zh: 待填, en: to be filled in}
  issued: x
  url: null
authority: {zh: 待填, en: to be filled in}
effective_from: x
effective_to: null
confidence: unknown
source: 待填：看到的是哪一份文本
review: {status: draft, reviewer: null, date: null}
rule_sets:
  - id: x
    title: {zh: x, en: x}
    subject: firm
    criteria:
      - {id: condition_1, title: {zh: 条件 1, en: Condition 1}, clause: "—", confidence: unknown, pending: {}}
    benefit:
      kind: grant
      beneficiary: {zh: 企业, en: firms}
      amount: null
      delivery: application
      basis: application
      frequency: once
    vectors:
      - {id: empty, note: 什么都不知道, given: {}, expect: {verdict: not_evidenced}}
"""
