from yakuba.kernel.things.api import TownHallApp


class FirstWeekConfig(TownHallApp):
    name = "yakuba.kernel.firstweek"
    label = "firstweek"
