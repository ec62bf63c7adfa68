from yakuba.kernel.things.api import TownHallApp, Zone


class ApprovalConfig(TownHallApp):
    name = "yakuba.kernel.approval"
    label = "approval"
    home_zone = Zone.EVERYWHERE
