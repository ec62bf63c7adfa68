from django.utils.module_loading import autodiscover_modules

from yakuba.kernel.things.api import TownHallApp


class SiteConfig(TownHallApp):
    name = "yakuba.site"
    label = "yakuba_site"

    def ready(self) -> None:
        autodiscover_modules("things", "events", "jobs", "kpi", "home", "services", "checkups", "parameters")
        from yakuba.site import wiring

        wiring.connect()
