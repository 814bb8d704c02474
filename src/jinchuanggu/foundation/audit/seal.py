"""The seal: canonical, length-prefixed bytes of a row and their SHA-256 together with the row before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from jinchuanggu.foundation.audit.models import AuditEvent, ChainHead

GENESIS = "0" * 64
SEALED_FIELDS = (
    "number", "at", "actor_label", "user_id", "membership_id", "organisation_id", "role", "address", "agent",
    "verb", "target_type", "target_id", "target_label", "valley_id", "changes", "detail", "reason",
    "previous",
)  # fmt: skip
_CHUNK = 2000

MISSING = "记录缺失 · record missing"
UNREADABLE = "内容无法读取 · content cannot be read"
UNCHAINED = "与前一记录不衔接 · does not follow the record before"
CHANGED = "内容与封印不符 · content does not match its seal"
CUT_OFF = "链头之前有记录被删除 · records before the head were removed"
BEYOND = "链头之后另有记录 · records stand beyond the head"
HEADLESS = "链头缺失 · the head is missing"
FORKED = "链头不唯一 · there is more than one head"
REWRITTEN = "与导出的链头不符，整链被改写 · differs from the exported head: the chain was rewritten"


_JSON_FIELDS = frozenset({"changes", "detail"})


def _text(name: str, value: Any) -> str:
    if name in _JSON_FIELDS:
        # whatever stands there is written as JSON, so that a text cannot pass for the object it spells
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if hasattr(value, "astimezone"):
        return str(value.astimezone(UTC).isoformat(timespec="microseconds"))
    return "" if value is None else str(value)


def digest_of(row: dict[str, Any]) -> str:
    """SHA-256 over `name length:bytes` of every sealed field, so no two rows share their bytes."""
    digest = hashlib.sha256()
    for name in SEALED_FIELDS:
        data = _text(name, row[name]).encode()
        digest.update(f"{name} {len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


@dataclass(frozen=True)
class Verification:
    """What a walk over the chain found. `broken` is the number of the first record that does not fit, or
    None.
    """

    count: int
    head: str
    broken: int | None = None
    why: str = ""

    @property
    def intact(self) -> bool:
        return self.broken is None


def _rows_after(number: int, limit: int) -> list[dict[str, Any]]:
    rows = AuditEvent.objects.filter(number__gt=number).order_by("number").values(*SEALED_FIELDS, "digest")
    return list(rows[:limit])


def _rows() -> Iterator[dict[str, Any] | None]:
    """Every row by number, in constant memory; None for a row whose stored form cannot even be read."""
    last, limit = 0, _CHUNK
    while True:
        try:
            rows = _rows_after(last, limit)
        except (ValueError, TypeError):  # e.g. text that is no longer JSON: come to the bad row one by one
            if limit == 1:
                yield None
                return
            limit = 1
            continue
        if not rows:
            return
        yield from rows
        last = rows[-1]["number"]


def verify(*, exported: dict[str, Any] | None = None) -> Verification:
    """Walk the whole chain in constant memory and name the first record that was changed, removed or forged.

    `exported` is a head kept elsewhere (`{"number": int, "digest": str}`): only it can show that
    somebody with full power over the database rewrote the chain from some record on, head included.
    """
    expected, previous, count = 1, GENESIS, 0

    def broken(number: int, why: str) -> Verification:
        return Verification(count, previous, number, why)

    for row in _rows():
        if row is None:
            return broken(expected, UNREADABLE)
        if row["number"] != expected:
            return broken(expected, MISSING)
        if row["previous"] != previous:
            return broken(expected, UNCHAINED)
        try:
            sealed = digest_of(row)
        except (ValueError, TypeError):
            return broken(expected, UNREADABLE)
        if sealed != row["digest"]:
            return broken(expected, CHANGED)
        previous, expected, count = sealed, expected + 1, count + 1
        if exported and exported["number"] == count and exported["digest"] != sealed:
            return broken(count, REWRITTEN)
    heads = list(ChainHead.objects.order_by("pk").values_list("number", "digest")[:2])
    if not heads:
        return broken(max(count, 1), HEADLESS)
    if len(heads) > 1:
        return broken(max(count, 1), FORKED)
    number, digest = heads[0]
    if number < count:
        return broken(number + 1, BEYOND)
    if number > count or digest != previous:
        return broken(count + 1 if number > count else count, CUT_OFF if number > count else CHANGED)
    if exported and exported["number"] > count:
        return broken(count + 1, CUT_OFF)
    return Verification(count, previous)


def verify_one(event: AuditEvent) -> bool:
    """Whether one record fits its own seal and the record before it."""
    row = {name: getattr(event, name) for name in SEALED_FIELDS}
    if digest_of(row) != event.digest:
        return False
    before = AuditEvent.objects.filter(number=event.number - 1).values_list("digest", flat=True).first()
    return (before or GENESIS) == event.previous


def head() -> dict[str, Any]:
    """The head to be kept elsewhere: number and digest of the last record."""
    found = ChainHead.objects.order_by("pk").first()
    return {"number": found.number if found else 0, "digest": found.digest if found else GENESIS}
