"""Rules for days and their parts: vendredi 7 février, hier soir, la veille, la nuit de lundi à mardi."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace

from . import periods
from .clocks import DAYPARTS, Clock, clock
from .frame import Frame, around, choose, modifier_of, valid, yearly
from .periods import ONE_DAY, Date, day
from .words import (
    AROUND,
    EASTER,
    EVENTS,
    EVES,
    FEASTS,
    MOD,
    MODIFIERS,
    MONTHS,
    NEAR,
    OF,
    ORDINALS,
    WEEKDAYS,
    one_of,
)


def _iso(found: re.Match[str], frame: Frame) -> Date | None:
    year, month, number_ = (int(found[name] or 0) for name in ("year", "month", "day"))
    return day(datetime.date(year, month, number_)) if number_ else periods.month(year, month)


def _figures(found: re.Match[str], frame: Frame) -> Date | None:
    """06/08/2024, 6.8.24, 13/12: the day comes first; two figures are the latest such year begun."""
    number_, month = int(found["day"]), int(found["month"])
    if found["year"] and len(found["year"]) == 2:
        limit = frame.reference.start.year
        year = limit - (limit - int(found["year"])) % 100
        return day(datetime.date(year, month, number_))
    return yearly(lambda year: day(datetime.date(year, month, number_)), found, frame)


def _calendar_day(found: re.Match[str], frame: Frame) -> Date | None:
    """Vendredi 7 février 2025 with or without weekday and year; a weekday must fit the date."""
    number_ = ORDINALS.get(found["day"]) or int(found["day"])
    month = MONTHS[found["month"]]
    return yearly(lambda year: day(datetime.date(year, month, number_)), found, frame, _on(found["weekday"]))


def _on(weekday: str | None) -> Callable[[Date], bool]:
    return lambda date: weekday is None or date.start.weekday() == WEEKDAYS[weekday]


def _day_number(found: re.Match[str], frame: Frame) -> Date | None:
    """Le 11: in the month of the anchor, else the latest; samedi 24: the nearest that fits."""
    number_ = 1 if found["day"] == "1er" else int(found["day"])
    anchor, weekday = frame.anchor, found["weekday"]
    if anchor and not weekday and anchor.start.replace(day=1) == anchor.end.replace(day=1):
        date = day(anchor.start.replace(day=number_))
        if frame.prefer != "past" or date.start <= max(frame.reference.start, anchor.start):
            return date
    if weekday and frame.prefer == "past":
        frame = replace(frame, prefer="nearest", anchor=None)
    first = frame.reference.start.replace(day=1)
    base = frame.base("") or frame.reference
    return choose(around(lambda n: day(periods.shift(first, n).replace(day=number_)), 0, 12, base, _on(weekday)), frame)


def _weekday(found: re.Match[str], frame: Frame) -> Date | None:
    modifier = modifier_of(found)
    base = frame.base(MODIFIERS[modifier][0])
    if not base:
        return None
    nearest = (WEEKDAYS[found["weekday"]] - base.start.weekday()) % 7
    return choose(valid(lambda n: day(base.start + n * ONE_DAY), range(nearest - 7, 15, 7)), frame, modifier)


def _near(found: re.Match[str], frame: Frame) -> Date | None:
    return day(frame.reference.start + NEAR[found[0]] * ONE_DAY)


def _around(found: re.Match[str], frame: Frame) -> Date | None:
    """La veille, le lendemain de Noël: of the date that follows, else of the anchor."""
    base = frame.read(found["rest"]) if found["rest"] else frame.anchor
    if not base or not base.daylike:
        return None
    return day(base.start + AROUND[found["word"]] * ONE_DAY)


def _these_days(found: re.Match[str], frame: Frame) -> Date | None:
    return periods.vague(frame.reference)


def _whole_day(found: re.Match[str], frame: Frame) -> Date | None:
    return day(frame.today().start)


def _event(found: re.Match[str], frame: Frame) -> Date | None:
    return day(datetime.date(*EVENTS[found[0]]))


def _feast(found: re.Match[str], frame: Frame) -> Date | None:
    name = found["name"]
    sunday = periods.orthodox_easter if found["orthodox"] else periods.easter
    if name in FEASTS:
        return yearly(lambda year: day(datetime.date(year, *FEASTS[name])), found, frame)
    return yearly(lambda year: day(sunday(year) + EASTER[name] * ONE_DAY), found, frame)


# Parts of a day


def _timed(found: re.Match[str], frame: Frame) -> Date | None:
    """Lundi, vers 3 heures du matin; 10 heures; ce soir."""
    split = clock(found[0])
    if not split:
        return None
    head, time, this = split
    base = frame.read(head) if head else frame.reference if this else frame.today()
    if not base or not base.daylike:
        return None
    if time.part != "night" or base.part == "night":
        return base if time.part == "night" else _at(base, time)
    if not head and base is frame.reference:  # the last night or, if no "cette" says so, any
        return periods.night(base.start - ONE_DAY) if this else None
    return periods.night(base.start).replace(approximate=time.vague)


def _clock_first(found: re.Match[str], frame: Frame) -> Date | None:
    """16 h 20, le 17 juillet 2014; 5 heures, mardi."""
    split = clock(found["time"])
    base = frame.read(found["rest"]) if split and not split[0] else None
    return _at(base, split[1]) if split and base and base.daylike else None


def _at(base: Date, time: Clock) -> Date:
    """The time on that day; of a night, on its second day when the time is before noon."""
    early = time.part in ("dawn", "morning", "noon") if time.hour is None else time.hour < 12
    if base.part == "night" and time.part == "midnight":
        return base.replace(approximate=time.vague)
    date = (base.end if early else base.start)
    vague = time.vague or base.approximate
    if time.hour is None:
        return Date(date, date, date.isoformat(), "daypart", vague, time.part)
    edtf = f"{date.isoformat()}T{time.hour:02}:{time.minute or 0:02}:00"
    return Date(date, date, edtf, "hour" if time.minute is None else "minute", vague)


def _that_part(found: re.Match[str], frame: Frame) -> Date | None:
    """Ce soir-là, le matin même, la même nuit, ce mardi matin-là: of the anchor."""
    if not frame.anchor or not frame.anchor.daylike:
        return None
    base = frame.read(f"{found['weekday']}-la") if found["weekday"] else frame.anchor
    part = DAYPARTS[found["part"] or found["same"]]
    if not base or part == "night":
        return base and (base if base.part == "night" else periods.night(base.start))
    return _at(base, Clock(None, None, part, False))


def _part_of(found: re.Match[str], frame: Frame) -> Date | None:
    """Le soir du 17 octobre, la journée de lundi; "un matin de 2017" says no more than 2017."""
    base = frame.read(found["rest"])
    if not base or not base.daylike or found["part"] in ("journee", "jour"):
        return base
    return _at(base, Clock(None, None, DAYPARTS[found["part"]], False))


def _night_of(found: re.Match[str], frame: Frame) -> Date | None:
    """La nuit de jeudi à vendredi, du 3 août, de lundi: the evening is the first day named."""
    rest = found["rest"]
    if rest in EVES:
        this = frame.reference.start.year
        eves = valid(lambda year: day(datetime.date(year, *EVES[rest])), range(this - 2, this + 3))
        eve = choose(eves, frame)
        return periods.night(eve.start) if eve else None
    base = frame.read(rest)
    if not base or base.end - base.start > ONE_DAY or base.precision not in periods.DAYLIKE:
        return None
    return periods.night(base.start)


def _night_by(found: re.Match[str], frame: Frame) -> Date | None:
    name, offset = MODIFIERS[modifier_of(found)]
    base = frame.base(name)
    if not base or not base.daylike:
        return None
    return periods.night(base.start + (min(offset, 0) if base.part != "night" else offset) * ONE_DAY)


_MONTH = rf"(?P<month>{one_of(MONTHS)})\.?"
_YEAR = r"(?:,? (?:de |en )?(?P<year>\d{4}))?"
_DAY = r"(?P<day>\d{1,2}|1er|premier)"
_WEEKDAY = rf"(?P<weekday>{one_of(WEEKDAYS)})"
_FEAST = rf"(?P<name>{one_of({**FEASTS, **EASTER})})"
_PART = rf"(?P<part>{one_of(DAYPARTS)})"
DAY_RULES = tuple((re.compile(pattern), rule) for pattern, rule in (
    (r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?", _iso),
    (r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)", _figures),
    (r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?P<year>)", _figures),
    (one_of(EVENTS), _event),
    (rf"(?:{_WEEKDAY},? (?:le )?)?{_DAY}[ -]{_MONTH}{_YEAR}{MOD}?", _calendar_day),
    (rf"(?:{_WEEKDAY},? (?:le )?)?(?P<day>\d{{1,2}}|1er)", _day_number),
    (rf"{_WEEKDAY}{MOD}?", _weekday),
    (one_of(NEAR), _near),
    (rf"(?P<word>{one_of(AROUND)})(?: {OF}(?P<rest>.+))?", _around),
    (r"journee", _whole_day),
    (r"jours-ci", _these_days),
    (rf"(?:jour (?:de |du ))?{_FEAST}(?P<orthodox> orthodoxes?)?{_YEAR}{MOD}?", _feast),
    (rf"(?:{_WEEKDAY} )?{_PART}(?:-la| meme)|meme (?P<same>{one_of(DAYPARTS)})", _that_part),
    (r".+", _timed),
    (r"(?P<time>[^,]{2,40})(?:, (?:le |ce )?| le | ce )(?P<rest>[^,]+)", _clock_first),
    (rf"nuit{MOD}", _night_by),
    (rf"nuit {OF}(?P<rest>.+)", _night_of),
    (rf"(?P<part>{one_of([*DAYPARTS, 'journee', 'jour'])}) {OF}(?P<rest>.+)", _part_of)))
