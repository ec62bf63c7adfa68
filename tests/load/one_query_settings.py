"""The town hall's settings with one more page, the yardstick of the benchmarks."""

from yakuba.site.settings import *  # noqa: F403

ROOT_URLCONF = "tests.load.one_query_urls"
