from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

from yakuba.kernel.things.api import TownHallApp


class AuditConfig(TownHallApp):
    name = "yakuba.kernel.audit"
    label = "audit"

    def ready(self) -> None:
        from django.db import connections

        from yakuba.kernel.audit.write_guard import attach, migrations_begin, migrations_end

        pre_migrate.connect(migrations_begin, dispatch_uid="yakuba.audit.migrations_begin")
        post_migrate.connect(migrations_end, dispatch_uid="yakuba.audit.migrations_end")
        connection_created.connect(attach, dispatch_uid="yakuba.audit.write_guard")
        for connection in connections.all(initialized_only=True):
            attach(sender=None, connection=connection)
