"""Several keys of one device, handing it over to another app, counted tries, its outbox as told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0003_invite_label"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("scope", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name_plural": "tries",
            },
        ),
        migrations.AddField(
            model_name="device",
            name="contact_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="oldest_unsent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="unsent",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="DeviceKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="gspace.device",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("digits_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("digits_expire_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfers",
                        to="gspace.device",
                    ),
                ),
            ],
        ),
    ]
