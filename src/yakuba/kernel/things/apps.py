from yakuba.kernel.things.api import TownHallApp


class ThingsConfig(TownHallApp):
    name = "yakuba.kernel.things"
    label = "things"
