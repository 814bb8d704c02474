"""The pivot table for people: what an address asks for, and the table that answers it. No HTTP in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.indicators.access import visible_units
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.library import DIMENSIONS, LEVELS, Indicator
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.sizes import size_label
from jinchuanggu.indicators.store.pivot import Cell, pivot
from jinchuanggu.indicators.store.units import below, names_of

MOST_KEYS, MOST_PERIODS, MOST_CELLS = 20, 120, 200_000
ROWS = 50
"""Units on one page of the table; a download holds all."""
FIRST_KEYS = ("resident_units", "full_time_staff", "revenue_cny", "occupancy_percent")
KINDS = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see, after defaults; `problems`: what of the address could not be understood."""

    keys: tuple[str, ...]
    level: int
    within: Unit | None
    first: Period
    last: Period
    kind: str
    breakdown: str | None
    page: int = 1
    problems: tuple[str, ...] = ()

    def address(self, **changed: object) -> str:
        """The same question as a query string."""
        keys = QueryDict(mutable=True)
        keys.setlist("key", list(self.keys))
        parts = {
            "level": self.level, "within": self.within.pk if self.within else "", "from": self.first, "to": self.last,
            "kind": self.kind, "by": self.breakdown or "",
        } | changed  # fmt: skip
        for name, value in parts.items():
            if value not in ("", None):
                keys[name] = str(value)
        return keys.urlencode()

    @property
    def periods(self) -> list[Period]:
        """The columns."""
        kind = KINDS[self.kind]
        return list(span(self.first.within(kind), self.last.within(kind)))


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of the table. `value` None: nothing is known, which is not zero."""

    value: Decimal | None
    url: str = ""
    reporters: int = 0
    restated: bool = False


@dataclass(slots=True)
class Row:
    """`group` None: the unit as a whole. `total`: over the periods, where adding them up means something."""

    unit_id: int
    name: str
    group: str | None
    group_name: str
    simulated: bool
    cells: list[Shown | None]
    total: Decimal | None = None


@dataclass(slots=True)
class Section:
    """The rows of one indicator. `whole`: the values of the unit in which they all lie, by its own reckoning."""

    indicator: Indicator
    rows: list[Row]
    whole: Row | None
    adds_up: bool
    too_fine: bool = False
    counts_units: bool = False

    @property
    def money(self) -> bool:
        """Amounts are told in the size in which they read best, everything else as it is."""
        return self.indicator.unit == "cny"


@dataclass(slots=True)
class Answer:
    asked: Asked
    periods: list[Period]
    sections: list[Section] = field(default_factory=list)
    units: int = 0
    simulated: bool = False
    real: bool = False


def places(actor: Actor, origin: str) -> list[Unit]:
    """Units inside which one may look: from the highest the actor may see, firms only where there is nothing above."""
    rows = of_origin(visible_units(actor), origin)
    higher = list(rows.filter(level__gt=UnitLevel.FIRM).order_by("-level", "parent_id", "pk"))
    return higher or list(rows.order_by("pk")[:50])


def read(query: QueryDict, actor: Actor, inside: Sequence[Unit], known: Mapping[str, Indicator]) -> Asked:
    """The question of an address. What is missing gets a default, what is wrong is told and replaced by one."""
    problems: list[str] = []
    wanted = list(dict.fromkeys(query.getlist("key")))
    unknown = [key for key in wanted if key not in known]
    if unknown:
        problems.append(_("没有这些指标：%(keys)s") % {"keys": _("、").join(unknown[:5])})
    keys = [key for key in wanted if key in known]
    if len(keys) > MOST_KEYS:
        problems.append(_("一次最多看 %(most)d 个指标，只显示前 %(most)d 个") % {"most": MOST_KEYS})
    if not wanted:
        keys = [key for key in FIRST_KEYS if key in known][:2]
    within = _within(query.get("within", ""), inside, problems)
    highest = within.level if within else UnitLevel.VALLEY
    level = _one_of(
        query.get("level", ""), {str(value) for value in UnitLevel.values}, "", _("层级"), problems
    )
    chosen = int(level) if level else max(highest - 1, 1)
    if chosen > highest:
        problems.append(_("层级不能高于所选范围"))
        chosen = highest
    kind = _one_of(query.get("kind", ""), KINDS, "month", _("期别"), problems)
    this = Period.of(PeriodKind.MONTH, timezone.localdate())
    last = _period(query.get("to", ""), this, problems)
    first = _period(query.get("from", ""), last.shift(-11), problems)
    if first.first_day > last.last_day:
        problems.append(_("起始时期晚于结束时期"))
        first = last
    asked = Asked(
        tuple(keys[:MOST_KEYS]), chosen, within, first, last, kind,
        _one_of(query.get("by", ""), DIMENSIONS, "", _("分组"), problems) or None, _page(query.get("page", "")),
        tuple(problems),
    )  # fmt: skip
    if len(asked.periods) > MOST_PERIODS:
        shorter = last.shift(1 - MOST_PERIODS)
        told = (*problems, _("一次最多看 %(most)d 期") % {"most": MOST_PERIODS})
        asked = Asked(asked.keys, chosen, within, shorter, last, kind, asked.breakdown, asked.page, told)
    return asked


def _within(text: str, inside: Sequence[Unit], problems: list[str]) -> Unit | None:
    if text:
        found = next((unit for unit in inside if str(unit.pk) == text), None)
        if found is not None:
            return found
        problems.append(_("没有这个范围"))
    # the tree with values in it rather than the emptier one: the simulated province holds the firms of the demo
    highest = [unit for unit in inside if unit.level == inside[0].level] if inside else []
    return max(highest, key=lambda unit: unit.origin == "simulated", default=None)


def _one_of(text: str, options: Iterable[str], default: str, name: str, problems: list[str]) -> str:
    if text and text not in set(options):
        problems.append(_("%(name)s：没有“%(text)s”") % {"name": name, "text": text[:20]})
        return default
    return text or default


def _period(text: str, default: Period, problems: list[str]) -> Period:
    """Always a month: of a longer period the first one, so that one address fits every kind."""
    if not text:
        return default
    try:
        return Period.parse(text).parts(PeriodKind.MONTH)[0]
    except ValueError:
        problems.append(_("“%(text)s”不是时期，应如 2026-09") % {"text": text[:20]})
        return default


def _page(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def rows_in(actor: Actor, asked: Asked) -> QuerySet[Unit]:
    """The units of the table, through the actor's scope."""
    if asked.within is None:
        return Unit.objects.none()
    return (
        visible_units(actor)
        .filter(pk__in=below(asked.within, asked.level).values("pk"))
        .order_by("parent_id", "pk")
    )


