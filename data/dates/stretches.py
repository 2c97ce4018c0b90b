"""Rules for what is longer than a day: months, seasons, fin 2023, semaine dernière, du 3 au 5 mai."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace

from . import periods
from .frame import Frame, modifier_of, yearly
from .periods import ONE_DAY, Date, day
from .words import MOD, MODIFIERS, MONTHS, OF, ORDINALS, SEASONS, STEPS, THIRDS, one_of, whole

UNITS: dict[str, Callable[[datetime.date, int], Date]] = {
    "semaine": lambda base, n: periods.week(base + 7 * n * ONE_DAY),
    "mois": lambda base, n: _from_month(periods.shift(base, n), periods.month, 1),
    "trimestre": lambda base, n: _from_month(periods.shift(base, 3 * n), periods.quarter, 3),
    "semestre": lambda base, n: _from_month(periods.shift(base, 6 * n), periods.half, 6),
    "annee": lambda base, n: periods.year(base.year + n),
    "an": lambda base, n: periods.year(base.year + n),
    "decennie": lambda base, n: periods.decade((base.year // 10 + n) * 10),
    "siecle": lambda base, n: periods.century((base.year + 99) // 100 + n)}


def _from_month(within: datetime.date, make: Callable[[int, int], Date], length: int) -> Date:
    return make(within.year, (within.month - 1) // length + 1)


def _month(found: re.Match[str], frame: Frame) -> Date | None:
    return yearly(lambda year: periods.month(year, MONTHS[found["month"]]), found, frame)


def _season(found: re.Match[str], frame: Frame) -> Date | None:
    """Hiver 2022-2023 is the winter that begins in 2022; the second year must be the next."""
    second = found["next"]
    if second and not (found["season"] == "hiver" and str(int(found["year"]) + 1).endswith(second)):
        return None
    return yearly(lambda year: periods.season(year, SEASONS[found["season"]]), found, frame)


def _year(found: re.Match[str], frame: Frame) -> Date | None:
    return periods.year(int(found["year"] or found["early"]))


def _decade(found: re.Match[str], frame: Frame) -> Date | None:
    """Les années 1990, 90, quatre-vingt-dix; of 10 and 20 the century is not sure: None."""
    first = whole(found["decade"])
    first = first + 1900 if first is not None and 30 <= first < 100 else first
    return periods.decade(first) if first is not None and first >= 1000 and first % 10 == 0 else None


def _century(found: re.Match[str], frame: Frame) -> Date | None:
    word = found["ordinal"]
    if re.fullmatch("[ivx]+", word):
        return periods.century(_roman(word))
    stem = word.removesuffix("iem").replace("neuv", "neuf").replace("cinqu", "cinq")
    value = 1 if stem == "premi" else whole(stem) or whole(stem + "e")
    return periods.century(value) if value else None


def _roman(word: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in word]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _unit(found: re.Match[str], frame: Frame) -> Date | None:
    """Semaine dernière, mois prochain, année-là, même mois, cette semaine."""
    name, offset = MODIFIERS["meme" if found["same"] else modifier_of(found)]
    base = frame.base(name)
    return UNITS[found["unit"]](base.start, offset) if base else None


def _weekend(found: re.Match[str], frame: Frame) -> Date | None:
    """Week-end dernier: the latest that is over; week-end alone: the latest begun."""
    name, offset = MODIFIERS["meme" if found["same"] else modifier_of(found)]
    base = frame.base(name)
    if not base:
        return None
    latest = periods.weekend(base.start)
    over = offset < 0 and latest.end < base.start
    return latest if over else periods.weekend(latest.start + 7 * offset * ONE_DAY)


def _week_number(found: re.Match[str], frame: Frame) -> Date | None:
    return yearly(lambda year: periods.week(datetime.date.fromisocalendar(year, int(found["number"]), 1)),
                  found, frame)


def _week_of(found: re.Match[str], frame: Frame) -> Date | None:
    """La semaine du 3 mars: the ISO week; du 28 octobre au 3 novembre: those days."""
    base = frame.read(found["rest"])
    if found["unit"] == "week-end" and base and base.daylike and base.start.weekday() < 4:
        base = replace(frame, prefer="future").read(found["rest"])
    if not base or base.precision not in periods.DAYLIKE:
        return None
    make, name = (periods.weekend, "weekend") if found["unit"] == "week-end" else (periods.week, "week")
    return make(base.end) if base.daylike else base.replace(precision=name)


# Parts of a period


def _third(found: re.Match[str], frame: Frame) -> Date | None:
    period = frame.read(found["rest"])
    return periods.third(period, THIRDS[found["part"]]) if period else None


def _division(found: re.Match[str], frame: Frame) -> Date | None:
    """Premier trimestre 2024, second semestre de l'année."""
    make, last = (periods.quarter, 4) if found["unit"] == "trimestre" else (periods.half, 2)
    value = ORDINALS[found["ordinal"]]
    value = last if value < 0 else value
    if value > last:
        return None
    if not found["rest"]:
        return yearly(lambda year: make(year, value), found, frame)
    period = frame.read(found["rest"])
    return make(period.start.year, value) if period and period.precision == "year" else None


