from yakuba.kernel.things.api import TownHallApp


class OrganisationConfig(TownHallApp):
    name = "yakuba.kernel.organisation"
    label = "organisation"
