from datetime import timedelta

from yakuba.kernel.things.api import TownHallApp


class LedgerConfig(TownHallApp):
    name = "tests.crash.ledger"
    label = "ledger"

    def ready(self) -> None:
        """A killed or failed job runs again after seconds instead of minutes, so that a trial ends soon."""
        from yakuba.kernel.jobs import rules, services

        services.LEASE = timedelta(seconds=8)
        rules.RETRY_MINUTES = (0.05,) * 60
