"""The database itself refuses to change the figures of a locked filing or a kept version, whoever holds the connection."""

from django.db import migrations

MESSAGE = "figures of a locked filing change only through a reopening"
KEPT = "locked versions are never changed"
SQLITE = [
    "CREATE TRIGGER IF NOT EXISTS indicators_filing_locked BEFORE UPDATE OF cells ON indicators_filing "
    "WHEN OLD.state = 'locked' AND NEW.cells IS NOT OLD.cells "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    "CREATE TRIGGER IF NOT EXISTS indicators_filingversion_kept BEFORE UPDATE ON indicators_filingversion "
    f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION indicators_filing_locked() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    "CREATE TRIGGER indicators_filing_locked BEFORE UPDATE OF cells ON indicators_filing FOR EACH ROW "
    "WHEN (OLD.state = 'locked' AND NEW.cells IS DISTINCT FROM OLD.cells) EXECUTE FUNCTION indicators_filing_locked()",
    "CREATE OR REPLACE FUNCTION indicators_filingversion_kept() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{KEPT}'; END $$",
    "CREATE TRIGGER indicators_filingversion_kept BEFORE UPDATE ON indicators_filingversion FOR EACH ROW "
    "EXECUTE FUNCTION indicators_filingversion_kept()",
]
DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS indicators_filing_locked",
        "DROP TRIGGER IF EXISTS indicators_filingversion_kept",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS indicators_filing_locked ON indicators_filing",
        "DROP TRIGGER IF EXISTS indicators_filingversion_kept ON indicators_filingversion",
    ],
}


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


def install(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, []))


def remove(apps, schema_editor):
    _run(schema_editor, DROP.get(schema_editor.connection.vendor, []))


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_value_indexes_as_measured")]
    operations = [migrations.RunPython(install, remove)]
