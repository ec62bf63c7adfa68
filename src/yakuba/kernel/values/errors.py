"""The refusal: how any rule says no to a person."""

from __future__ import annotations


class Refusal(Exception):
    """A business rule says no, and the page shows why (業務上の断り).

    `message` is a complete Japanese sentence naming what is wrong and where. `field` is the name of the form field or
    column it belongs to, if there is one. `hint` is a Japanese sentence that says what to do next.
    Engines and apps derive their own refusals; a fault of the program (a wrong type, a broken table) stays a
    `TypeError` or `ValueError` and must not be shown to anybody.
    """

    def __init__(self, message: str, *, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.hint = hint

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Exception pickles its positional arguments only; a refusal that crosses a process keeps field and hint.
        return (_rebuild, (type(self), self.args, self.__dict__))

    def at(self, field: str) -> Refusal:
        """Name the field this refusal belongs to, unless one is named already, and return it: `raise refusal.at(…)`."""
        if self.field is None:
            self.field = field
        return self


def _rebuild(kind: type[Refusal], args: tuple[object, ...], state: dict[str, object]) -> Refusal:
    refusal = kind.__new__(kind, *args)
    refusal.args = args
    refusal.__dict__.update(state)
    return refusal
