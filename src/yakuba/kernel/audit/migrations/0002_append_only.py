from django.db import migrations

from yakuba.kernel.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        append_only("audit_auditevent"),
        append_only("audit_auditsubject"),
        append_only("audit_auditlink"),
    ]
