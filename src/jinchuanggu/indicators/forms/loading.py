"""Reads a form file. Everything that is wrong in it is told at once, with line, column and what would be right.

The format: docs/filings.md.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.engines.rules.formulas import operands
from jinchuanggu.engines.rules.input_use import InputUse
from jinchuanggu.engines.rules.load_values import read_values
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar
from jinchuanggu.engines.rules.problems import Refused
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.source import parse
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.definitions.formula import KINDS as FORMULA_KINDS
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.forms.checks import read_checks
from jinchuanggu.indicators.forms.model import Cell, Due, Form, Reference, Section

LEVELS = ("firm", "valley", "city")
PERIODS = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}
FITS = {"month": ("month", "moment"), "quarter": ("quarter",), "year": ("year",)}
"""Periods of indicators that a form of a period may ask for; a moment is kept by month."""
RECORDS = {"full_time_staff": "persons"}
WRITES = ("full_time_staff", "yearly_revenue", "figure")
MOST_BACK = 24
KEYS = ("id", "version", "title", "note", "level", "period", "by", "first", "due", "steps", "remind", "references",
        "sections", "values", "checks")  # fmt: skip
CELL_KEYS = ("indicator", "title", "required", "negative", "at_least", "at_most", "note", "why", "prefill", "fill",
             "readonly", "writes", "decimals")  # fmt: skip
SOURCES = {
    "before": Text("往期报送", "an earlier period"),
    "sum": Text("分期报表合计", "the sum of the shorter forms"),
    "last": Text("最近一期报表", "the last of the shorter forms"),
    "record": Text("入驻单位记录", "the residents' records"),
    "value": Text("系统按记录计算", "computed from the records"),
}


class Needs:
    """What other files say: indicators by key, and forms read already (for references to their cells)."""

    def __init__(self, indicators: AnyMapping[str, Indicator], forms: AnyMapping[str, Form]) -> None:
        self.indicators, self.forms = indicators, forms


def read_form(text: str, name: str, needs: Needs) -> Form:
    """One form from the text of its file. Raises Refused with every problem."""
    root, problems = parse(text, name)
    reader = Reader(name, problems)
    form = _form(reader, root, needs)
    reader.finish()
    if form is None:  # every way to get here has noted a problem
        raise Refused(reader.problems)
    return form


def _form(reader: Reader, root: Node, needs: Needs) -> Form | None:
    required = ("id", "version", "title", "level", "period", "by", "first", "due", "steps", "sections")
    found = reader.mapping(root, "", KEYS, required)
    form_id = reader.text(found["id"], "id") if "id" in found else None
    title = reader.both(found["title"], "title") if "title" in found else None
    version = reader.integer(found["version"], "version") if "version" in found else None
    level = reader.choice(found["level"], "level", LEVELS) if "level" in found else None
    kind = reader.choice(found["period"], "period", tuple(PERIODS)) if "period" in found else None
    by = [reader.choice(node, f"by[{n}]", tuple(Role.values))
          for n, node in enumerate(reader.sequence(found["by"], "by") or ())] if "by" in found else []  # fmt: skip
    first = _period(reader, found["first"], kind) if "first" in found else None
    due = _due(reader, found["due"]) if "due" in found else None
    steps = (
        reader.mapping(found["steps"], "steps", ("check", "review"), ("review",)) if "steps" in found else {}
    )
    remind = reader.mapping(found["remind"], "remind", ("before", "after"), ()) if "remind" in found else {}
    sections = _sections(reader, found["sections"], kind, needs) if "sections" in found else ()
    cells = {cell.key: cell for section in sections for cell in section.cells}
    references = _references(reader, found.get("references"), cells, needs, kind)
    _check_prefills(reader, found.get("sections"), references)
    names: dict[str, Input] = {
        key: Input(key, InputType.NUMBER, cell.title, cell.unit) for key, cell in cells.items()
    }
    names |= {key: Input(key, InputType.NUMBER, ref.title, ref.unit) for key, ref in references.items()}
    every = read_values(reader, found.get("values"), "values", names)
    values = {key: one for key, one in every.items() if key not in names}
    _plain_formulas(reader, found.get("values"), values)
    checks = read_checks(reader, found.get("checks"), InputUse(reader, every, None), cells)
    after = [reader.integer(n, "remind.after") for n in _items(reader, remind.get("after"), "remind.after")]
    numbers = {key: reader.integer(node, join("steps", key)) for key, node in steps.items()}
    before = reader.integer(remind["before"], "remind.before") if "before" in remind else 3
    if reader.problems or not (form_id and title and version and level and kind and first and due):
        return None
    return Form(
        id=form_id, version=version, title=title, level=level, period=PERIODS[kind], by=tuple(b for b in by if b),
        due=due, check_days=numbers.get("check") or 0, review_days=numbers["review"] or 0, remind_before=before or 0,
        remind_after=tuple(day for day in after if day), first=first, sections=sections,
        note=reader.both(found["note"], "note") if "note" in found else None, references=references, values=values,
        checks=checks, names=every, cells=cells,
    )  # fmt: skip


def _items(reader: Reader, node: Node | None, path: str) -> tuple[Node, ...]:
    return () if node is None else reader.sequence(node, path) or ()


def _period(reader: Reader, node: Node, kind: str | None) -> Period | None:
    raw = reader.text(node, "first", plain=True)
    try:
        found = None if raw is None else Period.parse(raw)
    except ValueError:
        found = None
    if raw is not None and (found is None or (kind and found.kind is not PERIODS[kind])):
        asked = {"month": "2026-01", "quarter": "2026Q1", "year": "2026"}.get(kind or "", "2026-01")
        reader.problem("date", node, "first", expected=same(asked), got=raw)
        return None
    return found


def _due(reader: Reader, node: Node) -> Due | None:
    found = reader.mapping(node, "due", ("days", "working", "grace", "basis"), ("days", "basis"))
    days = reader.integer(found["days"], "due.days") if "days" in found else None
    grace = reader.integer(found["grace"], "due.grace") if "grace" in found else 0
    working = reader.boolean(found["working"], "due.working") if "working" in found else False
    basis = reader.text(found["basis"], "due.basis") if "basis" in found else None
    return None if days is None or basis is None else Due(days, bool(working), grace or 0, basis)


def _sections(reader: Reader, node: Node, kind: str | None, needs: Needs) -> tuple[Section, ...]:
    sections: list[Section] = []
    seen: dict[str, str] = {}
    for number, item in enumerate(reader.sequence(node, "sections") or ()):
        at = f"sections[{number}]"
        found = reader.mapping(item, at, ("id", "title", "cells"), ("id", "title", "cells"))
        title = reader.both(found["title"], join(at, "title")) if "title" in found else None
        name = reader.text(found["id"], join(at, "id")) if "id" in found else None
        cells: list[Cell] = []
        for place, part in enumerate(_items(reader, found.get("cells"), join(at, "cells"))):
            here = f"{at}.cells[{place}]"
            cell = _cell(reader, part, here, kind, needs)
            if cell is None:
                continue
            if cell.key in seen:
                reader.problem("repeated", part, here, got=cell.key, suggestion=None)
            seen[cell.key] = here
            cells.append(cell)
        if title and name:
            sections.append(Section(name, title, tuple(cells)))
    return tuple(sections)


def _cell(reader: Reader, node: Node, path: str, kind: str | None, needs: Needs) -> Cell | None:
    found = reader.mapping(node, path, CELL_KEYS, ("indicator", "why"))
    readonly = (
        bool(reader.boolean(found["readonly"], join(path, "readonly"))) if "readonly" in found else False
    )
    key = (
        reader.choice(found["indicator"], join(path, "indicator"), needs.indicators)
        if "indicator" in found
        else None
    )
    texts = {
        name: reader.both(found[name], join(path, name)) for name in ("title", "note", "why") if name in found
    }
    flags = {name: bool(reader.boolean(found[name], join(path, name)))
             for name in ("required", "negative", "fill") if name in found}  # fmt: skip
    bounds = {name: reader.number(found[name], join(path, name), negative=True)
              for name in ("at_least", "at_most") if name in found}  # fmt: skip
    low, high = bounds.get("at_least"), bounds.get("at_most")
    if low is not None and high is not None and low > high:
        reader.problem(
            "band_order", found["at_most"], join(path, "at_most"), expected=same(f">= {low}"), got=str(high)
        )
    writes = (
        reader.choice(found["writes"], join(path, "writes"), (*WRITES, *_firm_years()))
        if "writes" in found
        else ""
    )
    decimals = (
        reader.choice(found["decimals"], join(path, "decimals"), ("0", "1", "2", "3", "4"), plain=True)
        if "decimals" in found
        else None
    )
    prefill = reader.text(found["prefill"], join(path, "prefill")) if "prefill" in found else ""
    if key is None:
        return None
    indicator = needs.indicators[key]
    if kind and not readonly and indicator.period not in FITS[kind]:
        reader.problem("unit_mismatch", found["indicator"], join(path, "indicator"),
                       expected=Text(f"期别为 {' 或 '.join(FITS[kind])} 的指标", f"an indicator of {' or '.join(FITS[kind])}"),
                       got=f"{key}: {indicator.period}")  # fmt: skip
    if not readonly and indicator.source not in ("filed", "published"):
        reader.problem("computed", found["indicator"], join(path, "indicator"), got=key)
    title = texts.get("title") or Text(indicator.title["zh"], indicator.title["en"])
    note = texts.get("note") or Text(indicator.counts["zh"], indicator.counts["en"])
    return Cell(
        key, title, indicator.unit, flags.get("required", False) and not readonly, flags.get("negative", False), low,
        high, note, texts.get("why"), prefill or "", flags.get("fill", False), readonly, writes or "",
        int(decimals) if decimals else None,
    )  # fmt: skip


def _firm_years() -> tuple[str, ...]:
    """Facts of a firm's year that a cell may write: `firm_year:revenue_cny`."""
    from jinchuanggu.engines import rules

    known = rules.vocabulary("firm").inputs
    series = InputType.SERIES
    return tuple(f"firm_year:{name}" for name, one in known.items() if one.type is series)