def _half(found: re.Match[str], frame: Frame) -> Date | None:
    """Première quinzaine de mars; seconde moitié of a month or a year."""
    period = frame.read(found["rest"])
    second = ORDINALS[found["ordinal"]] != 1
    if period and period.precision == "year" and found["unit"] == "moitie":
        return periods.half(period.start.year, 1 + second)
    if not period or period.precision != "month":
        return None
    middle = period.start.replace(day=15)
    return periods.span(day(middle + ONE_DAY), day(period.end)) if second else periods.span(
        day(period.start), day(middle))


def _edge_of(found: re.Match[str], frame: Frame) -> Date | None:
    """Dernier jour de septembre, trois premiers mois de l'année, premiers jours de mars (ten, vague)."""
    period = frame.read(found["rest"])
    unit = _singular(found["unit"])
    count = 1 if found["plural"] is None else whole(found["count"] or "")
    vague = count is None and unit == "jour"
    if not period or period.precision not in periods.THIRDS or not (count := count or 10 * vague):
        return None
    first, last = period.start, period.end
    if found["edge"].startswith("premi"):
        last = _step(first, count, unit) - ONE_DAY
    else:
        first = _step(last + ONE_DAY, -count, unit)
    inside = period.start <= first <= last <= period.end
    return _counted(first, last, unit=unit, vague=vague) if inside else None


def _recent(found: re.Match[str], frame: Frame) -> Date | None:
    """Dernières vingt-quatre heures, ces derniers jours, trois prochains mois: approximate."""
    unit = _singular(found["unit"])
    written = found["count"] or found["number"]
    count = whole(written) if written else STEPS[unit][3]
    return _reach(unit, count if found["edge"] == "prochain" else -count, frame) if count else None


def _latest(found: re.Match[str], frame: Frame) -> Date | None:
    """Dernier mois, semaine écoulée: one unit up to the reference, approximate."""
    return _reach(found["last"] or found["past"], -1, frame)


def _reach(unit: str, count: int, frame: Frame) -> Date:
    today = frame.reference.start
    return _counted(*sorted((today, _step(today, count, unit))), unit=unit, vague=True)


def _singular(unit: str) -> str:
    return unit if unit in STEPS else unit.removesuffix("s")


def _step(first: datetime.date, count: int, unit: str) -> datetime.date:
    size, kind = STEPS[unit][:2]
    whole = round(count * size)
    return first + whole * ONE_DAY if kind == "days" else periods.shift(first, whole)


def _counted(first: datetime.date, last: datetime.date, *, unit: str, vague: bool) -> Date:
    whole_months = first.day == 1 and (last + ONE_DAY).day == 1 and unit == "mois"
    date = periods.span(day(first), day(last), precision=STEPS[unit][2]) if first != last else day(first)
    if whole_months:
        date = date.replace(edtf=f"{first.isoformat()[:7]}/{last.isoformat()[:7]}")
    return periods.vague(date) if vague else date


# Intervals and what is around an expression


def _interval(found: re.Match[str], frame: Frame) -> Date | None:
    """3 au 5 mai, 24 février au 2 mars, mercredi soir à vendredi matin: at each joint that can be one."""
    if frame.inner or re.search(r"\d-\d+-\d", found[0]):  # an ISO date is no interval
        return None
    inner = replace(frame, inner=True)
    for joint in JOINT.finditer(found[0]):
        left, right = found[0][:joint.start()], found[0][joint.end():]
        if joint[0] in "-/" and not _joinable(left, right):
            continue
        if date := _between(left, right, inner):
            return date
    return None


def _joinable(left: str, right: str) -> bool:
    """Not "14-18", which may be years or days, nor "été 2023-2024", the summer and then a year."""
    fewer = len(re.findall("[a-z]+", left)) <= len(re.findall("[a-z]+", right))
    return fewer and not (right.isdecimal() and len(right) < 4)


