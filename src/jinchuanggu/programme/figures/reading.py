"""A sheet of published figures as rows, each with all that is wrong in it. Nothing is written here."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import limits
from jinchuanggu.foundation.exchange.cells import Unfit, read_number, text
from jinchuanggu.foundation.exchange.fields import NUMBER, bare, own_sheets, suggestion
from jinchuanggu.foundation.exchange.heads import take_heads
from jinchuanggu.foundation.exchange.planning import Outcome, Row
from jinchuanggu.foundation.exchange.problems import BadFile, Problem
from jinchuanggu.foundation.exchange.reading import HEAD_WITHIN, Book, Sheet, whole
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.indicators.published import yearly
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.figures.columns import (
    GRADES,
    HEADS,
    REQUIRED,
    exactly,
    heads,
    read_date,
    read_unit,
)
from jinchuanggu.programme.models import Valley

STORED = (
    "valley_id", "indicator", "value", "unit", "year", "dated", "date_text", "source_title", "source_url", "source_grade",
    "scope_note",
)  # fmt: skip
Each = Callable[[list[Row], Sheet], None]


class Lines:
    """A text file with the face of a sheet of a workbook."""

    start = (0, 0)

    def __init__(self, rows: list[list[str]]) -> None:
        self.rows, self.total_height = rows, len(rows)
        self.total_width = max(map(len, rows), default=0)

    def iter_rows(self) -> Iterator[list[str]]:
        return iter(self.rows)


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def read(path: Path) -> Book:
    """Open a workbook or a CSV file and find its heads. Raises BadFile."""
    book = Book([], [])
    if not is_workbook(path):
        return _checked(book, [("CSV", Lines(_csv(path)))])
    with whole(path):
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        names = [
            meta.name for meta in workbook.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
        ]  # fmt: skip
        return _checked(book, [(name, workbook.get_sheet_by_name(name)) for name in names])


def _csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            said = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadFile(_("文件既不是 Excel 工作簿，也不是 UTF-8 或 GB18030 编码的 CSV"))
    if "\x00" in said:
        raise BadFile(_("文件既不是 Excel 工作簿，也不是 UTF-8 或 GB18030 编码的 CSV"))
    try:
        return list(csv.reader(io.StringIO(said, newline="")))
    except csv.Error as problem:
        raise BadFile(_("CSV 文件读不通：%(why)s") % {"why": str(problem)}) from problem


def _checked(book: Book, sources: list[tuple[str, Any]]) -> Book:
    known = heads()
    for name, source in sources:
        sheet = _sheet(name, source, known) if source.start is not None else None
        if sheet is not None:
            book.sheets.append(sheet)
        elif name not in own_sheets():
            book.skipped.append(name)
    if not book.sheets:
        raise BadFile(
            _("前 %(rows)d 行里没有找到表头；至少应有“晋创谷”“指标”“数值”三列。可下载模板填写")
            % {"rows": HEAD_WITHIN}
        )
    if book.height > limits.MAX_ROWS:
        raise limits.too_many()
    return book


def _sheet(name: str, source: Any, known: dict[str, str]) -> Sheet | None:
    first_row, first_column = source.start
    for offset, values in enumerate(islice(source.iter_rows(), HEAD_WITHIN)):
        named = {known.get(bare(value)) for value in values}
        if not {"valley", "indicator", "value"} <= named:
            continue
        sheet = Sheet(name, first_row + offset + 1, [], {}, source.total_height, source)
        take_heads(sheet, values, first_column, known, [str(head) for head in HEADS.values()])
        for key in REQUIRED:
            if key not in sheet.heads:
                sheet.problems.append(
                    Problem(name, sheet.head_row, str(HEADS[key]), "", _("缺少这一列，它是必填的"))
                )
        return sheet
    return None


class Judge:
    """What rows would do, for one actor; what must be known of valleys and reports is read once."""

    def __init__(self, actor: Actor) -> None:
        self.valleys: dict[str, list[Valley]] = {}
        for valley in visible_valleys(actor).only("pk", "name", "name_en", "origin"):
            for name in {valley.name, valley.name_en} - {""}:
                self.valleys.setdefault(bare(name), []).append(valley)
        self.indicators: dict[str, Indicator] = {}
        for key, one in catalogue().items():
            for name in (one.title["zh"], one.title["en"], key):
                self.indicators.setdefault(bare(name), one)
        ids = [valley.pk for found in self.valleys.values() for valley in found]
        rows = Figure.objects.filter(source_kind=SourceKind.PUBLISHED, valley_id__in=ids)
        self.known = {row.pk: {name: getattr(row, name) for name in STORED} for row in rows}
        self.same = {_identity(values): pk for pk, values in self.known.items()}
        self.seen: dict[object, str] = {}

    def judge(self, row: Row) -> None:
        """Fill `values`, `pk`, `action` and `problems` of a row."""
        values = self._values(row)
        number = row.raw.get(NUMBER)
        if number not in (None, ""):
            row.pk = self._numbered(row, number)
        if not row.problems:
            row.values = values
            same = self.same.get(_identity(values))
            if row.pk is None:
                row.pk, row.action = same, "create" if same is None else "unchanged"
            else:
                row.action = "unchanged" if _identity(self.known[row.pk]) == _identity(values) else "update"
            place = f"{row.sheet} {row.number}"
            for at in {("row", row.pk) if row.pk else None, ("same", _identity(values))} - {None}:
                if at in self.seen:
                    row.wrong(
                        "valley", _("与 %(place)s 行是同一条报道，请只留一行") % {"place": self.seen[at]}
                    )
                    break
                self.seen[at] = place
        if row.problems:
            row.action = "failed"

    def _numbered(self, row: Row, number: object) -> int | None:
        try:
            pk = int(text(number))
        except (ValueError, Unfit):
            pk = -1
        if pk not in self.known:
            row.wrong(NUMBER, _("没有这个编号的公开报道；新报道请把编号留空"))
            return None
        return pk

    def _values(self, row: Row) -> dict[str, Any]:
        def cell(name: str, reader: Callable[[Any], Any]) -> Any:
            raw = row.raw.get(name)
            try:
                if raw is None or not text(raw):
                    if name in REQUIRED:
                        row.wrong(name, _("必填"))
                    return None
                return reader(raw)
            except Unfit as unfit:
                row.wrong(name, str(unfit))
                return None

        valley, indicator = cell("valley", self._valley), cell("indicator", self._indicator)
        number, unit = cell("value", _number), cell("unit", read_unit)
        dated, year = cell("date", read_date), cell("year", _year)
        today = timezone.localdate()
        if dated and dated.earliest > today:
            row.wrong("date", _("日期不能晚于今天"))
        if indicator and yearly(indicator) and year is None and not row.raw.get("year"):
            row.wrong("year", _("年度指标须写明年份"))
        if year is not None and dated and not 2000 <= year <= dated.latest.year:
            row.wrong("year", _("年份应在 2000 年至数据日期之间"))
        value = None
        if indicator and number is not None and unit:
            try:
                value = exactly(number, unit, indicator)
            except Unfit as unfit:
                row.wrong("unit", str(unfit))
        return {
            "valley_id": valley.pk if valley else None,
            "indicator": indicator.key if indicator else "",
            "value": value,
            "unit": indicator.unit if indicator else "",
            "year": year,
            "dated": min(dated.latest, today) if dated else None,
            "date_text": dated.text if dated else "",
            "source_title": cell("source", lambda raw: _short(raw, 300)) or "",
            "source_url": cell("address", _address) or "",
            "source_grade": cell("grade", _grade) or "",
            "scope_note": cell("note", lambda raw: _short(raw, 500)) or "",
        }

    def _valley(self, raw: object) -> Valley:
        typed = text(raw)
        found = self.valleys.get(bare(typed), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise Unfit(_("有 %(n)d 个同名的晋创谷") % {"n": len(found)})
        like = suggestion(typed, [valley.name for several in self.valleys.values() for valley in several])
        raise Unfit(_("没有这个晋创谷。") + (_("是否为“%(like)s”？") % {"like": like} if like else ""))

    def _indicator(self, raw: object) -> Indicator:
        typed = text(raw)
        found = self.indicators.get(bare(typed))
        if found is None:
            like = suggestion(typed, [one.name for one in self.indicators.values()])
            raise Unfit(_("没有这个指标。") + (_("是否为“%(like)s”？") % {"like": like} if like else ""))
        if found.source == "derived":
            raise Unfit(_("这个指标由其他指标算出，不登记报道"))
        return found


def _identity(values: dict[str, Any]) -> tuple[Any, ...]:
    """Everything that a report says; the text of its date where there is one, since many days may be meant."""
    when = values["date_text"] or values["dated"].isoformat()
    others = [values[name] for name in STORED if name not in ("dated", "date_text", "value")]
    return (*others, when, Decimal(values["value"]).normalize())


def _number(raw: object) -> Decimal:
    number = read_number(raw)
    if number < 0:
        raise Unfit(_("不能小于 0"))
    if number >= Decimal(10) ** 15:
        raise Unfit(_("数值过大"))
    return number


def _year(raw: object) -> int:
    typed = text(raw).rstrip("年")
    if not (typed.isdecimal() and len(typed) == 4):
        raise Unfit(_("年份请填四位数，如 2025"))
    return int(typed)


def _short(raw: object, longest: int) -> str:
    said = text(raw)
    if len(said) > longest:
        raise Unfit(_("最多 %(max)d 个字，现有 %(now)d 个") % {"max": longest, "now": len(said)})
    return said


def _address(raw: object) -> str:
    said = _short(raw, 500)
    try:
        URLValidator(["http", "https"])(said)
    except ValidationError:
        raise Unfit(_("网址应以 http:// 或 https:// 开头")) from None
    return said


def _grade(raw: object) -> str:
    said = text(raw).upper()
    if said not in GRADES:
        raise Unfit(_("只能填 A、B、C"))
    return said


def judge(actor: Actor, book: Book, *, each: Each | None = None) -> Outcome:
    """What every row would do; the queries do not grow with the rows. `each` gets the judged rows."""
    outcome, digest, judging = Outcome(), hashlib.sha256(), Judge(actor)
    for sheet in book.sheets:
        for problem in sheet.problems:
            outcome.add(problem)
            outcome.sheet_problems += 1
        rows = [Row(sheet.name, number, raw) for number, raw in sheet.rows()]
        for row in rows:
            judging.judge(row)
            outcome.counts["total"] += 1
            outcome.counts[row.action] += 1
            digest.update(f"{row.action}|{row.pk}|{sorted(map(str, row.values.items()))}".encode())
            for key, value, message in row.problems:
                head = sheet.heads.get(key, str(HEADS.get(key, "")))
                outcome.add(Problem(sheet.name, row.number, head, value, message))
        if each is not None:
            each(rows, sheet)
    outcome.digest = digest.hexdigest()
    return outcome
