"""The database refuses to change or remove audit events, and the chain has its head from the start."""

from django.db import migrations

from jinchuanggu.foundation.audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, "audit_auditevent")
    heads = apps.get_model("audit", "ChainHead").objects.using(schema_editor.connection.alias)
    if not heads.exists():
        heads.create()


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, "audit_auditevent")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
