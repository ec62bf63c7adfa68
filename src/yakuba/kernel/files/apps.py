from yakuba.kernel.things.api import TownHallApp


class FilesConfig(TownHallApp):
    name = "yakuba.kernel.files"
    label = "files"
