from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_store_and_filings")]

    operations = [
        migrations.AddField(
            model_name="indicatordefinition",
            name="basis",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="定义依据"),
            preserve_default=False,
        ),
    ]
