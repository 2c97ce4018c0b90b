"""Date, a stretch of days with its EDTF string, and the periods of the calendar: weeks, months, seasons.

EDTF is the profile of ISO 8601-2:2019 described at https://www.loc.gov/standards/datetime/: levels 0
and 1 (`2024-08`, `199X`, `2022-24` winter, `~` approximate, `..` open) and, of level 2, quarters
(`2024-33` to `-36`) and half-years (`-40`, `-41`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

PRECISIONS = ("minute", "hour", "daypart", "day", "weekend", "week", "part", "month", "quarter", "season",
              "half", "year", "decade", "century")
DAYLIKE = PRECISIONS[:4]
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Date:
    """A stretch of days: `start` and `end` are the first and the last day, both inclusive.

    `precision` is one of `PRECISIONS`; `part` is a third of a longer period (mi-janvier), `daypart`
    a morning or a night, named by the field `part`. A night counts both its days. `approximate` says
    that the text or the convention is vague; EDTF cannot say it of a clock time, there only the flag
    does. Clock times are local and as written, with the seconds that EDTF demands.

    >>> day(datetime.date(2024, 8, 6)).edtf
    '2024-08-06'
    """

    start: datetime.date
    end: datetime.date
    edtf: str
    precision: str
    approximate: bool = False
    part: str = ""

    def replace(self, **changes: Any) -> Date:
        """The same date with some fields changed."""
        return replace(self, **changes)

    @property
    def daylike(self) -> bool:
        """Whether it is one day or lies in one (or one night)."""
        return self.precision in DAYLIKE and (self.start == self.end or self.part == "night")


def day(first: datetime.date) -> Date:
    """One day."""
    return Date(first, first, first.isoformat(), "day")


def span(first: Date, last: Date, *, precision: str = "") -> Date:
    """From the start of one date to the end of another, at the finer precision of the two."""
    finer = min(first.precision, last.precision, key=PRECISIONS.index)
    edtf = f"{first.edtf.split('/')[0]}/{last.edtf.split('/')[-1]}"
    part = first.part if first.part == last.part else ""
    return Date(first.start, last.end, edtf, precision or finer, first.approximate or last.approximate, part)


def vague(date: Date) -> Date:
    """The same date, approximate; its EDTF too unless it holds a clock time."""
    if date.approximate or date.precision in DAYLIKE[:3]:
        return date.replace(approximate=True)
    return date.replace(approximate=True, edtf="/".join(f"{bound}~" for bound in date.edtf.split("/")))


def night(evening: datetime.date) -> Date:
    """The night that begins on the evening of a day."""
    return span(day(evening), day(evening + ONE_DAY), precision="daypart").replace(part="night")


def week(within: datetime.date) -> Date:
    """The ISO week, Monday to Sunday; EDTF has no week dates, so it is an interval."""
    monday = within - within.weekday() * ONE_DAY
    return span(day(monday), day(monday + 6 * ONE_DAY), precision="week")


def weekend(within: datetime.date) -> Date:
    """The latest Saturday and Sunday begun by a day."""
    saturday = within - (within.weekday() + 2) % 7 * ONE_DAY
    return span(day(saturday), day(saturday + ONE_DAY), precision="weekend")


def months(year_: int, month_: int, count: int, edtf: str, precision: str) -> Date:
    """A period of whole months."""
    first = datetime.date(year_, month_, 1)
    return Date(first, shift(first, count - 1, last=True), edtf, precision)


def month(year_: int, number: int) -> Date:
    """A month, 1 to 12."""
    return months(year_, number, 1, f"{year_:04}-{number:02}", "month")


def quarter(year_: int, number: int) -> Date:
    """A quarter, 1 to 4."""
    return months(year_, 3 * number - 2, 3, f"{year_:04}-{32 + number}", "quarter")


def half(year_: int, number: int) -> Date:
    """A half-year, 1 or 2."""
    return months(year_, 6 * number - 5, 6, f"{year_:04}-{39 + number}", "half")


def season(year_: int, number: int) -> Date:
    """A meteorological season of three months by its EDTF number: 21 is spring, from March.

    Winter (24) bears the year in which it begins.
    """
    return months(year_, 3 * (number - 20), 3, f"{year_:04}-{number}", "season")


def year(number: int) -> Date:
    """A calendar year."""
    return months(number, 1, 12, f"{number:04}", "year")


def decade(first: int) -> Date:
    """Ten years from one that ends in 0; the EDTF of 1990 is `199X`."""
    return months(first, 1, 120, f"{first // 10:03}X", "decade")


def century(number: int) -> Date:
    """A century: the nineteenth is 1801–1900."""
    first = 100 * number - 99
    return months(first, 1, 1200, f"{first:04}/{first + 99:04}", "century")


def shift(first: datetime.date, count: int, *, last: bool = False) -> datetime.date:
    """The day some months later or earlier, at most the last of its month (or always the last).

    >>> shift(datetime.date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    index = first.year * 12 + first.month - 1 + count
    beginning = datetime.date(index // 12, index % 12 + 1, 1)
    length = (beginning.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY
    return length if last else beginning.replace(day=min(first.day, length.day))


# Where the parts of a period begin, in days or months from its start, and how their EDTF is cut.
THIRDS = {"week": ("days", (0, 2, 4, 7), 10), "month": ("days", (0, 10, 20), 10),
          "quarter": ("months", (0, 1, 2, 3), 7), "season": ("months", (0, 1, 2, 3), 7),
          "half": ("months", (0, 2, 4, 6), 7), "year": ("months", (0, 4, 8, 12), 7),
          "decade": ("months", (0, 36, 84, 120), 4), "century": ("months", (0, 396, 804, 1200), 4)}


def third(period: Date, number: int) -> Date | None:
    """The beginning (0), middle (1) or end (2) of a period, approximate; None of a day.

    Months are cut 1–10, 11–20, 21–end; years in four months; seasons and quarters in months; weeks
    Monday–Tuesday, Wednesday–Thursday, Friday–Sunday; decades in 3, 4 and 3 years.
    """
    if period.precision not in THIRDS:
        return None
    unit, cuts, width = THIRDS[period.precision]
    bounds = [shift(period.start, cut) if unit == "months" else period.start + cut * ONE_DAY
              for cut in cuts[:3]]
    first, last = bounds[number], bounds[number + 1] - ONE_DAY if number < 2 else period.end
    edtf = f"{first.isoformat()[:width]}~/{last.isoformat()[:width]}~"
    return Date(first, last, "/".join(dict.fromkeys(edtf.split("/"))), "part", True)


def easter(year_: int) -> datetime.date:
    """Western Easter Sunday (Meeus, Jones, Butcher: Astronomical Algorithms, ch. 8).

    >>> easter(2025)
    datetime.date(2025, 4, 20)
    """
    golden, (hundreds, rest) = year_ % 19, divmod(year_, 100)
    epact = (19 * golden + hundreds - hundreds // 4 - (hundreds - (hundreds + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (hundreds % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    number, day_ = divmod(epact + weekday - 7 * late + 114, 31)
    return datetime.date(year_, number, day_ + 1)


def orthodox_easter(year_: int) -> datetime.date:
    """Orthodox Easter Sunday in the Gregorian calendar (Meeus, ch. 8, the Julian rule).

    >>> orthodox_easter(2024)
    datetime.date(2024, 5, 5)
    """
    moon = (19 * (year_ % 19) + 15) % 30
    number, day_ = divmod(moon + (2 * (year_ % 4) + 4 * (year_ % 7) - moon + 34) % 7 + 114, 31)
    late = year_ // 100 - year_ // 400 - 2  # days between the two calendars
    return datetime.date(year_, number, day_ + 1) + late * ONE_DAY
