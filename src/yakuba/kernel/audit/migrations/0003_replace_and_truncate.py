from django.db import migrations

from yakuba.kernel.audit.append_only import append_only_again


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [append_only_again(table) for table in ("audit_auditevent", "audit_auditsubject", "audit_auditlink")]
