"""The database itself refuses overlapping periods."""

from django.db import migrations

from yakuba.kernel.organisation.overlaps import allow_overlaps, refuse_overlaps


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_dated_rows_and_search_key")]

    operations = [migrations.RunPython(refuse_overlaps, allow_overlaps)]
