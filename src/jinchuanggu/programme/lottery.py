"""The draw, pure and small enough to be redone by hand: sort the pool by a hash of seed and code.

    order = sorted(pool, key=lambda entry: sha256(f"{seed}|{entry.code}"))

Then go down the order and seat whoever is not skipped (a conflict found at the draw) and whose category still has a
free chair. `seed` is "secret|chain head|public value": the secret was committed to by its SHA-256 before the other two
existed, so neither whoever knows the secret nor whoever makes the later facts can steer the result alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One expert of the pool as published: a code without a name, and the category."""

    code: str
    category: str


def commitment_of(secret: str) -> str:
    """What is published before the draw: SHA-256 of the secret, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seed_of(secret: str, chain_head: str, public_value: str) -> str:
    """The seed that everything follows from."""
    return f"{secret}|{chain_head}|{public_value}"


def ticket(seed: str, code: str) -> str:
    """The hash that decides an entry's place in the order."""
    return hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()


def order_of(pool: Iterable[Entry], seed: str) -> list[Entry]:
    """The whole pool in the order of the draw; independent of the order it came in."""
    return sorted(pool, key=lambda entry: ticket(seed, entry.code))


def seat(order: Iterable[Entry], panel: Mapping[str, int], skipped: Collection[str] = ()) -> list[Entry]:
    """Who sits: down the order, each category until its chairs are taken, nobody who is skipped."""
    free = dict(panel)
    seated = []
    for entry in order:
        if entry.code not in skipped and free.get(entry.category, 0) > 0:
            free[entry.category] -= 1
            seated.append(entry)
    return seated


def next_after(
    order: Iterable[Entry], category: str, used: Collection[str], skipped: Collection[str] = ()
) -> Entry | None:
    """Who replaces an excused expert: the next of the same category not seated before and not skipped."""
    return next(
        (
            entry
            for entry in order
            if entry.category == category and entry.code not in used and entry.code not in skipped
        ),
        None,
    )


def short_of(pool: Iterable[Entry], panel: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """`{category: (there are, needed)}` for every category the pool cannot fill."""
    there: dict[str, int] = dict.fromkeys(panel, 0)
    for entry in pool:
        if entry.category in there:
            there[entry.category] += 1
    return {category: (there[category], need) for category, need in panel.items() if there[category] < need}
