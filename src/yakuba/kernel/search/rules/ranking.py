"""What stands first among the hits."""

from __future__ import annotations

from enum import IntEnum


class Weight(IntEnum):
    """How much a hit in a text tells (どこに書いてあるか): a title before keywords before the body."""

    BODY = 1
    KEYWORD = 2
    TITLE = 3

    @property
    def of_own_word(self) -> int:
        """What one hit of the word that was typed adds to the rank.

        A million hits in a body weigh as much as one keyword, so the order title, keyword, body holds for every text
        of less than half a million characters.
        """
        return {Weight.BODY: 2, Weight.KEYWORD: 10**6, Weight.TITLE: 10**12}[self]

    @property
    def of_synonym(self) -> int:
        """What one hit of another word for it adds: the same as the word itself one step lower."""
        return {Weight.BODY: 1, Weight.KEYWORD: 2, Weight.TITLE: 10**6}[self]
