from yakuba.kernel.things.api import TownHallApp, Zone


class CardSupportConfig(TownHallApp):
    name = "yakuba.residents.card_support"
    label = "card_support"
    home_zone = Zone.INTERNET
