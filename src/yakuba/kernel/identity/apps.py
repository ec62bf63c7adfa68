from yakuba.kernel.things.api import TownHallApp


class IdentityConfig(TownHallApp):
    name = "yakuba.kernel.identity"
    label = "identity"

    def ready(self) -> None:
        from yakuba.kernel.identity import library_signals  # noqa: F401  it listens on import
