from yakuba.kernel.things.api import TownHallApp, Zone


class CatalogueConfig(TownHallApp):
    name = "yakuba.kernel.catalogue"
    label = "catalogue"
    home_zone = Zone.EVERYWHERE
