"""Rows that no one may change: the database itself refuses UPDATE and DELETE, whoever holds the connection.

A trigger does not stop somebody who may drop it; the hash chain then shows what was done. Portable no-op on
vendors
without a known dialect.
"""

from __future__ import annotations

from typing import Any

PROTECTED = ("audit_auditevent", "workflow_step")
_MESSAGE = "rows of %s are never changed or removed"


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{word} BEFORE {word.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE % table}'); END"
        for word in ("update", "delete")
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE % table}'; END $$",
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


_INSTALL = {"sqlite": _sqlite, "postgresql": _postgresql}
_REMOVE = {
    "sqlite": lambda table: [f"DROP TRIGGER IF EXISTS {table}_no_{word}" for word in ("update", "delete")],
    "postgresql": lambda table: [
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
    ],
}
_LIST = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
_NAMES = {"sqlite": ("no_update", "no_delete"), "postgresql": ("no_change", "no_truncate")}


def _run(connection: Any, statements: dict[str, Any], tables: tuple[str, ...]) -> None:
    make = statements.get(connection.vendor)
    if make is None:
        return
    with connection.cursor() as cursor:
        for table in tables:
            for statement in make(table):
                cursor.execute(statement)


def install(connection: Any, *tables: str) -> None:
    """Put the triggers on these tables (all protected ones when none is named); safe to repeat."""
    _run(connection, _INSTALL, tables or PROTECTED)


def remove(connection: Any, *tables: str) -> None:
    """Take the triggers off, for a migration that rewrites a table and for the flush between tests."""
    _run(connection, _REMOVE, tables or PROTECTED)


def missing(connection: Any) -> list[str]:
    """Names of triggers that should be there and are not; empty on vendors without a known dialect."""
    if connection.vendor not in _LIST:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LIST[connection.vendor])
        present = {row[0] for row in cursor.fetchall()}
    wanted = [f"{table}_{name}" for table in PROTECTED for name in _NAMES[connection.vendor]]
    return [name for name in wanted if name not in present]
