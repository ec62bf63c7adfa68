from yakuba.kernel.things.api import TownHallApp, Zone


class AppbuilderConfig(TownHallApp):
    name = "yakuba.office.appbuilder"
    label = "appbuilder"
    home_zone = Zone.LGWAN
