from yakuba.kernel.things.api import TownHallApp, Zone


class PlanConfig(TownHallApp):
    name = "yakuba.plan"
    label = "plan"
    # The plan and its progress are published; nothing here may need a table that lives inside only.
    home_zone = Zone.EVERYWHERE
