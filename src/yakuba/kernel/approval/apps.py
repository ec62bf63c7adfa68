from yakuba.kernel.things.api import TownHallApp, Zone


class ApprovalConfig(TownHallApp):
    name = "yakuba.kernel.approval"
    label = "approval"
    verbose_name = "決裁"
    home_zone = Zone.EVERYWHERE
