"""How much a measure gives, as a form can say it: fixed, a share with a cap, tiers, a range, or not known.

Behind it stand named values of the rule text (see docs/rules.md). What is made in another way is left to the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar, Sequence
from jinchuanggu.engines.rules.yaml_nodes import plain_kind
from jinchuanggu.policies.drafting.document import child, put


class Choice(StrEnum):
    UNKNOWN = "unknown"
    FIXED = "fixed"
    SHARE = "share"
    TIERS = "tiers"
    RANGE = "range"
    OTHER = "other"


@dataclass(slots=True)
class Amount:
    """Figures as typed: yuan and percent. `tiers`: (up to, percent) with an empty limit for the last."""

    choice: Choice = Choice.UNKNOWN
    fixed: str = ""
    of: str = ""
    percent: str = ""
    cap: str = ""
    low: str = ""
    high: str = ""
    tiers: list[tuple[str, str]] = field(default_factory=list)
    names: tuple[str, ...] = ()

    @property
    def tier_lines(self) -> str:
        """Tiers as a text area shows them: one per line, limit and percent."""
        return "\n".join(f"{limit or '*'} {percent}" for limit, percent in self.tiers)


def read_tiers(text: str) -> list[tuple[str, str]]:
    """`100000 1` per line; `*` or nothing before the percent: without end."""
    tiers = []
    for line in text.splitlines():
        parts = line.replace("，", " ").replace(",", " ").replace("%", " ").split()
        if len(parts) == 1:
            parts = ["*", parts[0]]
        if len(parts) >= 2:
            tiers.append(("" if parts[0] == "*" else parts[0], parts[1]))
    return tiers


def read(root: Node, index: int) -> Amount:
    """What the rule set at this place gives, as far as the form knows the way it is made."""
    benefit = _at(root, f"rule_sets/{index}/benefit")
    amount = child(benefit, "amount")
    if amount is None or _null(amount):
        return Amount()
    if isinstance(amount, Mapping):
        low, high = _raw(child(amount, "from")), _raw(child(amount, "to"))
        numbers = [_constant(root, name) for name in (low, high)]
        if all(numbers):
            return Amount(Choice.RANGE, low=numbers[0], high=numbers[1], names=(low, high))
        return Amount(Choice.OTHER)
    return _single(root, _raw(amount))


def _single(root: Node, name: str) -> Amount:
    if number := _constant(root, name):
        return Amount(Choice.FIXED, fixed=number, names=(name,))
    value = _at(root, f"values/{name}")
    inner, cap, names = name, "", (name,)
    least = child(value, "least")
    if isinstance(least, Sequence) and len(least.items) == 2:
        first, second = (_raw(item) for item in least.items)
        if cap := _constant(root, second):
            inner, names = first, (name, first, second)
        elif cap := _constant(root, first):
            inner, names = second, (name, first, second)
    share, tiers = _at(root, f"values/{inner}/share"), _at(root, f"values/{inner}/tiers")
    if isinstance(share, Mapping):
        return Amount(
            Choice.SHARE,
            of=_raw(child(share, "of")),
            percent=_raw(child(share, "value")),
            cap=cap,
            names=names,
        )
    rows = child(tiers, "tiers")
    if isinstance(rows, Sequence):
        pairs = [(_raw(child(row, "up_to")), _raw(child(row, "percent"))) for row in rows.items]
        return Amount(Choice.TIERS, of=_raw(child(tiers, "of")), tiers=pairs, cap=cap, names=names)
    return Amount(Choice.OTHER)


def store(root: Node, index: int, amount: Amount) -> Node:
    """The tree with the amount made in this way; OTHER leaves it alone."""
    if amount.choice is Choice.OTHER:
        return root
    sets = _at(root, "rule_sets")
    single = isinstance(sets, Sequence) and len(sets.items) == 1
    prefix = "amount" if single else f"amount_{index + 1}"
    place = f"rule_sets/{index}/benefit/amount"
    old = read(root, index)
    root = put(root, place, Scalar(Kind.NULL, ""))
    # the outermost first: a value is taken away once nothing names it
    mine = (f"{prefix}{end}" for end in ("", "_base", "_cap", "_low", "_high"))
    for name in dict.fromkeys((*old.names, *mine)):
        if _at(root, f"values/{name}") is not None and not _used(root, name):
            root = put(root, f"values/{name}", None)
    if amount.choice is Choice.UNKNOWN:
        return _without_empty_values(root)
    return _values_first(_made(root, place, prefix, amount))


def _made(root: Node, place: str, prefix: str, amount: Amount) -> Node:
    if amount.choice is Choice.RANGE:
        root = put(
            root, f"values/{prefix}_low", _value("最低金额", "Least amount", "constant", _number(amount.low))
        )
        root = put(
            root,
            f"values/{prefix}_high",
            _value("最高金额", "Greatest amount", "constant", _number(amount.high)),
        )
        return put(root, place, _pairs({"from": _text(f"{prefix}_low"), "to": _text(f"{prefix}_high")}))
    root = put(root, place, _text(prefix))
    if amount.choice is Choice.FIXED:
        return put(root, f"values/{prefix}", _value("金额", "Amount", "constant", _number(amount.fixed)))
    if amount.choice is Choice.SHARE:
        way, formula = (
            "share",
            _pairs({"of": _text(amount.of), "value": _number(amount.percent), "unit": _text("percent")}),
        )
    else:
        way, formula = "tiers", _pairs({"of": _text(amount.of), "tiers": _tiers(amount.tiers)})
    if not amount.cap:
        return put(root, f"values/{prefix}", _value("金额", "Amount", way, formula))
    root = put(root, f"values/{prefix}_base", _value("封顶前金额", "Amount before the cap", way, formula))
    root = put(root, f"values/{prefix}_cap", _value("最高金额", "Cap", "constant", _number(amount.cap)))
    least = Sequence((_text(f"{prefix}_base"), _text(f"{prefix}_cap")))
    return put(root, f"values/{prefix}", _value("金额", "Amount", "least", least))


def _values_first(root: Node) -> Node:
    """Values stand before the rule sets that read them."""
    if not isinstance(root, Mapping):
        return root
    values = [entry for entry in root.entries if entry[0].raw == "values"]
    rest = [entry for entry in root.entries if entry[0].raw != "values"]
    at = next((n for n, (key, _value) in enumerate(rest) if key.raw == "rule_sets"), len(rest))
    return Mapping((*rest[:at], *values, *rest[at:]))


def _tiers(tiers: list[tuple[str, str]]) -> Node:
    return Sequence(
        tuple(
            _pairs({**({"up_to": _number(limit)} if limit else {}), "percent": _number(percent)})
            for limit, percent in tiers
        )
    )


def _value(zh: str, en: str, way: str, formula: Node) -> Node:
    return _pairs({"unit": _text("cny"), "title": _pairs({"zh": _text(zh), "en": _text(en)}), way: formula})


def _pairs(entries: dict[str, Node]) -> Mapping:
    return Mapping(tuple((Scalar(Kind.TEXT, key), value) for key, value in entries.items()))


def _text(raw: str) -> Scalar:
    return Scalar(Kind.TEXT, raw) if raw else Scalar(Kind.NULL, "")


def _number(raw: str) -> Scalar:
    """As typed: what isn't a number stays text, so that the check can say where and why."""
    raw = raw.replace(",", "").replace("，", "").strip()
    return Scalar(plain_kind(raw) if raw else Kind.NULL, raw)


def _at(root: Node, path: str) -> Node | None:
    node: Node | None = root
    for step in path.split("/"):
        node = child(node, step)
    return node


def _raw(node: Node | None) -> str:
    return node.raw if isinstance(node, Scalar) and node.kind is not Kind.NULL else ""


def _null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind is Kind.NULL


def _constant(root: Node, name: str) -> str:
    """The number of a constant value, else nothing."""
    return _raw(_at(root, f"values/{name}/constant")) if name else ""


def _used(node: Node, name: str) -> bool:
    """Whether a value's name stands anywhere as a value."""
    if isinstance(node, Scalar):
        return node.kind is Kind.TEXT and node.raw == name
    items = [value for _key, value in node.entries] if isinstance(node, Mapping) else list(node.items)
    return any(_used(item, name) for item in items)


def _without_empty_values(root: Node) -> Node:
    values = child(root, "values")
    return put(root, "values", None) if isinstance(values, Mapping) and not values.entries else root
