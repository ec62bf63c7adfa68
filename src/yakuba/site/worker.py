"""The worker: django-q2's cluster with our signal handling."""

from __future__ import annotations


def work() -> None:
    """Run jobs until the main process gets INT or TERM; django-q2 lets running jobs finish."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("qcluster", verbosity=0)
