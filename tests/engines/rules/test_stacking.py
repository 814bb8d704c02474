"""The best combination against every combination there is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules.stacking import Dropped, Offer, Why, best

NAMES = "abcdefgh"


def offer(name: str, low: int, high: int | None = None, **more: object) -> Offer:
    return Offer(name, Decimal(low), Decimal(low if high is None else high), **more)  # type: ignore[arg-type]


def legal(chosen: Sequence[Offer]) -> bool:
    groups = [one.group for one in chosen if one.group is not None]
    ids = {one.id for one in chosen}
    return len(groups) == len(set(groups)) and not any(ids & set(one.excludes) - {one.id} for one in chosen)


def worth(chosen: Sequence[Offer], caps: dict[str, Decimal]) -> tuple[Decimal, Decimal]:
    ends = []
    for end in ("low", "high"):
        total = sum((getattr(one, end) for one in chosen if one.pool is None), Decimal(0))
        for pool in {one.pool for one in chosen if one.pool is not None}:
            inside = sum((getattr(one, end) for one in chosen if one.pool == pool), Decimal(0))
            total += min(inside, caps.get(pool, inside))
        ends.append(total)
    return ends[0], ends[1]


amounts = st.one_of(st.none(), st.tuples(st.integers(0, 40), st.integers(0, 40)))


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    found = []
    for name in NAMES[: draw(st.integers(0, len(NAMES)))]:
        pair = draw(amounts)
        pool = draw(st.sampled_from([None, None, "p", "q"]))
        found.append(
            Offer(
                name,
                None if pair is None else Decimal(min(pair)),
                None if pair is None else Decimal(max(pair)),
                draw(st.sampled_from([None, None, "g", "h"])),
                tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2))),
                pool,
                {"p": Decimal(25), "q": Decimal(50)}.get(pool or ""),
            )
        )
    return found


@given(offers())
def test_nothing_legal_is_worth_more(found: list[Offer]) -> None:
    choice = best(found)
    known = [one for one in found if one.known]
    caps = {"p": Decimal(25), "q": Decimal(50)}
    every = [
        chosen for size in range(len(known) + 1) for chosen in combinations(known, size) if legal(chosen)
    ]
    assert (choice.total_low, choice.total_high) == max(worth(chosen, caps) for chosen in every)
    taken = [one for one in known if one.id in choice.taken]
    assert legal(taken)
    assert worth(taken, caps) == (choice.total_low, choice.total_high)
    assert {one.id for one in found} == {*choice.taken, *choice.dropped, *choice.unknown}
    assert set(choice.unknown) == {one.id for one in found if not one.known}
    for name, why in choice.dropped.items():
        more = [one for one in known if one.id in choice.taken or one.id == name]
        if why.reason in (Why.GROUP, Why.EXCLUDES):
            assert why.because_of
            assert not legal(more)
        else:
            assert worth(more, caps) == (choice.total_low, choice.total_high)


def test_two_small_ones_beat_the_great_one_they_exclude() -> None:
    choice = best([offer("great", 100, excludes=("b", "c")), offer("b", 60), offer("c", 50)])
    assert choice.taken == ("b", "c")
    assert choice.dropped == {"great": Dropped(Why.EXCLUDES, ("b", "c"))}
    assert choice.total_low == 110


def test_the_higher_of_a_group_counts_and_the_other_says_why() -> None:
    choice = best([offer("first", 30, group="money"), offer("second", 80, group="money"), offer("other", 5)])
    assert choice.taken == ("second", "other")
    assert choice.dropped == {"first": Dropped(Why.GROUP, ("second",))}


def test_a_full_pool_needs_no_further_application() -> None:
    pool = {"pool": "p", "pool_cap": Decimal(50)}
    choice = best([offer("a", 50, **pool), offer("b", 20, **pool)])
    assert choice.taken == ("a",)
    assert choice.dropped == {"b": Dropped(Why.POOL, ("a",))}


def test_an_amount_nobody_knows_is_never_guessed() -> None:
    choice = best([Offer("open", None, None, group="g"), offer("a", 10, group="g")])
    assert choice.taken == ("a",)
    assert choice.unknown == ("open",)
    assert choice.dropped == {}


def test_two_offers_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one id"):
        best([offer("a", 1), offer("a", 2)])


def test_forty_offers_in_twenty_groups_take_no_time() -> None:
    choice = best([offer(f"o{n}", n + 1, group=f"g{n // 2}") for n in range(40)])
    assert choice.total_low == sum(range(2, 41, 2))