def answer(
    actor: Actor, asked: Asked, known: Mapping[str, Indicator] | None = None, *, whole: bool = False
) -> Answer:
    """The table: one page of units, or all of them (`whole`). Raises ValueError for more cells than a file should hold."""
    known = known or catalogue()
    periods = asked.periods
    rows = rows_in(actor, asked)
    found = Answer(asked, periods)
    found.units = rows.count()
    if whole and found.units * len(periods) * max(1, len(asked.keys)) > MOST_CELLS:
        raise ValueError(_("超过 %(most)s 个单元格，请缩小范围") % {"most": f"{MOST_CELLS:,}"})
    units = list(rows if whole else rows[(asked.page - 1) * ROWS : asked.page * ROWS])
    found.simulated = any(unit.origin == "simulated" for unit in units)
    found.real = any(unit.origin == "real" for unit in units)
    if not units or not periods or not asked.keys:
        return found
    names = names_of([*units, *([asked.within] if asked.within else [])])
    stretch = (periods[0], periods[-1])
    kind = KINDS[asked.kind]
    cells = pivot(asked.keys, level=asked.level, units=units, periods=stretch, kind=kind)
    if asked.breakdown:
        cells += pivot(
            asked.keys, level=asked.level, units=units, periods=stretch, kind=kind, breakdown=asked.breakdown
        )
    above: list[Cell] = []
    if asked.within and asked.level < asked.within.level and not asked.breakdown:
        above = pivot(asked.keys, level=asked.within.level, units=[asked.within], periods=stretch, kind=kind)
    by_key: dict[str, dict[tuple[int, str | None], dict[Period, Cell]]] = {}
    for cell in cells:
        by_key.setdefault(cell.key, {}).setdefault((cell.unit_id, cell.group), {})[cell.period] = cell
    tops: dict[str, dict[Period, Cell]] = {}
    for cell in above:
        tops.setdefault(cell.key, {})[cell.period] = cell
    for key in asked.keys:
        one, mine = known[key], by_key.get(key, {})
        # months of a flow add up to what the stretch brought; a stock or a share does not
        adds = one.over_time == "sum" and one.aggregation == "sum" and not one.formula and len(periods) > 1
        section = Section(one, [], None, adds, one.kind > kind, asked.level > LEVELS.index(one.level) + 1)
        for unit in units:
            groups = [None, *sorted(group for at, group in mine if at == unit.pk and group is not None)]
            for group in groups:
                section.rows.append(
                    _row(unit, names.get(unit.pk, ""), group, one, mine.get((unit.pk, group), {}), found)
                )
        if asked.within and key in tops:
            section.whole = _row(asked.within, names.get(asked.within.pk, ""), None, one, tops[key], found)
        found.sections.append(section)
    return found


def _row(
    unit: Unit, name: str, group: str | None, one: Indicator, cells: Mapping[Period, Cell], found: Answer
) -> Row:
    by = found.asked.breakdown
    shown: list[Shown | None] = []
    for period in found.periods:
        cell = cells.get(period)
        part = (by, group) if by and group is not None else None
        shown.append(
            None if cell is None else Shown(
                cell.value, records_url(one.key, unit.pk, period, part) if cell.value is not None else "",
                cell.reporters, cell.version > 1,
            )
        )  # fmt: skip
    row = Row(unit.pk, name, group, group_word(by, group), unit.origin == "simulated", shown)
    values = [cell.value for cell in shown if cell and cell.value is not None]
    if values and one.over_time == "sum" and one.aggregation == "sum" and not one.formula:
        row.total = sum(values, Decimal(0))
    return row


def group_word(dimension: str | None, code: str | None) -> str:
    """A group in words; the whole is called 全部, a firm without the trait 未填."""
    from jinchuanggu.residents.models import ResidentKind

    if code is None:
        return _("全部") if dimension else ""
    if not code:
        return _("未填")
    if dimension == "size":
        return size_label(code)
    return str(ResidentKind(code).label) if dimension == "kind" and code in ResidentKind.values else code
