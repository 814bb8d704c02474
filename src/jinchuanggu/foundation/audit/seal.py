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
    "verb", "target_type", "target_id", "target_label", "valley_id", "changes", "detail", "reason", "previous",
)  # fmt: skip


def _text(value: Any) -> str:
    if hasattr(value, "astimezone"):
        return str(value.astimezone(UTC).isoformat(timespec="microseconds"))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "" if value is None else str(value)


def digest_of(row: dict[str, Any]) -> str:
    """SHA-256 over `name length:bytes` of every sealed field, so no two rows share their bytes."""
    digest = hashlib.sha256()
    for name in SEALED_FIELDS:
        data = _text(row[name]).encode()
        digest.update(f"{name} {len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


@dataclass(frozen=True)
class Verification:
    """What a walk over the chain found. `broken` is the number of the first record that does not fit, or None."""

    count: int
    head: str
    broken: int | None = None
    why: str = ""

    @property
    def intact(self) -> bool:
        return self.broken is None


def _rows(chunk: int = 2000) -> Iterator[dict[str, Any]]:
    yield from AuditEvent.objects.order_by("number").values(*SEALED_FIELDS, "digest").iterator(chunk_size=chunk)


def verify() -> Verification:
    """Walk the whole chain in constant memory and name the first record that was changed, removed or forged."""
    expected, previous, count = 1, GENESIS, 0
    for row in _rows():
        if row["number"] != expected:
            return Verification(count, previous, expected, "记录缺失 · record missing")
        if row["previous"] != previous:
            return Verification(count, previous, row["number"], "与前一记录不衔接 · does not follow the record before")
        if digest_of(row) != row["digest"]:
            return Verification(count, previous, row["number"], "内容与封印不符 · content does not match its seal")
        previous, expected, count = row["digest"], expected + 1, count + 1
    head = ChainHead.objects.first()
    if head is not None and (head.number, head.digest) != (count, previous):
        return Verification(count, previous, count + 1, "链头之前有记录被删除 · records before the head were removed")
    if head is None and count:
        return Verification(count, previous, count, "链头缺失 · the head is missing")
    return Verification(count, previous)
