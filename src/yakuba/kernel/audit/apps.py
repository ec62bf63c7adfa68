from django.db.backends.signals import connection_created

from yakuba.kernel.things.api import TownHallApp


class AuditConfig(TownHallApp):
    name = "yakuba.kernel.audit"
    label = "audit"

    def ready(self) -> None:
        from django.db import connections

        from yakuba.kernel.audit.write_guard import attach

        connection_created.connect(attach, dispatch_uid="yakuba.audit.write_guard")
        for connection in connections.all(initialized_only=True):
            attach(sender=None, connection=connection)
