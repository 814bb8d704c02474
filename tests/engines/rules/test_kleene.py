from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules.kleene import Status, all_of, any_of, at_least, between

MET, NOT_MET, OPEN = Status.MET, Status.NOT_MET, Status.NOT_EVIDENCED
statuses = st.lists(st.sampled_from([*Status]), max_size=8)


def negate(status: Status) -> Status:
    return {MET: NOT_MET, NOT_MET: MET}.get(status, OPEN)


def test_the_tables_of_strong_kleene_logic() -> None:
    rank = {NOT_MET: 0, OPEN: 1, MET: 2}
    for left, right in product(Status, Status):
        assert all_of([left, right]) == min(left, right, key=rank.__getitem__)
        assert any_of([left, right]) == max(left, right, key=rank.__getitem__)


@given(statuses)
def test_de_morgan(listed: list[Status]) -> None:
    assert negate(all_of(listed)) == any_of(map(negate, listed))


@given(statuses, st.randoms())
def test_order_does_not_matter(listed: list[Status], random: object) -> None:
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert all_of(shuffled) == all_of(listed)
    assert at_least(2, shuffled) == at_least(2, listed)


@given(statuses, statuses)
def test_grouping_does_not_matter(left: list[Status], right: list[Status]) -> None:
    assert all_of([all_of(left), all_of(right)]) == all_of([*left, *right])
    assert any_of([any_of(left), any_of(right)]) == any_of([*left, *right])


@given(statuses.filter(bool))
def test_all_and_any_are_the_ends_of_at_least(listed: list[Status]) -> None:
    assert at_least(len(listed), listed) == all_of(listed)
    assert at_least(1, listed) == any_of(listed)


@given(statuses, st.integers(1, 8), st.data())
def test_learning_more_never_undoes_a_decision(
    listed: list[Status], number: int, data: st.DataObject
) -> None:
    """Whatever an unknown turns out to be, what was decided without it stays decided."""
    learned = [data.draw(st.sampled_from([*Status])) if status is OPEN else status for status in listed]
    for join in (all_of, any_of, lambda found: at_least(number, found)):
        before = join(listed)
        if before is not OPEN:
            assert join(learned) == before


def test_an_interval_decides_only_when_both_ends_agree() -> None:
    assert between(True, True) is MET
    assert between(False, True) is OPEN
    assert between(False, False) is NOT_MET
