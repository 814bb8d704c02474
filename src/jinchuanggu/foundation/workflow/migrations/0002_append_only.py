"""The database refuses to change or remove the steps of a case."""

from django.db import migrations

from jinchuanggu.foundation.audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, "workflow_step")


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, "workflow_step")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
