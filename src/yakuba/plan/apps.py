from yakuba.kernel.things.api import TownHallApp, Zone


class PlanConfig(TownHallApp):
    name = "yakuba.plan"
    label = "plan"
    home_zone = Zone.LGWAN
