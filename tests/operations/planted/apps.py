from yakuba.kernel.things.api import TownHallApp


class PlantedConfig(TownHallApp):
    name = "tests.operations.planted"
    label = "planted"
