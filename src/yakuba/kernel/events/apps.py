from yakuba.kernel.things.api import TownHallApp


class EventsConfig(TownHallApp):
    name = "yakuba.kernel.events"
    label = "events"
