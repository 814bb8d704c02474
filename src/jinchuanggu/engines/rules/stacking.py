"""The best legal combination of benefits: exact, with the reason for everything left out.

At most one of a group (就高不重复), nothing together with what it excludes, and a pool pays no more than its cap.
Of combinations worth the same the smaller one is taken: nobody should apply for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Amount = Decimal | int
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A benefit one could have, from ``low`` to ``high`` yuan; None: the amount is not known.

    ``excludes``: ids that cannot be had together with it; it is enough if one of the two says so.
    """

    id: str
    low: Amount | None
    high: Amount | None
    group: str | None = None
    excludes: tuple[str, ...] = ()
    pool: str | None = None
    pool_cap: Amount | None = None

    @property
    def known(self) -> bool:
        return self.low is not None and self.high is not None


class Why(StrEnum):
    GROUP = "group"  # another one of the group was taken
    EXCLUDES = "excludes"  # cannot be had together with one that was taken
    POOL = "pool"  # the cap of the pool is reached without it
    NOTHING = "nothing"  # it gives nothing


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why an offer is left out, and because of which of those taken."""

    reason: Why
    because_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """``taken`` in the order given; ``unknown``: offers whose amount is not known, neither counted nor dropped."""

    taken: tuple[str, ...]
    dropped: Mapping[str, Dropped]
    total_low: Decimal
    total_high: Decimal
    unknown: tuple[str, ...] = ()


def best(offers: Sequence[Offer]) -> Choice:
    """The combination of the greatest sure total, then of the greatest possible one.

    Raises ValueError for two offers of one id. Offers that have nothing to do with each other are decided apart, so
    the time grows with the largest cluster of rivals, not with their number.
    """
    ids = [offer.id for offer in offers]
    if len(set(ids)) < len(ids):
        raise ValueError("two offers of one id")
    known = [offer for offer in offers if offer.known]
    rivals = _rivals(known)
    taken: set[str] = set()
    low = high = _NOTHING
    for cluster in _clusters(known, rivals):
        search = _Search(cluster, rivals)
        search.run()
        taken |= search.best_taken
        low, high = low + search.best_worth[0], high + search.best_worth[1]
    return Choice(
        tuple(offer.id for offer in known if offer.id in taken),
        {offer.id: _why(offer, taken, rivals, known) for offer in known if offer.id not in taken},
        low,
        high,
        tuple(offer.id for offer in offers if not offer.known),
    )


def _rivals(offers: Sequence[Offer]) -> dict[str, set[str]]:
    """Who cannot be had together with whom."""
    found: dict[str, set[str]] = {offer.id: set() for offer in offers}
    for offer in offers:
        for other in offers:
            if offer.id != other.id and _apart(offer, other):
                found[offer.id].add(other.id)
                found[other.id].add(offer.id)
    return found


def _apart(one: Offer, other: Offer) -> bool:
    return other.id in one.excludes or (one.group is not None and one.group == other.group)


def _clusters(offers: Sequence[Offer], rivals: Mapping[str, set[str]]) -> Iterable[list[Offer]]:
    """Offers bound to each other by rivalry or by a common pool."""
    left = {offer.id: offer for offer in offers}
    pools: dict[str, list[str]] = {}
    for offer in offers:
        if offer.pool is not None:
            pools.setdefault(offer.pool, []).append(offer.id)
    while left:
        waiting = [next(iter(left))]
        cluster: list[Offer] = []
        while waiting:
            found = left.pop(waiting.pop(), None)
            if found is None:
                continue
            cluster.append(found)
            waiting.extend(rivals[found.id])
            waiting.extend(pools.get(found.pool, ()) if found.pool is not None else ())
        yield cluster


@dataclass
class _Search:
    """Branch and bound over one cluster; the greater offers first, so that good answers come early."""

    cluster: list[Offer]
    rivals: Mapping[str, set[str]]
    best_taken: set[str] = field(default_factory=set)
    best_worth: tuple[Decimal, Decimal] = (_NOTHING, _NOTHING)
    caps: dict[str, Decimal] = field(default_factory=dict)

    def run(self) -> None:
        for offer in self.cluster:
            if offer.pool is not None and offer.pool_cap is not None:
                cap = Decimal(offer.pool_cap)
                self.caps[offer.pool] = min(cap, self.caps.get(offer.pool, cap))
        # a negative amount is no benefit: it is never part of the best
        self.cluster = [offer for offer in self.cluster if _ends(offer) > (_NOTHING, _NOTHING)]
        self.cluster.sort(key=_ends, reverse=True)
        self._go(0, [])

    def _go(self, at: int, taken: list[Offer]) -> None:
        worth = self._worth(taken)
        if worth > self.best_worth or (worth == self.best_worth and len(taken) < len(self.best_taken)):
            self.best_worth, self.best_taken = worth, {offer.id for offer in taken}
        if at == len(self.cluster) or not self._hope(at, taken, worth):
            return
        offer = self.cluster[at]
        if not any(other.id in self.rivals[offer.id] for other in taken):
            self._go(at + 1, [*taken, offer])
        self._go(at + 1, taken)

    def _worth(self, taken: Iterable[Offer]) -> tuple[Decimal, Decimal]:
        """The total, each pool at most its cap."""
        pools: dict[str | None, tuple[Decimal, Decimal]] = {}
        for offer in taken:
            low, high = _ends(offer)
            have = pools.get(offer.pool, (_NOTHING, _NOTHING))
            pools[offer.pool] = have[0] + low, have[1] + high
        low = high = _NOTHING
        for pool, (least, most) in pools.items():
            cap = self.caps.get(pool) if pool is not None else None
            low += least if cap is None else min(least, cap)
            high += most if cap is None else min(most, cap)
        return low, high

    def _hope(self, at: int, taken: list[Offer], worth: tuple[Decimal, Decimal]) -> bool:
        """Whether what is still open could beat the best, at most one of each group and ignoring all else."""
        low, high = worth
        tops: dict[str, tuple[Decimal, Decimal]] = {}
        for offer in self.cluster[at:]:
            if any(other.id in self.rivals[offer.id] for other in taken):
                continue
            ends = _ends(offer)
            if offer.group is None:
                low, high = low + max(ends[0], _NOTHING), high + max(ends[1], _NOTHING)
            else:
                top = tops.get(offer.group, (_NOTHING, _NOTHING))
                tops[offer.group] = max(top[0], ends[0]), max(top[1], ends[1])
        low += sum((top[0] for top in tops.values()), _NOTHING)
        high += sum((top[1] for top in tops.values()), _NOTHING)
        return (low, high) > self.best_worth


def _ends(offer: Offer) -> tuple[Decimal, Decimal]:
    assert offer.low is not None
    assert offer.high is not None
    return Decimal(offer.low), Decimal(offer.high)


def _why(offer: Offer, taken: set[str], rivals: Mapping[str, set[str]], offers: Sequence[Offer]) -> Dropped:
    against = [other for other in offers if other.id in taken and other.id in rivals[offer.id]]
    if against:
        grouped = tuple(one.id for one in against if offer.group is not None and one.group == offer.group)
        if grouped:
            return Dropped(Why.GROUP, grouped)
        return Dropped(Why.EXCLUDES, tuple(one.id for one in against))
    if _ends(offer) <= (_NOTHING, _NOTHING):
        return Dropped(Why.NOTHING)
    filled = tuple(one.id for one in offers if one.id in taken and one.pool == offer.pool)
    return Dropped(Why.POOL, filled)
