"""Whom a figure counts: what speaks for and against each FORCE and CIVIL near by (features as in `features`)."""

from __future__ import annotations

import re

from .outline import Outline
from .roles import follows_figure, step
from .tasks import Kind, Moves, Who, context, move, zone

MARKS = frozenset("dont parmi chez et ou , : ; par de que des les pour contre « » ont sont — avec dans ses leurs "
                  "nombre autres .".split())
COMMON = frozenset("hommes personnes civils soldats habitants enfants femmes".split())
ONE = re.compile("(?i)une?|1")
PLURAL = re.compile(r"\w+[sx]\b")


def counted(outline: Outline, figure: int) -> list[int]:
    """Whom a figure may count: FORCE and CIVIL from six sentences before to one after; never for MATERIEL."""
    if outline.units[figure].text == "<MATERIEL>":
        return []
    return outline.around(figure, outline.counted, before=6, after=1)


def who_pair(outline: Outline, figure: int, i: int, who: Who) -> list[str]:
    """For and against the figure counting this group."""
    del who
    units, ahead, kind, tallies = outline.units, i > figure, zone(outline, figure, i), outline.tallies
    low, high = (figure, i) if ahead else (i, figure)
    label, target, far = units[figure].text, units[i], high - low - 1
    groups, figures, verbs = (tallies[name].between(low, high) for name in ("groups", "figures", "verbs"))
    after, head = outline.word(figure + 1, units[figure].sentence), outline.heads[i]
    plural = bool(PLURAL.match(outline.mention(i)))
    words = set(outline.words[low + 1:high])
    one, smooth = bool(ONE.fullmatch(outline.mention(figure))), words.isdisjoint(",;:.")
    follows = follows_figure(outline, i)
    own = "self" if ahead and far <= 1 and follows else follows
    features = [*_of_figure(outline, figure, kind), *_of_target(outline, i, kind),
                f"labels {label}{target.text}|{kind}", f"head {head}|{label}", f"groups {min(groups, 5)}|{kind}",
                f"figures {min(figures, 4)}|{kind}", f"groups {min(groups, 3)} figures {min(figures, 3)}|{kind}",
                f"far {step(far)}|{kind}", f"after {after}|{min(groups, 3)}|{kind}", f"counted {own}|{kind}|{label}",
                f"rank {min(groups, 4)}|{ahead}|{after}", f"number {plural}|{one}",
                f"quoted {units[figure].quoted}{target.quoted}|{kind[:2]}",
                f"smooth {smooth}|{kind}|{min(figures, 2)}{min(groups, 2)}"]
    if far <= 5:
        features.append(f"gap {'>' if ahead else '<'} {' '.join(unit.text for unit in units[low + 1:high])}")
    if ahead and not far:
        features.append(f"next {target.text}|{label}")
    if head in COMMON:
        features.append(f"head {head}|{kind}|{after}")
    if verbs:
        features.append(f"verb between|{kind}")
    return features + [f"mark {mark}|{kind}" for mark in sorted(MARKS & words)]


def _of_figure(outline: Outline, figure: int, kind: str) -> list[str]:
    """What of the words beside a figure speaks for whom stands so to it: the same for all of them."""
    def made() -> list[str]:
        sentence = outline.units[figure].sentence
        after, after2, before, before2 = (outline.word(figure + k, sentence) for k in (1, 2, -1, -2))
        return [f"after {after}|{kind}", f"before {before}|{kind}", f"around {before}|{after}|{kind}",
                f"after {after} {after2}|{kind}", f"before {before2} {before}|{kind}"]
    return outline.once((figure, kind), made)


def _of_target(outline: Outline, i: int, kind: str) -> list[str]:
    """What of a group and its place alone speaks for it: the same for all figures to which it stands so."""
    def made() -> list[str]:
        sentence, head = outline.units[i].sentence, outline.heads[i]
        left, left2, right, right2 = (outline.word(i + k, sentence) for k in (-1, -2, 1, 2))
        return [f"place {kind}", f"head {head}", f"left {left}|{kind}", f"left {left2} {left}|{kind[:2]}",
                f"right {right}|{kind}", f"right {right} {right2}|{kind[:2]}", f"role {outline.roles[i].kind}|{kind}"]
    return outline.once((i, kind), made)


def who_absent(outline: Outline, figure: int) -> list[str]:
    """For and against the figure counting nobody that is a span."""
    sentence, label = outline.units[figure].sentence, outline.units[figure].text
    after, after2, before = (outline.word(figure + k, sentence) for k in (1, 2, -1))
    groups, figures = outline.held
    here, past = (min(groups[s], 3) for s in (sentence, sentence - 1))
    mention = outline.mention(figure).lower()
    number = "one" if ONE.fullmatch(mention) else "none" if mention.startswith("aucun") else "some"
    near = {unit.text for unit in outline.near(figure, 60) if not unit.span}
    return ["absent", f"absent {label}", f"absent after {after}", f"absent after {after} {after2}",
            f"absent before {before}", f"absent around {before}|{after}", f"absent groups {here}",
            f"absent groups {here}|{label}|{after}", f"absent past {min(past, 2)}", f"absent number {number}",
            f"absent figures {min(figures[sentence], 4)}",
            f"absent number {number}|{after}", *(f"absent word {text[:7]}" for text in sorted(near))]


def who_transition(outline: Outline, earlier: int, figure: int) -> Moves:
    """Features of whom two figures in succession count, as a function of the two."""
    units, sentence = outline.units, outline.units[figure].sentence
    shared = context(outline, earlier, figure)
    after, before = outline.word(figure + 1, sentence), outline.word(figure - 1, -1)
    gap = "|".join(unit.text for unit in units[earlier + 1:figure]) if figure - earlier <= 4 else "long"
    labels = units[earlier].text + units[figure].text

    def features(kind: Kind) -> list[str]:
        way = kind[0]
        return [f"move {way}", f"move {way}|{shared}", f"move {way} gap {gap}", f"move {way} after {after}",
                f"move {way} before {before}", f"move {way}|{labels}", f"move {way}|{shared} before {before}",
                f"move {way} around {before}|{after}"]
    return Moves(lambda past, targets: [(move(past, now), "", False) for now in targets], features)
