from yakuba.kernel.things.api import TownHallApp, Zone


class NotifyConfig(TownHallApp):
    name = "yakuba.kernel.notify"
    label = "notify"
    home_zone = Zone.INTERNET
