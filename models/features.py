"""What speaks for and against a link, as names of features for the log-linear scorer of `links`.

A feature is a string; its weight stands in `links.json` or it counts nothing. A link is judged by a
pair (figure, target), the choice of no target by the figure alone (`absent`), and two figures in
succession by their targets (`transition`): a source is often given once for several figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from . import cues
from .outline import Outline
from .roles import follows_figure, step

MARKS_BY = (";", ":", "que", "qu’", "dont", "mais", "tandis", "alors", "selon", "»", "«", "(", ")", "contre",
            "avoir", "qui", "ils", "elle", "il", "et", "ayant", "après", "où", "lors")
MARKS_WHO = ("dont", "parmi", "chez", "et", "ou", ",", ":", ";", "par", "de", "que", "des", "les", "pour",
             "contre",
             "«", "»", "ont", "sont", "—", "avec", "dans", "ses", "leurs", "nombre", "autres", ".")
COMMON = frozenset("hommes personnes civils soldats habitants enfants femmes".split())
SPEAKING = ("S", "V", "A")
ONE = re.compile("(?i)une?|1")
PLURAL = re.compile(r"\w+[sx]\b")


class Task(NamedTuple):
    """One kind of link: its candidates and its three sets of features."""

    candidates: Callable[[Outline, int], list[int]]
    pair: Callable[[Outline, int, int, dict[int, int | None]], list[str]]
    absent: Callable[[Outline, int], list[str]]
    transition: Callable[[Outline, int, int], Callable[[int | None, int | None], list[str]]]


def counted(outline: Outline, figure: int) -> list[int]:
    """Whom a figure may count: FORCE and CIVIL from six sentences before to one after; never for MATERIEL."""
    units = outline.units
    if units[figure].text == "<MATERIEL>":
        return []
    return [i for i in outline.counted if -6 <= units[i].sentence - units[figure].sentence <= 1]


def sources(outline: Outline, figure: int) -> list[int]:
    """Who may state a figure: the actors near by, and farther off those that attribute or sign."""
    return [i for i in outline.actors if _may_state(outline, figure, i)]


def _may_state(outline: Outline, figure: int, i: int) -> bool:
    units, role, origin = outline.units, outline.roles[i], outline.origins[i]
    apart = units[i].sentence - units[figure].sentence
    if apart > 1:
        return origin == "signature"
    if apart == 1:
        return role.kind != "m" or units[i].paragraph != units[figure].paragraph
    return (apart >= -3 or origin in ("study", "list", "title", "lead")
            or apart >= -12 and (role.kind in ("S", "V", "A", "S'") or not {"colon", "short",
                                                                            "record"}.isdisjoint(role.traits)))


def zone(outline: Outline, figure: int, i: int, cue: int | None = None) -> str:
    """The order of figure `f`, candidate `c` and cue `v` in one sentence, or how far apart they are."""
    units = outline.units
    apart, same = units[i].sentence - units[figure].sentence, units[i].paragraph == units[figure].paragraph
    if apart > 0:
        return "n"
    if apart < 0:
        return f"p{-apart}" if same and apart >= -3 else "P" if same else "D"
    places = [(figure, "f"), (i, "c"), *([(cue, "v")] if cue is not None else [])]
    return "".join(letter for _, letter in sorted(places))


def by_pair(outline: Outline, figure: int, i: int, who: dict[int, int | None]) -> list[str]:
    """For and against the figure being attributed to this actor; `who` is whom the figures count."""
    units, role = outline.units, outline.roles[i]
    place, label = zone(outline, figure, i, role.cue), units[i].text
    low, high = sorted((figure, i))
    kind = f"{role.kind}|{place}"
    between = range(low + 1, high)
    speakers = min(sum(units[k].is_actor and outline.roles[k].kind in SPEAKING for k in between), 3)
    actors, figures = (sum(getattr(units[k], name) for k in between) for name in ("is_actor", "is_figure"))
    facts = outline.facts[units[figure].sentence]
    own = min(sum(k != i for k in facts.speakers), 2)
    features = [f"kind {kind}", f"place {place}", f"kind {kind}|{label}", f"kind {kind}|{role.word}",
                *role.traits,
                *(f"{trait}|{place}" for trait in role.traits if "|" not in trait),
                f"speakers {speakers}|{kind}", f"speakers {speakers}|{place}",
                f"actors {min(actors, 4)}|{place}",
                f"actors {min(actors, 3)}|{kind}", f"figures {min(figures, 3)}|{kind}",
                f"far {step(len(between))}|{place}", f"far {step(len(between), (0, 2, 5, 10, 20))}|{kind}",
                f"before {outline.word(figure - 1, units[figure].sentence)}|{role.kind}|{place[:2]}",
                f"labels {units[figure].text}{label}|{place[:2]}",
                f"quoted {units[figure].quoted}{units[i].quoted}|{kind}",
                f"own {own}|{kind}"]
    if who.get(figure) == i:
        features.append(f"its who|{role.kind}")
    elif i in who.values():
        features.append(f"a who|{role.kind}")
    if units[figure].sentence == units[i].sentence:
        return features + _same_sentence(outline, figure, i, place) + _twins(outline, figure, i, place)
    origin, item = outline.origins[i], "item" * outline.items[units[figure].sentence]
    return [*features, *_twins(outline, figure, i, place), f"own {own}|{facts.tag}|{place}|{label}",
            f"tag {facts.tag}|{kind}", f"tag {facts.tag}|{min(speakers, 2)}|{role.kind}",
            f"origin {origin}|{place[0]}|{min(own, 1)}|{facts.tag}",
            f"origin {origin}|{place}|{item}|{min(own, 1)}",
            f"origin {origin}|{item}|{min(speakers, 2)}", f"{item}|{kind}|{min(own, 1)}"]


def _same_sentence(outline: Outline, figure: int, i: int, place: str) -> list[str]:
    """The words between the figure and what attributes it."""
    units, role = outline.units, outline.roles[i]
    anchor = i if role.cue is None else role.cue
    middle = [unit for unit in units[min(anchor, figure) + 1:max(anchor, figure)] if unit.span is None]
    words, kind = {unit.text for unit in middle}, f"{role.kind}|{place}"
    features = [f"mark {mark}|{kind}" for mark in MARKS_BY if mark in words]
    features += [f"commas {min(sum(unit.text == ',' for unit in middle), 4)}|{kind}",
                 f"verbs {min(sum(bool(cues.verb(unit.text)) for unit in middle), 2)}|{kind}"]
    if abs(anchor - figure) <= 4:
        gap = " ".join(unit.text for unit in units[min(anchor, figure) + 1:max(anchor, figure)])
        features.append(f"gap {gap}|{role.kind}")
    if role.cue is not None:
        features.append(f"after cue {outline.word(anchor + 1, units[anchor].sentence)}|{kind}")
    return features


def _twins(outline: Outline, figure: int, i: int, place: str) -> list[str]:
    twins = outline.twins[i]
    nearer = any(abs(k - figure) < abs(i - figure) for k in twins)
    speaks = any(outline.roles[k].kind != "m" for k in twins)
    return [f"twin {nearer}|{place[:1]}|{speaks}"] if twins else []


def by_absent(outline: Outline, figure: int) -> list[str]:
    """For and against the figure being stated by the author."""
    units, sentence = outline.units, outline.units[figure].sentence
    facts, earlier = outline.facts[sentence], outline.facts.get(sentence - 1)
    own = "".join(sorted({outline.roles[k].kind for k in facts.speakers}))
    past = "".join(sorted({outline.roles[k].kind for k in earlier.speakers})) if earlier else ""
    near = [unit for unit in units[max(0, figure - 60):figure + 60] if unit.sentence == sentence]
    item, spoken = "item" * outline.items[sentence], "spoken" * bool(facts.speakers)
    origins = sorted(set(outline.origins.values()) - {""})
    total = sum(len(each.speakers) for each in outline.facts.values())
    return ["absent", f"absent {units[figure].text}", f"absent tag {facts.tag}", f"absent own {own}",
            f"absent past {past}", f"absent quoted {units[figure].quoted}", f"absent first {sentence <= 1}",
            f"absent actors {min(3, sum(unit.is_actor for unit in near))}", f"absent item {item}",
            f"absent before {outline.word(figure - 1, sentence)}",
            f"absent speakers {step(total, (0, 1, 2, 4, 8))}",
            f"absent origins {','.join(origins)}{item}{spoken}",
            *(f"absent origin {origin}|{item}|{spoken}" for origin in origins),
            *(f"absent after {unit.text}" for unit in units[figure + 1:figure + 4]
              if unit.sentence == sentence),
            *(f"absent word {unit.text[:7]}" for unit in near if unit.span is None and len(unit.text) > 3)]


def by_transition(outline: Outline, earlier: int, figure: int) -> Callable[[int | None, int | None],
                                                                           list[str]]:
    """Features of the sources of two figures in succession, as a function of the two."""
    units, facts = outline.units, outline.facts[outline.units[figure].sentence]
    context = _context(outline, earlier, figure)
    listed = "".join("l" * outline.items[units[k].sentence] for k in (figure, earlier))
    between = range(earlier + 1, figure)
    speaks = any(units[k].is_actor and outline.roles[k].kind in SPEAKING for k in between)
    marks = "".join(mark for mark in ";:." if any(units[k].text == mark for k in between))
    quoted = units[figure].quoted * 2 + units[earlier].quoted

    def features(past: int | None, now: int | None) -> list[str]:
        move, known = _move(past, now), now if now is not None else past
        origin = outline.origins[known] if known is not None else ""
        own = "o" * any(k != past for k in facts.speakers)
        there = f"{context}{listed}|{move}"
        return [f"move {move}", f"move {move}|{origin}", f"move {there}", f"move {there}|{speaks}",
                f"move {there}|{marks}", f"move {there}|{facts.tag}{own}", f"move {there}|q{quoted}"]
    return features


def _move(past: int | None, now: int | None) -> str:
    if now is None or past is None:
        return ("-" if past is None else "t") + ("-" if now is None else "t")
    return "=" if now == past else ">" if now > past else "<"


def _context(outline: Outline, earlier: int, figure: int) -> str:
    first, second = outline.units[earlier], outline.units[figure]
    if first.sentence == second.sentence:
        return "sentence"
    if first.paragraph != second.paragraph:
        return "far"
    return "next" if second.sentence - first.sentence == 1 else "paragraph"


def who_pair(outline: Outline, figure: int, i: int, who: dict[int, int | None]) -> list[str]:
    """For and against the figure counting this group."""
    del who
    units, ahead, kind = outline.units, i > figure, zone(outline, figure, i)
    between = units[min(figure, i) + 1:max(figure, i)]
    label, sentence, target = units[figure].text, units[figure].sentence, units[i]
    groups = sum(unit.span is not None and unit.span.label in ("FORCE", "CIVIL") for unit in between)
    figures = sum(unit.is_figure for unit in between)
    after, after2, before, before2 = (outline.word(figure + k, sentence) for k in (1, 2, -1, -2))
    left, left2, right, right2 = (outline.word(i + k, target.sentence) for k in (-1, -2, 1, 2))
    found = re.search(r"[^\W\d_]+", outline.mention(i).lower())
    head = found[0] if found else "_"
    texts = {unit.text for unit in between if unit.span is None}
    plural = bool(PLURAL.match(outline.mention(i)))
    one, smooth = bool(ONE.fullmatch(outline.mention(figure))), texts.isdisjoint(",;:.")
    own = "self" if ahead and i - figure <= 2 and follows_figure(outline,
                                                                 i) else str(follows_figure(outline, i))
    features = [f"place {kind}", f"labels {label}{target.text}|{kind}", f"head {head}",
                f"head {head}|{label}",
                f"groups {min(groups, 5)}|{kind}", f"figures {min(figures, 4)}|{kind}",
                f"groups {min(groups, 3)} figures {min(figures, 3)}|{kind}",
                f"far {step(len(between))}|{kind}",
                f"after {after}|{kind}", f"after {after}|{min(groups, 3)}|{kind}", f"before {before}|{kind}",
                f"around {before}|{after}|{kind}", f"after {after} {after2}|{kind}",
                f"before {before2} {before}|{kind}",
                f"left {left}|{kind}", f"left {left2} {left}|{kind[:2]}", f"right {right}|{kind}",
                f"right {right} {right2}|{kind[:2]}", f"counted {own}|{kind}|{label}",
                f"rank {min(groups, 4)}|{ahead}|{after}", f"number {plural}|{one}",
                f"role {outline.roles[i].kind}|{kind}",
                f"quoted {units[figure].quoted}{target.quoted}|{kind[:2]}",
                f"smooth {smooth}|{kind}|{min(figures, 2)}{min(groups, 2)}"]
    if len(between) <= 5:
        features.append(f"gap {'>' if ahead else '<'} {' '.join(unit.text for unit in between)}")
    if ahead and not between:
        features.append(f"next {target.text}|{label}")
    if head in COMMON:
        features.append(f"head {head}|{kind}|{after}")
    if any(cues.verb(text) for text in texts):
        features.append(f"verb between|{kind}")
    return features + [f"mark {mark}|{kind}" for mark in MARKS_WHO if mark in texts]


def who_absent(outline: Outline, figure: int) -> list[str]:
    """For and against the figure counting nobody that is a span."""
    units, sentence, label = outline.units, outline.units[figure].sentence, outline.units[figure].text
    after, after2, before = (outline.word(figure + k, sentence) for k in (1, 2, -1))
    here, past = (min(sum(units[i].sentence == s for i in outline.counted), 3) for s in (sentence,
                                                                                         sentence - 1))
    mention = outline.mention(figure).lower()
    number = "one" if ONE.fullmatch(mention) else "none" if mention.startswith("aucun") else "some"
    near = {unit.text for unit in units[max(0, figure - 60):figure + 60]
            if unit.sentence == sentence and not unit.span}
    return ["absent", f"absent {label}", f"absent after {after}", f"absent after {after} {after2}",
            f"absent before {before}", f"absent around {before}|{after}", f"absent groups {here}",
            f"absent groups {here}|{label}|{after}", f"absent past {min(past, 2)}", f"absent number {number}",
            f"absent figures {min(sum(units[i].sentence == sentence for i in outline.figures), 4)}",
            f"absent number {number}|{after}", *(f"absent word {text[:7]}" for text in sorted(near))]


def who_transition(outline: Outline, earlier: int, figure: int) -> Callable[[int | None, int | None],
                                                                            list[str]]:
    """Features of whom two figures in succession count, as a function of the two."""
    units, sentence = outline.units, outline.units[figure].sentence
    context = _context(outline, earlier, figure)
    after, before = outline.word(figure + 1, sentence), outline.word(figure - 1, -1)
    gap = "|".join(unit.text for unit in units[earlier + 1:figure]) if figure - earlier <= 4 else "long"
    labels = units[earlier].text + units[figure].text

    def features(past: int | None, now: int | None) -> list[str]:
        move = _move(past, now)
        return [f"move {move}", f"move {move}|{context}", f"move {move} gap {gap}",
                f"move {move} after {after}",
                f"move {move} before {before}", f"move {move}|{labels}",
                f"move {move}|{context} before {before}",
                f"move {move} around {before}|{after}"]
    return features


TASKS = {"who": Task(counted, who_pair, who_absent, who_transition),
         "by": Task(sources, by_pair, by_absent, by_transition)}
