from django.utils.module_loading import autodiscover_modules

from yakuba.kernel.things.api import TownHallApp, Zone


class NotifyConfig(TownHallApp):
    name = "yakuba.kernel.notify"
    label = "notify"
    home_zone = Zone.INTERNET

    def ready(self) -> None:
        autodiscover_modules("notices")  # what the apps tell people
