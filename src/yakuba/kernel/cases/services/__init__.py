"""The verbs of cases."""

from yakuba.kernel.cases.services.submit_case import submit_case

__all__ = ["submit_case"]
