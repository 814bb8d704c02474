from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_value_may_be_taken_back"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="value", name="value_version_once"),
        migrations.RemoveConstraint(model_name="value", name="one_current_value"),
        migrations.RemoveIndex(model_name="value", name="value_pivot"),
        migrations.AddConstraint(
            model_name="value",
            constraint=models.UniqueConstraint(
                fields=("period", "indicator", "unit", "breakdown", "version"), name="value_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="value",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)),
                fields=("indicator", "period", "breakdown", "unit"),
                name="one_current_value",
            ),
        ),
    ]
