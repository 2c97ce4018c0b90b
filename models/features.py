"""What speaks for and against a link, as names of features for the log-linear scorer of `links`.

A feature is a string; its weight stands in `links.json` or it counts nothing. A link is judged by a
pair (figure, target), the choice of no target by the figure alone (`absent`), and two figures in
succession by their targets (`transition`): a source is often given once for several figures. What the
sentences of the guide give a figure (`rules`) speaks too, and how far it is trusted is learnt.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from .groups import counted, who_absent, who_pair, who_transition
from .outline import SPEAKERS, Outline
from .roles import step
from .tasks import Kind, Moves, Task, Who, context, move, zone

MARKS = frozenset("; : que qu’ dont mais tandis alors selon » « ( ) contre avoir qui ils elle il et ayant après où "
                  "lors".split())
NEAR = 60  # units around a figure in which the actors of its sentence are counted
FAR = 32  # sources of the whole document that a figure far from them may have, of each kind


def sources(outline: Outline, figure: int) -> list[int]:
    """Who may state a figure: the actors near by, farther off those that attribute or sign, and whom the guide gives.

    Of the sources of the whole document those named first, of lists the latest, of signatures the last: FAR each.
    """
    units, sentence = outline.units, outline.units[figure].sentence
    around = outline.around(figure, outline.actors, before=12, after=1)
    first, last = (around[0], around[-1]) if around else (figure, figure)
    heads, lists, signatures = outline.far
    listed = lists[max(0, bisect_left(lists, first) - FAR):bisect_left(lists, first)]
    before = sorted([i for i in heads[:FAR] if i < first] + listed)
    found = {*(i for i in before if units[i].sentence < sentence),
             *(i for i in around if _may_state(outline, figure, i)),
             *(i for i in signatures[-FAR:] if i > last and units[i].sentence > sentence + 1)}
    given = outline.holders[figure].source
    return sorted(found if given is None else found | {given})


def _may_state(outline: Outline, figure: int, i: int) -> bool:
    units, role, origin = outline.units, outline.roles[i], outline.origins[i]
    apart = units[i].sentence - units[figure].sentence
    if apart == 1:
        return role.kind != "m" or units[i].paragraph != units[figure].paragraph
    return (apart >= -1 or origin in ("study", "list", "title", "lead") or role.kind in ("S", "V", "A", "S'")
            or not {"colon", "short", "record"}.isdisjoint(role.traits))


def by_pair(outline: Outline, figure: int, i: int, who: Who) -> list[str]:
    """For and against the figure being attributed to this actor; `who` is whom the figures count."""
    units, role, tallies = outline.units, outline.roles[i], outline.tallies
    place, own_kind = zone(outline, figure, i, role.cue), role.kind
    kind = f"{own_kind}|{place}"
    first, second, far = units[figure], units[i], abs(figure - i) - 1
    speakers = min(tallies["speaking"].between(figure, i), 3)
    actors, figures = (tallies[name].between(figure, i) for name in ("actors", "figures"))
    facts = outline.facts[first.sentence]
    own = min(len(facts.speakers) - (second.sentence == first.sentence and own_kind in SPEAKERS), 2)
    features = [*_of_source(outline, i, place), f"speakers {speakers}|{kind}",
                f"actors {min(actors, 3)}|{kind}", f"figures {min(figures, 3)}|{kind}",
                f"far {step(far, (0, 2, 5, 10, 20))}|{kind}",
                f"before {outline.word(figure - 1, first.sentence)}|{own_kind}|{place[:2]}",
                f"quoted {first.quoted}{second.quoted}|{kind}", f"own {own}|{kind}"]
    features += _by_rule(outline, figure, i, own_kind)
    if who.targets.get(figure) == i:
        features.append(f"its who|{own_kind}")
    elif i in who.taken:
        features.append(f"a who|{own_kind}")
    if first.sentence == second.sentence:
        return features + _same_sentence(outline, figure, i, place) + _twins(outline, figure, i, place)
    origin, item = outline.origins[i], "item" * outline.items[first.sentence]
    return [*features, *_twins(outline, figure, i, place), f"tag {facts.tag}|{kind}",
            f"origin {origin}|{place[0]}|{min(own, 1)}|{facts.tag}", f"origin {origin}|{place}|{item}|{min(own, 1)}",
            f"{item}|{kind}|{min(own, 1)}"]


def _by_rule(outline: Outline, figure: int, i: int, kind: str) -> list[str]:
    """What the sentences of the guide say of this actor: that it holds the figure, or that another does."""
    found, label = outline.holders[figure], outline.units[figure].text
    features = [f"side {side}|{found.rule}" for side, source in (("l", found.left), ("r", found.right)) if source == i]
    if found.source == i:
        return [*features, "rule", f"rule {found.rule}", f"rule {found.rule}|{found.word[:5]}",
                f"rule {found.word[:5]}|{label}", f"rule {found.rule}|{outline.units[i].text}",
                f"rule head {found.parts}", f"rule {found.rule}|{label}"]
    if found.source is not None and outline.twins[i] is outline.twins[found.source]:
        features.append("rule twin")
    return [*features, f"other {found.rule}|{kind}", f"other {found.rule}"]


def _of_source(outline: Outline, i: int, place: str) -> list[str]:
    """What of an actor and its place alone speaks for it: the same for all figures to which it stands so."""
    def made() -> list[str]:
        role, label = outline.roles[i], outline.units[i].text
        kind = f"{role.kind}|{place}"
        return [f"kind {kind}", f"place {place}", f"kind {kind}|{label}", f"kind {kind}|{role.word}", *role.traits,
                *(f"{trait}|{place}" for trait in role.traits if "|" not in trait)]
    return outline.once((i, place, "by"), made)


def _same_sentence(outline: Outline, figure: int, i: int, place: str) -> list[str]:
    """The words between the figure and what attributes it."""
    role, kind = outline.roles[i], f"{outline.roles[i].kind}|{place}"
    anchor = i if role.cue is None else role.cue
    low, high = sorted((anchor, figure))
    words = set(outline.words[low + 1:high])
    commas, verbs = (outline.tallies[name].between(anchor, figure) for name in ("commas", "verbs"))
    features = [f"mark {mark}|{kind}" for mark in sorted(MARKS & words)]
    features += [f"commas {min(commas, 4)}|{kind}", f"verbs {min(verbs, 2)}|{kind}"]
    if high - low <= 4:
        gap = " ".join(unit.text for unit in outline.units[low + 1:high])
        features.append(f"gap {gap}|{role.kind}")
    if role.cue is not None:
        features.append(f"after cue {outline.word(anchor + 1, outline.units[anchor].sentence)}|{kind}")
    return features


def _twins(outline: Outline, figure: int, i: int, place: str) -> list[str]:
    """Whether an actor of the same name stands nearer to the figure, and whether one attributes."""
    twins, speaking = outline.twins[i]
    if len(twins) == 1:
        return []
    at = bisect_left(twins, figure)
    nearer = any(abs(k - figure) < abs(i - figure) for k in twins[max(0, at - 1):at + 1])
    return [f"twin {nearer}|{place[:1]}|{speaking > (outline.roles[i].kind != 'm')}"]


def by_absent(outline: Outline, figure: int) -> list[str]:
    """For and against the figure being stated by the author."""
    units, sentence = outline.units, outline.units[figure].sentence
    facts, earlier = outline.facts[sentence], outline.facts.get(sentence - 1)
    own, past = ("".join(sorted(each.kinds)) if each else "" for each in (facts, earlier))
    low, high = bisect_left(outline.actors, figure - NEAR), bisect_left(outline.actors, figure + NEAR)
    actors, origins = sum(units[i].sentence == sentence for i in outline.actors[low:high]), outline.origin_names
    item, spoken = "item" * outline.items[sentence], "spoken" * bool(facts.speakers)
    found = outline.holders[figure]
    return ["absent", f"absent rule {found.rule}", f"absent rule {found.rule}|{found.word[:5]}",
            f"absent rule {found.rule}|{units[figure].text}", f"absent {found.word[:5]}|{units[figure].text}",
            f"absent head {found.parts}", f"absent {units[figure].text}", f"absent tag {facts.tag}",
            f"absent own {own}",
            f"absent past {past}", f"absent quoted {units[figure].quoted}", f"absent first {sentence <= 1}",
            f"absent actors {min(3, actors)}", f"absent item {item}",
            f"absent before {outline.word(figure - 1, sentence)}",
            f"absent speakers {step(outline.speakers, (0, 1, 2, 4, 8))}",
            f"absent origins {','.join(origins)}{item}{spoken}",
            *(f"absent origin {origin}|{item}|{spoken}" for origin in origins),
            *(f"absent after {unit.text}" for unit in units[figure + 1:figure + 4] if unit.sentence == sentence)]


def by_transition(outline: Outline, earlier: int, figure: int) -> Moves:
    """Features of the sources of two figures in succession."""
    units, facts = outline.units, outline.facts[outline.units[figure].sentence]
    listed = "".join("l" * outline.items[units[k].sentence] for k in (figure, earlier))
    there = f"{context(outline, earlier, figure)}{listed}"
    speaks = outline.tallies["speaking"].between(earlier, figure) > 0
    words = set(outline.words[earlier + 1:figure])
    marks = "".join(mark for mark in ";:." if mark in words)
    quoted = units[figure].quoted * 2 + units[earlier].quoted
    origins, several = outline.origins, len(facts.speakers) > 1
    first = facts.speakers[0] if facts.speakers else None

    def kinds(past: int | None, targets: Sequence[int | None]) -> list[Kind]:
        own, kept = several or first is not None and first != past, "" if past is None else origins[past]
        return [(move(past, now), kept if now is None else origins[now], own) for now in targets]

    def features(kind: Kind) -> list[str]:
        way, origin, own = kind
        here = f"{there}|{way}"
        return [f"move {way}", f"move {way}|{origin}", f"move {here}", f"move {here}|{speaks}",
                f"move {here}|{marks}", f"move {here}|{facts.tag}{'o' * own}", f"move {here}|q{quoted}"]
    return Moves(kinds, features)


TASKS = {"who": Task(counted, who_pair, who_absent, who_transition),
         "by": Task(sources, by_pair, by_absent, by_transition)}
