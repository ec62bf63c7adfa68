from yakuba.kernel.things.api import TownHallApp, Zone


class ExpressionsConfig(TownHallApp):
    name = "yakuba.kernel.expressions"
    label = "expressions"
    home_zone = Zone.EVERYWHERE
