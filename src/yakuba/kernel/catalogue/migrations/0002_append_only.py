from django.db import migrations

from yakuba.kernel.audit.append_only import append_only

TABLES = ("catalogue_procedureedition", "catalogue_yearlypublication")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("audit", "0002_append_only")]

    operations = [append_only(table) for table in TABLES]
