"""The verbs of the plan board; each file is one of them."""

from yakuba.plan.services.load_plan import load_plan

__all__ = ["load_plan"]