def _references(
    reader: Reader, node: Node | None, cells: AnyMapping[str, Cell], needs: Needs, kind: str | None
) -> dict[str, Reference]:
    if node is None or not isinstance(node, Mapping):
        if node is not None:
            reader.mapping(node, "references", ())
        return {}
    made: dict[str, Reference] = {}
    for key, value in node.entries:
        at = join("references", key.raw)
        found = reader.mapping(value, at, ("take", "title", "form", "cell", "back"), ("take", "title"))
        take = reader.choice(found["take"], join(at, "take"), tuple(SOURCES)) if "take" in found else None
        title = reader.both(found["title"], join(at, "title")) if "title" in found else None
        if key.raw in cells:
            reader.problem("duplicate_id", key, at, got=key.raw)
        form, options, unit = "", _options(take, cells, needs), None
        if take in ("sum", "last"):
            shorter = {one.id for one in needs.forms.values() if kind and one.period < PERIODS[kind]}
            form = (
                (reader.choice(found["form"], join(at, "form"), sorted(shorter)) or "")
                if "form" in found
                else ""
            )
            options = (
                {name: cell.unit for name, cell in needs.forms[form].cells.items()}
                if form in needs.forms
                else None
            )
            if "form" not in found:
                reader.problem("missing_key", value, join(at, "form"), expected=same("form"))
        cell = ""
        if "cell" not in found:
            reader.problem("missing_key", value, join(at, "cell"), expected=same("cell"))
        elif options is not None:
            cell = reader.choice(found["cell"], join(at, "cell"), options) or ""
            unit = options.get(cell)
        back = reader.integer(found["back"], join(at, "back")) if "back" in found else 0
        if take == "before" and not 1 <= (back or 0) <= MOST_BACK:
            reader.problem(
                "number", found.get("back", value), join(at, "back"), expected=same(f"1 … {MOST_BACK}")
            )
        if take and title and unit:
            made[key.raw] = Reference(key.raw, take, title, unit, SOURCES[take], form, cell, back or 0)
    return made


