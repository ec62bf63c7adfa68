from django.db import migrations

from yakuba.kernel.audit.append_only import append_only_again


class Migration(migrations.Migration):
    dependencies = [("kpi", "0002_append_only"), ("audit", "0003_replace_and_truncate")]

    operations = [append_only_again("kpi_snapshot")]
