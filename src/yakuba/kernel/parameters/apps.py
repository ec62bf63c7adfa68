from yakuba.kernel.things.api import TownHallApp


class ParametersConfig(TownHallApp):
    name = "yakuba.kernel.parameters"
    label = "parameters"
