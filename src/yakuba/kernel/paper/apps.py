from yakuba.kernel.things.api import TownHallApp


class PaperConfig(TownHallApp):
    name = "yakuba.kernel.paper"
    label = "paper"
