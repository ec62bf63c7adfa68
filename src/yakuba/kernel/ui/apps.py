from yakuba.kernel.things.api import TownHallApp


class UiConfig(TownHallApp):
    name = "yakuba.kernel.ui"
    label = "ui"
    verbose_name = "画面の部品"

    def ready(self) -> None:
        from yakuba.kernel.ui import checks  # noqa: F401  registers the check of the town's colour
