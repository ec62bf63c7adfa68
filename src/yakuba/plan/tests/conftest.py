"""The plan every test of the board may start from."""

import pytest


@pytest.fixture
def real_plan(db):
    """The real plan, loaded and shown."""
    # Imported here, because pytest reads this file before Django is set up.
    from yakuba.plan.queries.current import plan_in_force
    from yakuba.plan.services.load_plan import load_plan
    from yakuba.plan.tests.arranged import CLOCK, SECRETARY, plan_text

    load_plan(by=SECRETARY, text=plan_text(), note="", show=True, clock=CLOCK)
    return plan_in_force()
