"""Tag schemes: one tag a token ⇄ chunks of tokens, and finding out which scheme a file uses.

IOB1 and IOE1 are those of Ramshaw and Marcus 1995 and Tjong Kim Sang and Veenstra 1999
(https://aclanthology.org/E99-1023), BILOU that of Ratinov and Roth 2009 (https://aclanthology.org/W09-1119).
Read besides: bare labels without prefix, the brackets of CoNLL-2012 (`(PER*`, `*)`) and the numbers of
PARSEME (`1:LOC`, `1`, `2:PER;1`), which may nest and have gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..errors import BilanError

Chunk = tuple[int, int, str]  # first token, last token (inclusive), label


class Letters(NamedTuple):
    """The prefixes of a scheme; `touching` marks an edge shared with a chunk of the same label."""

    single: str
    first: str
    inner: str
    last: str
    touching: str = ""


# Ordered: of two schemes that fit a file equally well, the first is told.
SCHEMES = {"IOB2": Letters("B", "B", "I", "I"), "IOB1": Letters("I", "I", "I", "I", "B"),
           "BIOES": Letters("S", "B", "I", "E"), "BILOU": Letters("U", "B", "I", "L"),
           "BMES": Letters("S", "B", "M", "E"), "BMEWO": Letters("W", "B", "M", "E"),
           "IOE2": Letters("E", "I", "I", "E"), "IOE1": Letters("I", "I", "I", "I", "E")}
OPENERS, CLOSERS = "BSUW", "ELSUW"
OUTSIDE = ("O", "_", "*", "-", "")
PREFIXED = re.compile(r"([A-Z])[-_](\S.*)")
BRACKETS = re.compile(r"(?:\([^\s()*]+)*\*?\)*")
NUMBERS = re.compile(r"\d+(?::[^\s;]+)?(?:;\d+(?::[^\s;]+)?)*")
BARE = "ENTITY"  # the label of tags that are a prefix alone


def is_tag(value: str) -> bool:
    """Whether a value may be a tag of a prefix scheme, inside or outside."""
    return value in OUTSIDE or bool(PREFIXED.fullmatch(value))


def split(tag: str) -> tuple[str, str]:
    """Prefix and label; two empty strings for a tag outside.

    >>> split("B-PER"), split("O")
    (('B', 'PER'), ('', ''))
    """
    match = PREFIXED.fullmatch(tag)
    if match:
        return match[1], match[2]
    return ("", "") if tag in OUTSIDE else (tag, BARE) if tag in "BIELSUMW" else ("I", tag)


def detect(sentences: Iterable[Sequence[str]]) -> tuple[str, int]:
    """The scheme that fits the tags best, and how many tags do not fit it.

    Raises BilanError when the tags are of no known scheme.

    >>> detect([["O", "I-LOC", "O"], ["I-PER", "I-PER"]])
    ('IOB1', 0)
    """
    sentences = list(sentences)
    inside = {tag for tags in sentences for tag in tags if tag not in OUTSIDE}
    for name, pattern, sign in (("numbers", NUMBERS, ":"), ("brackets", BRACKETS, "(")):
        if inside and all(map(pattern.fullmatch, inside)) and any(sign in tag for tag in inside):
            return name, 0
    prefixed = {tag for tag in inside if PREFIXED.fullmatch(tag)}
    if inside and not prefixed and not inside <= set("BIELSUMW"):
        return "labels", 0
    odd = [tag for tag in inside if split(tag)[0] not in "BIELSUMW" or (prefixed and tag not in prefixed)]
    if odd:
        raise BilanError(f"unknown tag scheme: {min(odd)!r}",
                         mend=f"expected {', '.join(SCHEMES)}, all tags with a prefix or none")
    best = ("IOB2", sum(map(len, sentences)) + 1)
    for scheme in SCHEMES:
        found = (scheme, sum(misfits(tags, scheme) for tags in sentences))
        best = min(best, found, key=lambda pair: pair[1])
        if not best[1]:
            break
    return best


def misfits(tags: Sequence[str], scheme: str) -> int:
    """How many tags would be written otherwise in the scheme."""
    again = encode(len(tags), decode(tags), scheme)
    return sum(split(before) != split(after) for before, after in zip(tags, again, strict=True))


def decode(tags: Sequence[str]) -> list[Chunk]:
    """The chunks of a sentence in any prefix scheme, or with bare labels.

    One reading serves all: a chunk ends at a closing prefix, at another label and where the next
    begins, so that tags which a scheme forbids (`I-` after `O` in IOB2) still give their chunk.

    >>> decode(["B-LOC", "I-LOC", "B-LOC", "O", "I-PER"])
    [(0, 1, 'LOC'), (2, 2, 'LOC'), (4, 4, 'PER')]
    """
    chunks: list[Chunk] = []
    open_label = ""
    for i, (prefix, label) in enumerate(map(split, tags)):
        if label and label == open_label and prefix not in OPENERS:
            chunks[-1] = (chunks[-1][0], i, label)
        elif label:
            chunks.append((i, i, label))
        open_label = "" if prefix in CLOSERS else label
    return chunks


def encode(length: int, chunks: Iterable[Chunk], scheme: str) -> list[str]:
    """The tags of a sentence of `length` tokens; chunks do not overlap. BilanError on another scheme.

    >>> encode(3, [(0, 1, "LOC"), (2, 2, "LOC")], "BILOU")
    ['B-LOC', 'L-LOC', 'U-LOC']
    """
    if scheme not in SCHEMES:
        raise BilanError(f"unknown tag scheme {scheme!r}", mend=f"expected one of {', '.join(SCHEMES)}")
    single, first, inner, last, touching = SCHEMES[scheme]
    tags = ["O"] * length
    before: Chunk = (-1, -1, "")
    for chunk in sorted(chunks):
        a, b, label = chunk
        letters = single if a == b else first + inner * (b - a - 1) + last
        tags[a:b + 1] = [f"{letter}-{label}" for letter in letters]
        if touching and (before[1], before[2]) == (a - 1, label):
            tags[a if touching == "B" else a - 1] = f"{touching}-{label}"
        before = chunk
    return tags


def decode_brackets(tags: Sequence[str]) -> list[Chunk]:
    """The chunks of a sentence in the bracket notation of CoNLL-2012.

    >>> decode_brackets(["(PER*", "*)", "(GPE)"])
    [(0, 1, 'PER'), (2, 2, 'GPE')]
    """
    stack: list[tuple[int, str]] = []
    chunks: list[Chunk] = []
    for i, tag in enumerate(tags):
        stack += [(i, label) for label in re.findall(r"\(([^\s()*]+)", tag)]
        for _ in range(tag.count(")")):
            if not stack:
                raise BilanError(f"bracket closed that was not opened: {tag!r}",
                                 mend="open and close each bracket in one sentence")
            start, label = stack.pop()
            chunks.append((start, i, label))
    if stack:
        raise BilanError(f"bracket of {stack[-1][1]!r} is not closed in its sentence",
                         mend="open and close each bracket in one sentence")
    return sorted(chunks)


def decode_numbers(tags: Sequence[str]) -> list[tuple[list[tuple[int, int]], str]]:
    """The parts (first and last token) and the label of each numbered mention of a sentence.

    >>> decode_numbers(["1:PER", "*", "1;2:LOC"])
    [([(0, 0), (2, 2)], 'PER'), ([(2, 2)], 'LOC')]
    """
    labels: dict[str, str] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for i, tag in enumerate(tags):
        for part in tag.split(";") if tag not in OUTSIDE else ():
            number, _, label = part.partition(":")
            labels.setdefault(number, label)
            parts = places.setdefault(number, [])
            if parts and parts[-1][1] == i - 1:
                parts[-1] = (parts[-1][0], i)
            else:
                parts.append((i, i))
    for number, label in labels.items():
        if not label:
            raise BilanError(f"number {number} has no label on its first token",
                             mend=f"write {number}:LABEL there")
    return [(places[number], label) for number, label in labels.items()]
