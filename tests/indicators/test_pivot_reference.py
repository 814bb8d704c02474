"""Random stores, and every pivot of them equal to DuckDB's to the last digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.indicators.models import UnitLevel, Value, ValueSource
from jinchuanggu.indicators.store.pivot import pivot
from jinchuanggu.indicators.store.posting import Posted, Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from tests.indicators import reference
from tests.indicators.store import define, tree

pytestmark = pytest.mark.django_db

KEYS = {
    "flow": {},
    "stock": {"period": "moment", "over_time": "last", "breakdowns": ["field"]},
    "mean": {"aggregation": "average", "over_time": "average"},
    "level_over_time": {"over_time": "average", "breakdowns": []},
    "quarterly": {"period": "quarter", "breakdowns": []},
    "counted": {"aggregation": "distinct", "breakdowns": []},
}
MONTHS = [Period.parse(text) for text in ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")]
amounts = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15).map(lambda n: Decimal(n) / 10_000),
    st.integers(-3, 3).map(Decimal),
)
rows = st.tuples(
    st.sampled_from(sorted(KEYS)), st.integers(0, 20), st.sampled_from(MONTHS), amounts,
    st.sampled_from([ValueSource.FILED, ValueSource.FILED, ValueSource.COMPUTED, ValueSource.PUBLISHED]),
    st.integers(0, 2),
)  # fmt: skip
stores = st.lists(st.lists(rows, max_size=25), min_size=1, max_size=4)
# a failing store of this size takes minutes to shrink, and reads well enough as it is
many = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip


def fill(batches: list[list[tuple]]) -> None:
    """Post the batches one after the other; the units are firms, valleys, a city and a province."""
    firms = tree(cities=2, valleys=2, firms=3) + tree(cities=1, valleys=1, firms=1, first=900)
    upper = list(dict.fromkeys(firm.parent for firm in firms))
    units = [*firms, *upper, upper[0].parent, upper[0].parent.parent]
    for batch in batches:
        posted = Posted()
        for key, at, month, value, source, group in batch:
            unit = units[at % len(units)]
            split = ("field", "新材料") if group == 2 and unit.level == UnitLevel.VALLEY else None
            period = month.within(PeriodKind.QUARTER) if key == "quarterly" else month
            posted |= post([Posting(key, unit.pk, period, value, split, source, reporters=1 + group)])
        roll_up(posted)


@many
@given(stores)
def test_every_pivot_is_what_duckdb_finds(tmp_path_factory: pytest.TempPathFactory, batches: list) -> None:
    with transaction.atomic():
        for key, more in KEYS.items():
            define(key, **more)
        fill(batches)
        folder: Path = tmp_path_factory.mktemp("export")
        reference.export(folder)
        db = reference.opened(folder)
        span = (MONTHS[0], MONTHS[-1])
        for level in UnitLevel.values:
            for kind in PeriodKind:
                for breakdown in (None, "field", "size"):
                    ours = pivot(KEYS, level=level, periods=span, kind=kind, breakdown=breakdown)
                    expected = reference.pivot(
                        db, sorted(KEYS), level=level, periods=span, kind=kind, breakdown=breakdown
                    )
                    found = {(c.key, c.unit_id, str(c.period), c.group): (c.value, c.reporters) for c in ours}
                    assert found == expected, (level, kind, breakdown)
        db.close()
        transaction.set_rollback(True)


@many
@given(stores)
def test_the_history_of_versions_is_whole(batches: list) -> None:
    with transaction.atomic():
        for key, more in KEYS.items():
            define(key, **more)
        fill(batches)
        histories: dict[tuple, list[Value]] = {}
        for row in Value.objects.order_by("version"):
            histories.setdefault((row.indicator_id, row.unit_id, row.period, row.breakdown), []).append(row)
        for history in histories.values():
            assert [row.version for row in history] == list(range(1, len(history) + 1))
            assert sum(row.current for row in history) == 1
        transaction.set_rollback(True)
