from django.utils.module_loading import autodiscover_modules

from yakuba.kernel.things.api import TownHallApp


class PaperConfig(TownHallApp):
    name = "yakuba.kernel.paper"
    label = "paper"

    def ready(self) -> None:
        autodiscover_modules("sheets")  # what the apps can print on the town's own sheets
