"""The draw as pure arithmetic: the same for everybody, nobody in conflict, every chair by its category."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.programme import lottery
from jinchuanggu.programme.lottery import Entry

CATEGORIES = ("technical", "strategy", "finance")
PANEL = {"technical": 3, "strategy": 1, "finance": 1}
codes = st.text("ABCDEF0123456789", min_size=4, max_size=8)
pools = st.lists(codes, min_size=8, max_size=60, unique=True).flatmap(
    lambda found: st.lists(st.sampled_from(CATEGORIES), min_size=len(found), max_size=len(found)).map(
        lambda kinds: [Entry(code, kind) for code, kind in zip(found, kinds, strict=True)]
    )
)


@given(pools, st.text(max_size=80), st.randoms())
def test_order_does_not_depend_on_how_the_pool_came(
    pool: list[Entry], seed: str, shuffle: random.Random
) -> None:
    mixed = list(pool)
    shuffle.shuffle(mixed)
    assert lottery.order_of(pool, seed) == lottery.order_of(mixed, seed)


@given(pools, st.text(max_size=80))
def test_order_is_what_ten_lines_of_another_program_give(pool: list[Entry], seed: str) -> None:
    by_hand = sorted(
        (hashlib.sha256((seed + "|" + entry.code).encode("utf-8")).hexdigest(), entry.code) for entry in pool
    )
    assert [entry.code for entry in lottery.order_of(pool, seed)] == [code for _ticket, code in by_hand]


@given(pools, st.text(max_size=80), st.data())
def test_whoever_is_skipped_never_sits(pool: list[Entry], seed: str, data: st.DataObject) -> None:
    skipped = set(data.draw(st.lists(st.sampled_from([entry.code for entry in pool]))))
    seated = lottery.seat(lottery.order_of(pool, seed), PANEL, skipped)
    assert not skipped & {entry.code for entry in seated}
    assert len({entry.code for entry in seated}) == len(seated)
    for category, chairs in PANEL.items():
        able = sum(entry.category == category and entry.code not in skipped for entry in pool)
        assert sum(entry.category == category for entry in seated) == min(chairs, able)


@given(pools, st.text(max_size=80))
def test_replacement_is_the_first_of_the_category_who_never_sat(pool: list[Entry], seed: str) -> None:
    order = lottery.order_of(pool, seed)
    used = {entry.code for entry in lottery.seat(order, PANEL)}
    following = lottery.next_after(order, "technical", used)
    rest = [entry for entry in order if entry.category == "technical" and entry.code not in used]
    assert following == (rest[0] if rest else None)


def test_every_expert_has_a_fair_chance() -> None:
    pool = [Entry(f"E{number:02d}", "technical") for number in range(10)]
    seated = [
        entry.code
        for run in range(2000)
        for entry in lottery.seat(lottery.order_of(pool, str(run)), {"technical": 1})
    ]
    for entry in pool:
        # expected 200 of 2000; five standard deviations are 67
        assert 133 < seated.count(entry.code) < 267


def test_commitment_is_plain_sha256() -> None:
    assert lottery.commitment_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("pool", "short"),
    [
        ([Entry("A", "technical")], {"technical": (1, 3), "strategy": (0, 1), "finance": (0, 1)}),
        (
            [*(Entry(str(n), "technical") for n in range(3)), Entry("s", "strategy"), Entry("f", "finance")],
            {},
        ),
    ],
)
def test_a_short_pool_says_which_category(pool: list[Entry], short: dict[str, tuple[int, int]]) -> None:
    assert lottery.short_of(pool, PANEL) == short
