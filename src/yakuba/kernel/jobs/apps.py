from yakuba.kernel.things.api import TownHallApp


class JobsConfig(TownHallApp):
    name = "yakuba.kernel.jobs"
    label = "jobs"
