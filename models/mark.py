"""A mark: a word that attributes what stands by it to a source."""

from __future__ import annotations

from typing import NamedTuple

BOTH = frozenset("SVBPTp")  # kinds that hold the figures before them in the sentence too


class Mark(NamedTuple):
    """A word that attributes, and to whom.

    Kinds: `S` preposition, `p` *pour*, `V` inverted verb, `P` participle and *par*, `B` brackets, `T` a colon before
    *c’est le bilan de X*, `A` subject and verb, `a` the same with a verb that also says what one has (*compte*), `E`
    with the verb elided, `N` *bilan de X*, `C` a name before a colon, `D` a subject before one. `head` is the pronoun
    or noun of the source.
    """

    at: int
    kind: str
    word: str
    source: int | None = None
    head: str = ""
