from django.utils.module_loading import autodiscover_modules

from yakuba.kernel.things.api import TownHallApp, Zone


class SearchConfig(TownHallApp):
    name = "yakuba.kernel.search"
    label = "search"
    home_zone = Zone.EVERYWHERE

    def ready(self) -> None:
        autodiscover_modules("search")  # what the apps let people find
