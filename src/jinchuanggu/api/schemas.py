"""The shapes the API answers with. Areas in km² or m², money in yuan, dates ISO 8601."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import BaseModel


class RegionOut(BaseModel):
    """A builder of valleys; `code` is GB/T 2260, or `zonggai` for the demonstration zone."""

    code: str
    name: str
    name_en: str
    level: str


class ValleyOut(BaseModel):
    """One valley in a list. `verdict` is met, not_met, not_evidenced, not_applicable, or empty when not judged."""

    id: int
    name: str
    kind: str
    region_code: str
    region_name: str
    state: str
    stage: str
    verdict: str
    unveiled_on: date | None
    origin: str


class FigureOut(BaseModel):
    """One report of one figure with its source; several reports of one figure stand side by side."""

    indicator: str
    value: Decimal
    unit: str
    year: int | None
    dated: date
    date_text: str
    source_kind: str
    source_title: str
    source_url: str
    scope_note: str
    chosen: bool
    origin: str


class ValleyDetail(ValleyOut):
    """A valley with its published facts."""

    key_fields: list[str] | None  # null: published nowhere
    operator: str | None
    universities: list[str]
    zones: list[str]
    figures: list[FigureOut]


class Page(BaseModel):
    """A page of valleys; `next` is the cursor of the following page, or null on the last one."""

    items: list[ValleyOut]
    next: int | None


class Problem(BaseModel):
    """The one shape of every error."""

    code: str
    message: str
