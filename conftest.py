"""The test harness applies to every test, beside the apps (`src/`) and under `tests/`; it lives in `tests/harness`."""

pytest_plugins = [
    "tests.harness.surroundings",
    "tests.harness.databases",
    "tests.harness.rules_for_all",
    "tests.harness.browser",
    "tests.harness.town_home",
    "tests.harness.sample",
]
