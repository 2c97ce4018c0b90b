"""Train, dev and test, decided by document id, with look-alikes kept on one side.

A document's side depends on its id alone (SHA-256), so adding articles moves none of the others;
near-duplicates, found by MinHash (Broder 1997) over word 3-grams, follow the member of their group
with the smallest digest. `meta["split"]` overrules both (the seed article is pinned to test so).
For a last training, when all is chosen, dev may be made smaller: what leaves it joins train, test stays.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from .document import Document
from .errors import BilanError
from .extras import absent

SIDES = ("train", "dev", "test")
BOUNDS = {"train": 0.70, "dev": 0.85, "test": 1.0}
DEV = 0.15  # share of the ids that are dev
PERMUTATIONS = 128
SIMILAR = 0.5  # Jaccard similarity of word 3-grams from which two articles are look-alikes


def digest(document_id: str) -> float:
    """A number in [0, 1) that depends on the id alone."""
    return int.from_bytes(hashlib.sha256(document_id.encode()).digest()[:6]) / 2**48


def side(document_id: str, *, dev: float = DEV) -> str:
    """The split of an id on its own; with a smaller share of `dev` the others of that side are train.

    >>> side("ua-0001")
    'train'
    """
    place = digest(document_id)
    if BOUNDS["train"] + dev <= place < BOUNDS["dev"]:
        return "train"
    return next(name for name, bound in BOUNDS.items() if place < bound)


def split(documents: Sequence[Document], *, similar: float = SIMILAR, dev: float = DEV) -> dict[str, str]:
    """Document id → `train`, `dev` or `test`.

    Raises BilanError when two documents share an id and for a share of dev above 0.15: test and train never give to it.
    """
    if not 0 <= dev <= DEV:
        raise BilanError(f"a share of {dev:g} for dev", mend=f"between 0 and {DEV:g}: what leaves dev joins train")
    result: dict[str, str] = {}
    for group in look_alikes(documents, similar=similar):
        pinned = {d.id: d.meta["split"] for d in group if d.meta.get("split") in SIDES}
        leader = min((document.id for document in group), key=digest)
        chosen = next(iter(pinned.values()), side(leader, dev=dev))
        result |= {document.id: pinned.get(document.id, chosen) for document in group}
    return {document.id: result[document.id] for document in documents}


def look_alikes(documents: Sequence[Document], *, similar: float = SIMILAR) -> list[list[Document]]:
    """The documents in groups of near-duplicates; most groups hold one document."""
    by_id = {document.id: document for document in documents}
    if len(by_id) < len(documents):
        counts = Counter(document.id for document in documents)
        twice = next(name for name, count in counts.items() if count > 1)
        raise BilanError(f"two documents have the id {twice!r}", mend="make the ids unique")
    leader = {document_id: document_id for document_id in by_id}
    for first, second in _similar_pairs(documents, similar):
        leader[_root(leader, first)] = _root(leader, second)
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(_root(leader, document.id), []).append(document)
    return list(groups.values())


def _similar_pairs(documents: Iterable[Document], similar: float) -> Iterable[tuple[str, str]]:
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError as error:
        raise absent(error, "splitting into train, dev and test") from error

    index = MinHashLSH(threshold=similar, num_perm=PERMUTATIONS)
    shingled = {document.id: shingles(document.text) for document in documents}
    for document_id, grams in shingled.items():
        sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update_batch([gram.encode() for gram in grams])
        for other in index.query(sketch) if grams else ():
            if jaccard(grams, shingled[str(other)]) >= similar:
                yield document_id, str(other)
        index.insert(document_id, sketch)


def shingles(text: str) -> set[str]:
    """The word 3-grams of a text, in lower case, without figures (updates change only those)."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {" ".join(words[i:i + 3]) for i in range(len(words) - 2)}


def jaccard(first: set[str], second: set[str]) -> float:
    """Shared over all, 0 to 1."""
    return len(first & second) / len(first | second) if first or second else 0.0


def _root(leader: dict[str, str], node: str) -> str:
    while leader[node] != node:
        leader[node] = leader[leader[node]]
        node = leader[node]
    return node
