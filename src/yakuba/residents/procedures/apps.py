from yakuba.kernel.things.api import TownHallApp, Zone


class ProceduresConfig(TownHallApp):
    name = "yakuba.residents.procedures"
    label = "procedures"
    home_zone = Zone.INTERNET
