"""An invitation says whom it is for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gspace", "0002_feed")]

    operations = [
        migrations.AddField(
            model_name="invite",
            name="label",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
