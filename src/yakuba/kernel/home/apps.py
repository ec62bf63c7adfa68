from yakuba.kernel.things.api import TownHallApp


class HomeConfig(TownHallApp):
    name = "yakuba.kernel.home"
    label = "home"