def _options(take: str | None, cells: AnyMapping[str, Cell], needs: Needs) -> AnyMapping[str, str] | None:
    """What a reference may name, each with its unit."""
    if take == "before":
        return {key: cell.unit for key, cell in cells.items()}
    if take == "record":
        return RECORDS
    if take == "value":
        return {key: one.unit for key, one in needs.indicators.items()}
    return None


def _check_prefills(reader: Reader, node: Node | None, references: AnyMapping[str, Reference]) -> None:
    """A cell is prefilled from a reference of the form, which is read after the cells."""
    for section in getattr(node, "items", ()):
        for key, part in getattr(section, "entries", ()):
            for cell in getattr(part, "items", ()) if key.raw == "cells" else ():
                for name, value in getattr(cell, "entries", ()):
                    if name.raw == "prefill" and isinstance(value, Scalar) and value.kind is Kind.TEXT:
                        reader.choice(value, "prefill", references or ("references",))


def _plain_formulas(reader: Reader, node: Node | None, values: AnyMapping[str, Input]) -> None:
    """Only formulas between figures of one filing; ages, series and lists have no place here."""
    for key, value in node.entries if isinstance(node, Mapping) else ():
        one = values.get(key.raw)
        if one is None or one.formula is None or not operands(one.formula):
            continue
        names = [name.raw for name, _ in value.entries] if isinstance(value, Mapping) else []
        if not any(name in FORMULA_KINDS for name in names):
            reader.problem(
                "one_formula", value, join("values", key.raw), expected=same(" | ".join(FORMULA_KINDS[:-1]))
            )
