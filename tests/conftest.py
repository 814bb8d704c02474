"""What every test shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from jinchuanggu.foundation.audit import triggers


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> Iterator[None]:
    """Tests with real transactions empty every table afterwards, which the append-only triggers
    would refuse.
    """
    flush = TransactionTestCase._fixture_teardown

    def without_triggers(self: TransactionTestCase, *args: Any) -> None:
        triggers.remove(connection)
        try:
            flush(self, *args)
        finally:
            triggers.install(connection)

    TransactionTestCase._fixture_teardown = without_triggers  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _own_state_folder(settings: Any, tmp_path: Any) -> None:
    """Documents and job notes of a test stay in its own folder."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.HOME = tmp_path / "home"
