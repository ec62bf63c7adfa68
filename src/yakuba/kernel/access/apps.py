from yakuba.kernel.things.api import TownHallApp


class AccessConfig(TownHallApp):
    name = "yakuba.kernel.access"
    label = "access"
