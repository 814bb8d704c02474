"""Score bands of a rule file: parts, bands in the order they are tried, a pass mark."""

from __future__ import annotations

from fractions import Fraction

from jinchuanggu.engines.rules.input_use import InputUse, quotient
from jinchuanggu.engines.rules.model import Band, InputType, Score, ScorePart, Test
from jinchuanggu.engines.rules.nodes import Node
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.reading import join
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.units import decimal_of


def score(use: InputUse, node: Node, path: str) -> Test | None:
    keys = ("parts", "operator", "value", "unit", "wording")
    found = use.reader.mapping(node, path, keys, keys)
    operator = use.operator(found, path)
    limit = use.limit(found, path, "points")
    nodes = use.reader.sequence(found["parts"], join(path, "parts")) if "parts" in found else None
    parts = [_part(use, item, f"{join(path, 'parts')}[{index}]") for index, item in enumerate(nodes or ())]
    if nodes is not None and not nodes:
        use.reader.problem("blank", found["parts"], join(path, "parts"))
    complete = tuple(part for part in parts if part is not None)
    if operator is None or limit is None or not complete:
        return None
    return Score(complete, operator[0], limit, operator[1])


def _part(use: InputUse, node: Node, path: str) -> ScorePart | None:
    keys = ("id", "title", "input", "ratio", "expert", "bands", "otherwise", "most")
    found = use.reader.mapping(node, path, keys, ("id", "title"))
    name = use.reader.text(found["id"], join(path, "id")) if "id" in found else None
    title = use.reader.both(found["title"], join(path, "title")) if "title" in found else None
    kinds = [key for key in ("input", "ratio", "expert") if key in found]
    if len(kinds) != 1:
        use.reader.problem(
            "one_test", node, path, expected=same("input | ratio | expert"), got=", ".join(kinds) or None
        )
        return None
    input_id, names, unit = None, None, "percent"
    if kinds == ["expert"]:
        declared = use.input(found, "expert", path, InputType.EXPERT)
        most = use.number(found, "most", path)
        if most is None and "most" not in found:
            use.reader.problem("missing_key", node, join(path, "most"), expected=same("most"))
        if declared is None or name is None or title is None or most is None:
            return None
        return ScorePart(declared.id, title, None, None, (), Fraction(0), most)
    if kinds == ["input"]:
        declared = use.input(found, "input", path, InputType.NUMBER)
        if declared is None or declared.unit is None:
            return None
        input_id, unit = declared.id, declared.unit
    else:
        parts = use.reader.mapping(
            found["ratio"], join(path, "ratio"), ("numerator", "denominator"), ("numerator", "denominator")
        )
        names = quotient(use, found["ratio"], parts, join(path, "ratio"))
        if names is None:
            return None
    bands = _bands(use, found, path, unit)
    otherwise = use.number(found, "otherwise", path) or Fraction(0)
    if name is None or title is None or not bands:
        return None
    most = max([band.points for band in bands] + [otherwise])
    return ScorePart(name, title, input_id, names, bands, otherwise, most)


def _bands(use: InputUse, found: dict[str, Node], path: str, unit: str) -> tuple[Band, ...]:
    """Bands in the order they are tried; a band an earlier one always hides is a mistake."""
    path = join(path, "bands")
    nodes = use.reader.sequence(found["bands"], path) if "bands" in found else ()
    bands: list[Band] = []
    for index, node in enumerate(nodes or ()):
        at = f"{path}[{index}]"
        keys = ("operator", "value", "unit", "points")
        parts = use.reader.mapping(node, at, keys, keys)
        said = (
            use.reader.choice(parts["operator"], join(at, "operator"), [*Operator])
            if "operator" in parts
            else None
        )
        limit, points = use.limit(parts, at, unit), use.number(parts, "points", at)
        if said is None or limit is None or points is None:
            continue
        band = Band(Operator(said), limit, points)
        if bands and _hidden(bands[-1], band):
            use.reader.problem("band_order", node, at, got=f"{said} {decimal_of(limit):f}")
        bands.append(band)
    return tuple(bands)


def _hidden(before: Band, band: Band) -> bool:
    """Whether whatever the band takes was already taken by the band before it."""
    for strict, loose, sign in ((Operator.MORE, Operator.AT_LEAST, 1), (Operator.LESS, Operator.AT_MOST, -1)):
        if {before.operator, band.operator} <= {strict, loose}:
            opens_edge = before.operator is strict and band.operator is loose
            apart = sign * (band.limit - before.limit)
            return apart > 0 or (apart == 0 and not opens_edge)
    return before.operator is band.operator and before.limit == band.limit
