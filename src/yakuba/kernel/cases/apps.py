from yakuba.kernel.things.api import TownHallApp, Zone


class CasesConfig(TownHallApp):
    name = "yakuba.kernel.cases"
    label = "cases"
    home_zone = Zone.INTERNET