def _between(left: str, right: str, frame: Frame) -> Date | None:
    if right in ("nos jours", "aujourd'hui"):
        first = frame.read(left)
        return Date(first.start, frame.reference.end, f"{first.edtf.split('/')[0]}/..", first.precision,
                    first.approximate) if first and first.start <= frame.reference.end else None
    whole = re.fullmatch(rf"(?:[a-z]+ )?(?:\d{{1,2}}|1er)((?:[ -]{one_of(MONTHS)}|/).*)", right)
    if whole and re.fullmatch(r"(?:[a-z]+ )?(?:\d{1,2}|1er)", left):
        left += whole[1]
    if _YEAR.search(right) and not _YEAR.search(left) or whole and left in _WEEKDAYS:
        last = frame.read(right)
        first = frame.until(last).read(left) if last else None
    else:
        first = frame.read(left)
        last = first and _end(right, first, frame, dated=bool(_YEAR.search(left)))
    if not first or not last or first.start >= last.end:
        return None
    return periods.span(first, last)


def _end(right: str, first: Date, frame: Frame, *, dated: bool) -> Date | None:
    """The end of an interval: by the frame, or else (always when the start has a year) the next."""
    last = None if dated else frame.read(right)
    return last if last and last.start > first.start else frame.since(first).read(right)


def _around(found: re.Match[str], frame: Frame) -> Date | None:
    date = frame.read(found["rest"])
    return periods.vague(date) if date else None


def _inside(found: re.Match[str], frame: Frame) -> Date | None:
    return frame.read(found["rest"])


JOINT = re.compile(r" (?:jusqu'au|jusqu'a|au|a|et(?: le)?|-) (?:la |le )?|(?<=\d)-(?=\d)|"
                   rf"(?<=\d{{4}})/(?=\d{{4}})|(?<=[a-z])-(?={one_of(MONTHS)})")
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_YEAR = re.compile(r"\b\d{4}\b")
_IN_YEAR = r"(?: (?:de |en )?(?P<year>\d{4}))?"
_ORDINAL = rf"(?P<ordinal>{one_of(ORDINALS)})"
_COUNT = r"(?:(?P<count>\d{1,4}|[a-z]+(?:-[a-z]+){0,3}) )?"
_UNIT = one_of(STEPS)
_BEFORE = (r"(?:le |la |les |l'|du |des |de |d'|en |aux? |a |dans |depuis |pendant |durant |jusqu'|d'ici |"
           r"ce |cet |cette |ces |entre |courant |au cours |tout |toute ){1,4}")
PERIOD_RULES = tuple((re.compile(pattern), rule) for pattern, rule in (
    (rf"(?:mois (?:de |d'))?(?P<month>{one_of(MONTHS)})\.?{_IN_YEAR}{MOD}?", _month),
    (r"(?:(?:an |annee )?(?P<year>\d{4})|an (?P<early>\d{1,3}))", _year),
    (r"(?:annees|decennie)(?: des annees)? '?(?P<decade>\d{2,4}|[a-z-]{4,16})", _decade),
    (r"(?P<ordinal>[ivx]{1,6}|\d{1,2}|[a-z-]{3,16}(?:iem|i))(?:e|er|eme) siecle", _century),
    (rf"(?P<season>{one_of(SEASONS)}){_IN_YEAR}(?:[-/](?P<next>\d{{4}}|\d\d))?{MOD}?", _season),
    (rf"(?P<same>meme )?(?P<unit>{one_of(UNITS)}){MOD}?", _unit),
    (rf"(?P<same>meme )?week-?end{MOD}?", _weekend),
    (rf"semaine (?:no |n° ?)?(?P<number>\d\d?){_IN_YEAR}", _week_number),
    (rf"(?P<unit>semaine|week-end) {OF}(?P<rest>.+)", _week_of),
    (rf"mois {OF}(?P<rest>.+)", _inside),
    (rf"(?P<part>{one_of(THIRDS)})(?:[ -]{OF}?|-)(?P<rest>.+)", _third),
    (rf"{_ORDINAL} (?P<unit>trimestre|semestre)(?: (?P<year>\d{{4}})|(?P<mod>)(?: {OF}(?P<rest>.+))?)",
     _division),
    (rf"{_ORDINAL} (?P<unit>quinzaine|moitie) {OF}(?P<rest>.+)", _half),
    (rf"{_COUNT}(?P<edge>premi|derni)(?:er|ere)(?P<plural>s)? (?P<unit>{_UNIT}s?) {OF}(?P<rest>.+)",
     _edge_of),
    (rf"{_COUNT}(?P<edge>dernier|prochain)e?s (?:(?P<number>\d{{1,3}}|[a-z-]{{3,16}}) )?(?P<unit>{_UNIT}s?)",
     _recent),
    (r"derniere? (?P<last>semaine|mois|annee|decennie)|(?P<past>semaine|mois|annee|decennie) ecoulee?",
     _latest),
    (r"(?:vers|environ|autour|aux? alentours|aux? environs|peu (?:avant|apres)) (?:de |du |de l'|le |la |l')?"
     r"(?P<rest>.+)", _around),
    (rf"{_BEFORE}(?P<rest>.+)", _inside),
    (r".+", _interval)))
