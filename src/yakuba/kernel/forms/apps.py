from yakuba.kernel.things.api import TownHallApp, Zone


class FormsConfig(TownHallApp):
    name = "yakuba.kernel.forms"
    label = "forms"
    home_zone = Zone.INTERNET
