from datetime import timedelta

from yakuba.kernel.things.api import TownHallApp


class LedgerConfig(TownHallApp):
    name = "tests.crash.ledger"
    label = "ledger"

    def ready(self) -> None:
        """A killed or failed job runs again after seconds instead of minutes, so that a trial ends soon.

        Imports are written in small chunks, so that kills often fall between two of them.
        """
        from yakuba.kernel.jobs import rules, services
        from yakuba.office.appbuilder.services import automate, bring_in

        services.LEASE = timedelta(seconds=20)
        rules.RETRY_MINUTES = (0.05,) * 60
        automate.RETRY_MINUTES = (0.05,) * 60
        bring_in.CHUNK = 10
