from yakuba.kernel.things.api import TownHallApp


class YearTurnConfig(TownHallApp):
    name = "yakuba.kernel.yearturn"
    label = "yearturn"
