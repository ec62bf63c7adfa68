from yakuba.kernel.things.api import TownHallApp, Zone


class SearchConfig(TownHallApp):
    name = "yakuba.kernel.search"
    label = "search"
    home_zone = Zone.EVERYWHERE
