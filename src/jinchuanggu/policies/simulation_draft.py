"""A simulated rule set as a draft of its next version: the turned numbers are put where they stand in the rule text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.rules import knobs, load_text
from jinchuanggu.engines.rules.nodes import Kind, Node, Scalar, Sequence
from jinchuanggu.engines.rules.nodes import Mapping as Keyed
from jinchuanggu.policies.drafting.document import Document, child, put
from jinchuanggu.policies.drafting.write import write

SET = "rule_sets/0"
_TESTS = ("threshold", "ratio", "growth", "count", "score")
_STEP = re.compile(r"([a-z_]+)(?:\[([^\]]+)\])?")
_FORMULAS = ("constant", "share", "lookup", "stepped", "tiers", "stairs")


class Unplaced(ValueError):
    """A number whose place in the text was not found; ``key`` is its knob."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def with_numbers(text: str, file: str, turns: Mapping[str, Decimal], pay: Mapping[int, Decimal]) -> str:
    """The text of a draft with other numbers; `pay`: the shares paid from each year on, where it has no schedule.

    The result is read again and every number compared with what was asked. Raises Unplaced, and Refused for a text
    that cannot be read.
    """
    document = Document(text, file)
    places = {key: place(document, key) for key in turns}
    missing = next((key for key, path in places.items() if path is None), None)
    if missing is not None:
        raise Unplaced(missing)
    values = {str(path): plain(turns[key]) for key, path in places.items()}
    changed = document.changed(values, frozenset(values))
    if pay:
        changed = _scheduled(changed, file, pay)
    (found, *_others) = load_text(changed, file, check_vectors=False)
    now = {knob.key: knob.value for knob in knobs(found)}
    for key, value in turns.items():
        if now.get(key) != value:
            raise Unplaced(key)
    return changed


def place(document: Document, key: str) -> str | None:
    """Where a knob stands in the text of a draft with one rule set, or None."""
    kind, _, rest = key.partition(":")
    name, _, tail = rest.partition(".")
    if kind == "benefit":
        return _benefit(document, rest)
    if kind == "value":
        return _value(document, name, tail)
    # ids of criteria and parts hold no dot
    wanted = "criteria" if kind == "criterion" else "scores"
    for path, node in _walk(document.node(SET) or Keyed(()), SET):
        if _raw(child(node, "id")) != name or not _within(path, wanted):
            continue
        found = _criterion(node, path, tail) if kind == "criterion" else _part(document, path, tail)
        if found is not None:
            return found
    return None


def _walk(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every mapping below a node, with its path."""
    if isinstance(node, Keyed):
        yield path, node
        for key, value in node.entries:
            yield from _walk(value, f"{path}/{key.raw}")
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _walk(item, f"{path}/{index}")


def _within(path: str, part: str) -> bool:
    """Score parts may also stand inside a criterion; criteria stand in criteria only, and examples are neither."""
    steps = path.split("/")
    inside = "criteria" in steps and "parts" in steps
    return "vectors" not in steps and (part in steps or (part == "scores" and inside))


def _criterion(node: Node, path: str, tail: str) -> str | None:
    if tail == "least":
        return f"{path}/at_least/n" if child(node, "at_least") is not None else None
    test = next((one for one in _TESTS if child(node, one) is not None), None)
    return f"{path}/{test}/value" if test and tail == "limit" else None


def _part(document: Document, path: str, tail: str) -> str | None:
    steps = [(match[1], match[2]) for match in map(_STEP.fullmatch, tail.split(".")) if match]
    if not steps:
        return None
    (head, at), last = steps[0], steps[-1][0]
    inside = f"{path}/{head}/{at}" if at is not None else path
    if head == "bands" and last == "limit":
        return f"{inside}/value"
    if last in ("points", "most"):
        # options stand as `code: points`, bands as `{points: …}`; an interval is a list of two
        where = inside if head == "options" else f"{inside}/points"
        if head == "most" and document.node(f"{path}/expert") is not None:
            return f"{path}/most"
        if isinstance(document.node(where), Sequence):
            return f"{where}/{0 if last == 'points' else 1}"
        return where if document.node(where) is not None else f"{path}/{last}"
    return f"{path}/{head}"


def _value(document: Document, name: str, tail: str) -> str | None:
    base = next(
        (one for one in (f"values/{name}", f"{SET}/values/{name}") if document.node(one) is not None), None
    )
    if base is None:
        return None
    formula = next((one for one in _FORMULAS if document.node(f"{base}/{one}") is not None), None)
    if formula == "constant":
        return f"{base}/constant"
    if formula == "share":
        return f"{base}/share/value"
    steps = [(match[1], match[2]) for match in map(_STEP.fullmatch, tail.split(".")) if match]
    if formula is None or not steps:
        return None
    head, at = steps[0]
    if at is None:
        return f"{base}/{formula}/{head}"
    if head == "options":
        return f"{base}/{formula}/options/{at}"
    last = steps[-1][0]
    if formula == "stepped":
        last = {"limit": "value", "value": "then"}.get(last, last)
    return f"{base}/{formula}/{head}/{at}/{last}"


def _benefit(document: Document, rest: str) -> str | None:
    if rest == "pool.cap":
        return f"{SET}/benefit/pool/cap"
    match = re.fullmatch(r"step_down\[(\d+)\]\.percent", rest)
    path = f"{SET}/benefit/step_down/{match[1]}/percent" if match else None
    return path if path and document.node(path) is not None else None


def _scheduled(text: str, file: str, pay: Mapping[int, Decimal]) -> str:
    """The text with a schedule of these shares, each from the first of January of its year."""
    steps = tuple(
        Keyed(
            (
                (Scalar(Kind.TEXT, "from"), Scalar(Kind.TEXT, f"{year}-01-01")),
                (Scalar(Kind.TEXT, "percent"), Scalar(Kind.NUMBER, plain(share))),
            )
        )
        for year, share in sorted(pay.items())
    )
    return write(put(Document(text, file).root, f"{SET}/benefit/step_down", Sequence(steps)))


def _raw(node: Node | None) -> str:
    return node.raw if isinstance(node, Scalar) else ""
