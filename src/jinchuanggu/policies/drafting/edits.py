"""What the form changed, put into the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jinchuanggu.engines.rules.nodes import Kind, Node, Scalar
from jinchuanggu.engines.rules.nodes import Mapping as Keyed
from jinchuanggu.engines.rules.nodes import Sequence as Items
from jinchuanggu.policies.drafting import amount as amounts
from jinchuanggu.policies.drafting.document import Document, child, put
from jinchuanggu.policies.drafting.fields import KINDS, all_fields, sections
from jinchuanggu.policies.drafting.names import names_of
from jinchuanggu.policies.drafting.write import write

AMOUNT = "amount:"
LEGAL_DROPS = "rule_sets/"


def applied(text: str, file: str, typed: Mapping[str, str], changed: Iterable[str] | None = None) -> str:
    """The text with the values typed in the form; `changed`: only these fields, else all that differ.

    Raises Refused when the text can't be read as a tree: then the form has nothing to hold on to.
    """
    document = Document(text, file)
    known = all_fields(sections(document))
    wanted = set(typed) if changed is None else set(changed) & set(typed)
    values: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for path, one in known.items():
        if one.name not in wanted:
            continue
        value = typed[one.name].replace("\r\n", "\n").strip()
        if one.kind == "number":
            value = value.replace(",", "").replace("，", "")
        if path.endswith("/@test"):
            kinds[path.removesuffix("/@test")] = value
        elif value != one.value:
            values[path] = value
    numbers = frozenset(path for path in values if known[path].kind == "number")
    for path in [path for path in values if path.endswith("/threshold/input")]:
        # the limit is in the unit of what it limits
        name = names_of(document.root).get(values[path])
        if name is not None and name.unit:
            values[path.removesuffix("input") + "unit"] = name.unit
    if values:
        text = document.changed(values, numbers)
    for at, kind in kinds.items():
        text = _other_test(text, file, at, kind)
    for index in sorted({name.split(":")[1] for name in wanted if name.startswith(AMOUNT)}):
        if index.isdecimal():
            text = _other_amount(text, file, int(index), typed)
    return text


def _other_test(text: str, file: str, at: str, kind: str) -> str:
    """The condition judged in another way; what the form can't say of the new way stays to be filled in."""
    document = Document(text, file)
    node = document.node(at)
    if kind not in KINDS or not isinstance(node, Keyed) or child(node, kind) is not None:
        return text
    names = names_of(document.root)
    number = next((name for name in names.values() if name.number), None)
    flag = next((name for name in names.values() if name.flag), None)
    tests: dict[str, Node] = {
        "pending": Keyed(()),
        "is_true": _pairs(input=flag.id if flag else ""),
        "threshold": _pairs(
            input=number.id if number else "", operator=">=", value="0", unit=number.unit if number else "", wording="不低于"
        ),
    }  # fmt: skip
    entries = tuple((key, value) for key, value in node.entries if key.raw not in KINDS)
    changed = Keyed((*entries, (Scalar(Kind.TEXT, kind), tests[kind])))
    return write(put(document.root, at, changed))


def _other_amount(text: str, file: str, index: int, typed: Mapping[str, str]) -> str:
    document = Document(text, file)
    old = amounts.read(document.root, index)

    def said(key: str, default: str) -> str:
        return typed.get(f"{AMOUNT}{index}:{key}", default).strip()

    choice = said("choice", old.choice)
    if choice not in list(amounts.Choice) or choice == amounts.Choice.OTHER:
        return text
    new = amounts.Amount(
        amounts.Choice(choice), fixed=said("fixed", old.fixed), of=said("of", old.of), percent=said("percent", old.percent),
        cap=said("cap", old.cap), low=said("low", old.low), high=said("high", old.high),
        tiers=amounts.read_tiers(typed.get(f"{AMOUNT}{index}:tiers", old.tier_lines)),
    )  # fmt: skip
    root = amounts.store(document.root, index, new)
    return text if _alike(root, document.root) else write(root)


def added_condition(text: str, file: str, index: int) -> str:
    """One more condition at the end of a rule set, open until somebody says what it asks."""
    document = Document(text, file)
    place = f"rule_sets/{index}/criteria"
    listed = document.node(place)
    taken = {
        document.raw(f"{place}/{at}/id")
        for at in range(len(listed.items) if isinstance(listed, Items) else 0)
    }
    number = next(n for n in range(1, 10_000) if f"condition_{n}" not in taken)
    condition = Keyed(
        (
            _entry("id", f"condition_{number}"),
            (Scalar(Kind.TEXT, "title"), _pairs(zh=f"条件 {number}", en=f"Condition {number}")),
            _entry("clause", "—"),
            _entry("confidence", "unknown"),
            (Scalar(Kind.TEXT, "pending"), Keyed(())),
        )
    )
    items = listed.items if isinstance(listed, Items) else ()
    return write(put(document.root, place, Items((*items, condition))))


def without(text: str, file: str, path: str) -> str:
    """The text without one condition; other paths are left alone."""
    document = Document(text, file)
    parts = path.split("/")
    if (
        not (len(parts) == 4 and path.startswith(LEGAL_DROPS) and parts[2] == "criteria")
        or document.node(path) is None
    ):
        return text
    return write(put(document.root, path, None))


def _entry(key: str, raw: str) -> tuple[Scalar, Node]:
    return Scalar(Kind.TEXT, key), Scalar(Kind.TEXT, raw)


def _pairs(**texts: str) -> Keyed:
    numbers = {"value"}
    return Keyed(
        tuple(
            (
                Scalar(Kind.TEXT, key),
                Scalar(Kind.NUMBER if key in numbers else Kind.TEXT if raw else Kind.NULL, raw),
            )
            for key, raw in texts.items()
        )
    )


def _alike(a: Node | None, b: Node | None) -> bool:
    """The same content, wherever it stands."""
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return (a.kind, a.raw) == (b.kind, b.raw)
    if isinstance(a, Items) and isinstance(b, Items):
        return len(a.items) == len(b.items) and all(map(_alike, a.items, b.items))
    if isinstance(a, Keyed) and isinstance(b, Keyed):
        return [key.raw for key, _value in a.entries] == [key.raw for key, _value in b.entries] and all(
            _alike(x, y) for (_k, x), (_j, y) in zip(a.entries, b.entries, strict=True)
        )
    return False
