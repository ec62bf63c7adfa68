from yakuba.kernel.things.api import TownHallApp


class IdentityConfig(TownHallApp):
    name = "yakuba.kernel.identity"
    label = "identity"
