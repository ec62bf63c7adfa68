from yakuba.kernel.things.api import TownHallApp


class OperationsConfig(TownHallApp):
    name = "yakuba.kernel.operations"
    label = "operations"
