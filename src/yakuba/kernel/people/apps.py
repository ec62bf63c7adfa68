from yakuba.kernel.things.api import TownHallApp, Zone


class PeopleConfig(TownHallApp):
    name = "yakuba.kernel.people"
    label = "people"
    home_zone = Zone.NUMBER
