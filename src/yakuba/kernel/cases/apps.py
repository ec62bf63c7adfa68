from yakuba.kernel.things.api import TownHallApp, Zone


class CasesConfig(TownHallApp):
    name = "yakuba.kernel.cases"
    label = "cases"
    home_zone = Zone.INTERNET

    def ready(self) -> None:
        from yakuba.kernel.cases.queries import yearly  # noqa: F401  (tells the catalogue how many cases arrived)
