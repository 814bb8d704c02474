"""Score schemes of a rule file: parts that nest, bands in the order they are tried, a pass mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from jinchuanggu.engines.rules.input_use import InputUse, hidden, quotient
from jinchuanggu.engines.rules.model import Band, InputType, Score, ScorePart, Test
from jinchuanggu.engines.rules.nodes import Mapping, Node, Sequence
from jinchuanggu.engines.rules.reading import is_null, join, nearest
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.units import decimal_of

KINDS = ("input", "ratio", "code", "is_true", "expert", "parts", "best_of")
KEYS = ("id", "title", *KINDS, "bands", "options", "otherwise", "undefined", "points", "most", "judge", "cap")
OWNERS = {
    "bands": ("input", "ratio"),
    "otherwise": ("input", "ratio", "code", "is_true"),
    "undefined": ("input", "ratio"),
    "options": ("code",),
    "points": ("is_true",),
    "most": ("expert",),
    "cap": ("parts", "best_of"),
    "judge": tuple(kind for kind in KINDS if kind != "expert"),
}
"""Which keys go with which kind of part."""
NEEDED = {
    "input": ("bands",),
    "ratio": ("bands",),
    "code": ("options",),
    "is_true": ("points",),
    "expert": ("most",),
}


def score(use: InputUse, node: Node, path: str) -> Test | None:
    """Points against a pass mark: of parts written here, or ``of`` a scheme of the rule set or a part of one."""
    required = ("operator", "value", "unit", "wording")
    found = use.reader.mapping(node, path, ("of", "parts", "cap", *required), required)
    operator = use.operator(found, path)
    limit = use.limit(found, path, "points")
    if ("of" in found) is ("parts" in found):
        got = "of, parts" if "of" in found else None
        use.reader.problem("one_test", node, path, expected=same("of | parts"), got=got)
        return None
    if "of" in found:
        part = _named(use, found["of"], join(path, "of"))
        if operator is None or limit is None or part is None:
            return None
        if part.parts and not part.best and part.judge is None:
            return Score(part.parts, operator[0], limit, operator[1], part.id, part.cap)
        return Score((part,), operator[0], limit, operator[1], part.id)
    parts = _several(use, found["parts"], join(path, "parts"))
    cap = use.number(found, "cap", path)
    if operator is None or limit is None or not parts:
        return None
    return Score(parts, operator[0], limit, operator[1], cap=cap)


def _named(use: InputUse, node: Node, path: str) -> ScorePart | None:
    name = use.reader.text(node, path)
    if name is None or name in use.scores:
        return use.scores[name] if name is not None else None
    near = nearest(name, use.scores)
    use.reader.problem("unknown_part", node, path, got=name, suggestion=near)
    return None


def read_schemes(use: InputUse, node: Node, path: str) -> tuple[ScorePart, ...]:
    """The score schemes of a rule set."""
    return _several(use, node, path)


def named_parts(node: Node | None) -> set[str]:
    """The ids of all parts as written, so that a part that could not be read is not also called unknown."""
    found: set[str] = set()
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            for key, value in one.entries:
                if key.raw == "id":
                    found.add(getattr(value, "raw", ""))
                elif key.raw in ("parts", "best_of"):
                    waiting.append(value)
        else:
            waiting.extend(getattr(one, "items", ()))
    return found


def walk(parts: tuple[ScorePart, ...]) -> list[ScorePart]:
    """Every part, parents first."""
    found: list[ScorePart] = []
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting.extend(reversed(part.parts))
    return found


def _several(use: InputUse, node: Node, path: str) -> tuple[ScorePart, ...]:
    nodes = use.reader.sequence(node, path)
    if nodes is not None and not nodes:
        use.reader.problem("blank", node, path)
    parts = [_part(use, item, f"{path}[{index}]") for index, item in enumerate(nodes or ())]
    return tuple(part for part in parts if part is not None)


def _part(use: InputUse, node: Node, path: str) -> ScorePart | None:
    reader = use.reader
    found = reader.mapping(node, path, KEYS, ("id", "title"))
    name = reader.text(found["id"], join(path, "id")) if "id" in found else None
    path = f"{path}({name})" if name else path
    title = reader.both(found["title"], join(path, "title")) if "title" in found else None
    kinds = [key for key in KINDS if key in found]
    if len(kinds) != 1:
        reader.problem("one_test", node, path, expected=same(" | ".join(KINDS)), got=", ".join(kinds) or None)
        return None
    for key, owners in OWNERS.items():
        if key in found and kinds[0] not in owners:
            reader.problem("unknown_key", found[key], join(path, key), got=f"{key} ({kinds[0]})")
    for key in NEEDED.get(kinds[0], ()):
        if key not in found:
            reader.problem("missing_key", node, join(path, key), expected=same(key))
    judge = use.input(found, "judge", path, InputType.EXPERT)
    head = ScorePart(
        name or "",
        title or same(""),
        None,
        None,
        (),
        otherwise=use.number(found, "otherwise", path) or Fraction(0),
        most=Fraction(0),
        judge=judge.id if judge else None,
        undefined=use.number(found, "undefined", path),
        cap=use.number(found, "cap", path),
    )
    part = _READERS[kinds[0]](use, found, path, head)
    if part is None or name is None or title is None:
        return None
    return with_most(part)


def _input(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    declared = use.input(found, "input", path, InputType.NUMBER)
    bands = _bands(use, found, path, declared.unit if declared else None)
    return replace(head, input=declared.id, bands=bands) if declared and bands else None


def _ratio(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    keys, at = ("numerator", "denominator"), join(path, "ratio")
    names = quotient(use, found["ratio"], use.reader.mapping(found["ratio"], at, keys, keys), at)
    bands = _bands(use, found, path, "percent")
    return replace(head, ratio=names, bands=bands) if names and bands else None


def with_most(part: ScorePart) -> ScorePart:
    """The part with the most points it can give worked out again (not where a figure of its own says so)."""
    if part.parts:
        several = [child.most for child in part.parts]
        most = max(several) if part.best else sum(several, Fraction(0))
        return replace(part, most=most if part.cap is None else min(most, part.cap))
    if part.code is not None:
        ends = [high for _, high in part.options.values()]
    elif part.bands:
        ends = [band.points if band.most is None else band.most for band in part.bands]
    else:
        return part
    ends.append(part.otherwise)
    return replace(part, most=max(ends if part.undefined is None else [*ends, part.undefined]))


def _code(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    declared = use.input(found, "code", path, InputType.CODE)
    options: dict[str, tuple[Fraction, Fraction]] = {}
    table, at = found.get("options"), join(path, "options")
    if isinstance(table, Mapping):
        use.accepted(declared, table, at)
        for key, value in table.entries:
            points = None if is_null(value) else _points(use, value, join(at, key.raw))
            if points is not None:
                options[key.raw] = points
    elif table is not None:
        use.reader.mapping(table, at, ())
    if declared is None or not options:
        return None
    return replace(head, code=declared.id, options=options)


def _is_true(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    declared = use.input(found, "is_true", path, InputType.BOOLEAN)
    points = use.number(found, "points", path)
    if declared is None or points is None:
        return None
    return replace(head, statement=declared.id, most=points)


def _expert(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    declared = use.input(found, "expert", path, InputType.EXPERT)
    most = use.number(found, "most", path)
    return None if declared is None or most is None else replace(head, judge=declared.id, most=most)


def _parts(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    parts = _several(use, found["parts"], join(path, "parts"))
    return replace(head, parts=parts) if parts else None


def _best_of(use: InputUse, found: dict[str, Node], path: str, head: ScorePart) -> ScorePart | None:
    parts = _several(use, found["best_of"], join(path, "best_of"))
    return replace(head, best=True, parts=parts) if parts else None


_READERS: dict[str, Callable[[InputUse, dict[str, Node], str, ScorePart], ScorePart | None]] = {
    "input": _input,
    "ratio": _ratio,
    "code": _code,
    "is_true": _is_true,
    "expert": _expert,
    "parts": _parts,
    "best_of": _best_of,
}


def _points(use: InputUse, node: Node, path: str) -> tuple[Fraction, Fraction] | None:
    """A number, or ``[low, high]`` where experts choose within the band."""
    if not isinstance(node, Sequence):
        number = use.reader.number(node, path, negative=True)
        return None if number is None else (Fraction(number), Fraction(number))
    ends = [
        use.reader.number(item, f"{path}[{index}]", negative=True) for index, item in enumerate(node.items)
    ]
    known = [Fraction(end) for end in ends if end is not None]
    if len(known) == len(ends) == 2 and known[0] <= known[1]:
        return known[0], known[1]
    if len(known) == len(ends):
        use.reader.problem("number", node, path, expected=same("n | [low, high]"))
    return None


def _bands(use: InputUse, found: dict[str, Node], path: str, unit: str | None) -> tuple[Band, ...]:
    """Bands in the order they are tried; a band an earlier one always hides is a mistake."""
    path = join(path, "bands")
    nodes = use.reader.sequence(found["bands"], path) if "bands" in found else ()
    bands: list[Band] = []
    for index, node in enumerate(nodes or ()):
        at = f"{path}[{index}]"
        keys = ("operator", "value", "unit", "points")
        parts = use.reader.mapping(node, at, (*keys, "shared_edge"), keys)
        compared = use.band(parts, at, unit)
        points = _points(use, parts["points"], join(at, "points")) if "points" in parts else None
        shared = False
        if "shared_edge" in parts:
            shared = bool(use.reader.boolean(parts["shared_edge"], join(at, "shared_edge")))
        if compared is None or points is None:
            continue
        low, high = points
        band = Band(*compared, low, None if low == high else high, shared)
        if bands and hidden((bands[-1].operator, bands[-1].limit), compared):
            use.reader.problem("band_order", node, at, got=f"{band.operator} {decimal_of(band.limit):f}")
        bands.append(band)
    if nodes is not None and "bands" in found and not nodes:
        use.reader.problem("blank", found["bands"], path)
    return tuple(bands)
