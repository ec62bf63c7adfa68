from yakuba.kernel.things.api import TownHallApp


class KpiConfig(TownHallApp):
    name = "yakuba.kernel.kpi"
    label = "kpi"
