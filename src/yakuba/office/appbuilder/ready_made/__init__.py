"""Templates a town uses (テンプレート): twelve apps, ready to be made one's own. Read only when somebody asks for them."""

from __future__ import annotations

from functools import cache

from yakuba.office.appbuilder.ready_made.parts import ReadyMade


@cache
def templates() -> tuple[ReadyMade, ...]:
    """All of them, in the order of the gallery."""
    from yakuba.office.appbuilder.ready_made import counter, lending, outdoors, people

    return (*lending.ALL, *outdoors.ALL, *counter.ALL, *people.ALL)


def template(key: str) -> ReadyMade | None:
    """The template with a key."""
    return next((one for one in templates() if one.key == key), None)


__all__ = ["ReadyMade", "template", "templates"]
