"""The town hall's own settings with the ledger added."""

from yakuba.site.settings import *  # noqa: F403
from yakuba.site.settings import INSTALLED_APPS as TOWN_HALL_APPS
from yakuba.site.settings import Q_CLUSTER as TOWN_HALL_CLUSTER

INSTALLED_APPS = ["tests.crash.ledger", *TOWN_HALL_APPS]
ROOT_URLCONF = "tests.crash.ledger.urls"
Q_CLUSTER = TOWN_HALL_CLUSTER | {"timeout": 20, "retry": 25}
