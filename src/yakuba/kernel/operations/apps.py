from django.core.signals import got_request_exception

from yakuba.kernel.things.api import TownHallApp


class OperationsConfig(TownHallApp):
    name = "yakuba.kernel.operations"
    label = "operations"

    def ready(self) -> None:
        super().ready()
        from yakuba.kernel.operations.middleware import note_fault

        got_request_exception.connect(note_fault, dispatch_uid="operations.note_fault")
