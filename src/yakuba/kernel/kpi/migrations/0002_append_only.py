from django.db import migrations

from yakuba.kernel.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_initial"), ("audit", "0002_append_only")]

    operations = [append_only("kpi_snapshot")]
