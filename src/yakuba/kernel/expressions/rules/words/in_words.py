"""A rule told to people."""

from __future__ import annotations

from collections.abc import Mapping

from yakuba.kernel.expressions.rules.shape import refuse_unsound
from yakuba.kernel.expressions.rules.values import Rule
from yakuba.kernel.expressions.rules.words.claims import Named, statement_of
from yakuba.kernel.expressions.rules.words.english import English
from yakuba.kernel.expressions.rules.words.japanese import EasyJapanese, Japanese
from yakuba.kernel.expressions.rules.words.terms import Scope

_TONGUES: dict[str, Japanese | English] = {"ja": Japanese(), "ja-easy": EasyJapanese(), "en": English()}


def in_words(rule: Rule, *, names: Mapping[str, Named], language: str = "ja", as_value: bool = False) -> str:
    """A rule as a sentence: 「住まい」が「持ち家」で、かつ「人数」が2以上のとき.

    `names` gives labels and choices by name, columns of rows with dots (`children.age`); a name that is not there
    appears as it is written. `language` is `ja`, `ja-easy` or `en`; any other reads English. A rule that computes a
    value rather than asking is told `as_value`: 「単価」と2を掛けた数. Raises `RuleFault` for a malformed rule.
    """
    refuse_unsound(rule)
    tongue = _TONGUES.get(language) or _TONGUES["en"]
    scope = Scope(names)
    return tongue.term(rule, scope) if as_value else tongue.condition(statement_of(rule), scope)
