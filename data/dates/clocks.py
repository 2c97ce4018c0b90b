"""Clock times and parts of the day in French: 16 h 20, huit heures et quart, peu avant l'aube."""

from __future__ import annotations

import re
from typing import NamedTuple

from .words import whole

DAYPARTS = {
    "matin": "morning", "matinee": "morning", "mi-journee": "noon", "midi": "noon", "minuit": "midnight",
    "apres-midi": "afternoon", "soir": "evening", "soiree": "evening", "crepuscule": "dusk",
    "tombee du jour": "dusk", "tombee de la nuit": "dusk", "nuit tombee": "dusk", "aube": "dawn",
    "aurore": "dawn", "petit matin": "dawn", "petit jour": "dawn", "lever du jour": "dawn",
    "lever du soleil": "dawn", "coucher du soleil": "dusk", "nuit": "night", "heure de la priere": "prayer",
    "heure du dejeuner": "noon", "mi-matinee": "morning", "mi-apres-midi": "afternoon"}
LATER = {"du soir": 12, "de l'apres-midi": 12, "pm": 12, "du matin": 0, "am": 0}
PAST_THE_HOUR = {"et quart": 15, "et demie": 30, "et demi": 30, "moins le quart": -15, "moins cinq": -5,
                 "moins dix": -10, "moins vingt": -20, "moins vingt-cinq": -25}
VAGUE = set("vers peu avant apres autour alentours environs debut fin milieu coups".split())

_LEAD = (r"(?P<lead>(?:(?:a|aux?|en|dans|des|depuis|jusqu|vers|peu|juste|avant|apres|autour|alentours|"
         r"environs|tard|tot|sur|coups|debut|fin|milieu|de|du|d|la|les?|l|ce|cet|cette)(?: |')){0,6})")
_WORD_HOUR = r"(?:[a-z]{2,7}(?:-(?:trois|deux|un|une|sept|huit|neuf)| et une)?)"
_CLOCK = (rf"(?P<hour>\d{{1,2}}|{_WORD_HOUR})(?: ?h| heures?|:(?=\d))"
          r"(?: ?(?P<minute>[0-5]\d)(?: ?(?:mn|min|minutes))?| (?P<past>" + "|".join(PAST_THE_HOUR) + r")|"
          r" (?P<words>cinq|dix|quinze|vingt|vingt-cinq|trente|trente-cinq|quarante|quarante-cinq|cinquante|"
          r"cinquante-cinq))?"
          r"(?: (?P<half>" + "|".join(LATER) + r"))?(?: (?:locales?|gmt|utc|tu|\(?heure [a-z' -]{1,30}\)?))?")
_PART = "(?P<part>" + "|".join(sorted(DAYPARTS, key=len, reverse=True)) + ")"
TAIL = re.compile(rf"(?:^|[ ,]) ?{_LEAD}(?:{_CLOCK}|{_PART})$")


class Clock(NamedTuple):
    """A time of the day: an hour with or without its minute, or a part of the day by name."""

    hour: int | None
    minute: int | None
    part: str
    vague: bool


def clock(text: str) -> tuple[str, Clock, bool] | None:
    """What stands before the clock time at the end of a plain text, the time, and whether it is “ce”.

    None when there is none. “Minuit” is a part of the day: a text rarely says which end it means.

    >>> clock("lundi, vers 3 heures du matin")
    ('lundi', Clock(hour=3, minute=None, part='', vague=True), False)
    """
    found = TAIL.search(text)
    if not found:
        return None
    lead = set(found["lead"].replace("'", " ").split())
    time = Clock(None, None, DAYPARTS[found["part"]], False) if found["part"] else _hour(found)
    if time is None:
        return None
    return text[:found.start()].rstrip(" ,"), time._replace(vague=bool(lead & VAGUE)), bool(
        lead & {"ce", "cet", "cette"})


def _hour(found: re.Match[str]) -> Clock | None:
    hour = whole(found["hour"])
    minute = int(found["minute"]) if found["minute"] else whole(found["words"] or "")
    if hour is None:
        return None
    if found["past"]:
        hour, minute = divmod((hour * 60 + PAST_THE_HOUR[found["past"]]) % 1440, 60)
    if hour < 12 and found["half"]:
        hour += LATER[found["half"]]
    return Clock(hour, minute, "", False) if 0 <= hour < 24 else None
