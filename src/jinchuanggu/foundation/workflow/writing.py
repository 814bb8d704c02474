"""Many rows of one table changed in one statement that the database prepares once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, models


def set_many(model: type[models.Model], rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Set fields by primary key: `{pk: {field: value}}`, the same fields in every row. One statement for all of them.

    For thousands of rows this is many times quicker than `bulk_update`, whose statement names every row.
    """
    if not rows:
        return
    names = list(next(iter(rows.values())))
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)  # type: ignore[union-attr]
    key = model._meta.pk
    assert key is not None
    statement = f"UPDATE {quote(model._meta.db_table)} SET {assigned} WHERE {quote(key.column)} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [*(field.get_db_prep_save(row[field.name], connection) for field in fields), pk]  # type: ignore[union-attr]
                for pk, row in sorted(rows.items())
            ],
        )
