import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planted", "0002_rows")]
    operations = [
        migrations.CreateModel(
            name="Curiosity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=8)),
                ("text", models.TextField(blank=True)),
                ("is_true", models.BooleanField()),
                ("may_be", models.BooleanField(null=True)),
                ("small", models.SmallIntegerField()),
                ("large", models.BigIntegerField()),
                ("price", models.DecimalField(decimal_places=4, max_digits=20)),
                ("ratio", models.FloatField()),
                ("day", models.DateField(null=True)),
                ("moment", models.DateTimeField(null=True)),
                ("hour", models.TimeField(null=True)),
                ("length", models.DurationField(null=True)),
                ("content", models.BinaryField()),
                ("told", models.JSONField()),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "like",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="planted.curiosity"
                    ),
                ),
            ],
        ),
    ]
