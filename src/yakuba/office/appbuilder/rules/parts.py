"""What every part of a definition is: frozen, and strict about names it does not know."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of a definition or of permissions, read from JSON; an unknown name in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
