"""A figure as written in French (« aux alentours de 1 100 ») → its value, or None, never a guess.

Pure text → value, by a small grammar: qualifier, amount (numeral, collective noun, fraction), range,
unit. What cannot be read in one way only is None: « de 800 à 1,2 million » (800 or 800 000?),
« 5 à 7 000 » (5 or 5 000?), « 1,200 » (a decimal or thousands?).

Units are SI symbols and ISO 4217 codes: a bare *dollar* is USD, a bare *rouble* RUB; *franc*, *livre*,
*peso* and the like, the money of several countries, stay words; the CFA franc (XOF or XAF) is `CFA`.
`nmi` is the *mille* of sailors, `share` a part of a whole (« un tiers », « huit sur dix »), `ratio` one
side against the other (« un contre six »). A plural noun outside the table is its own unit, in lower
case and without accents (« trois fois » → `fois`), unless it may be a misspelt number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal, NamedTuple, cast

from . import numerals
from .numerals import ADJECTIVES, ALONE, COLLECTIVES, FRACTIONS, HALF, MULTIPLIERS, NOUNS, Number, number

Value = int | float
LONGEST = 200  # characters; a longer text is no figure


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure says: bounds and best value (None where it says none), qualifier, unit.

    `order` is an order of magnitude of which only the least is known (« des dizaines »: 20 up).
    """

    low: Value | None
    best: Value | None
    high: Value | None
    qualifier: Literal["exact", "about", "at_least", "at_most", "range", "order"]
    unit: str | None = None


class Amount(NamedTuple):
    """One value with its unit; `mantissa` × `scale` as in `numerals.Number`."""

    value: int | Fraction
    vague: Literal["exact", "about", "order"]
    unit: str | None = None
    mantissa: int | Fraction | None = None
    scale: int = 1
    factor: Fraction = Fraction(1)  # of a share: « sur dix » is 1/10


OF, TO = ("de", "d'", "des", "du"), ("a", "ou", "-", "voire", "sinon")
SIGNS, NEGATIVE = ("$", "€", "£", "us$"), ("°", "°C", "%")
BEFORE = {  # patterns over folded words, the first that fits; DE and À take their elided, contracted forms
    "at_least": "(?:HOW )?plus DE|(?:pas|non) moins DE|rien(?: de)? moins que|au moins|un minimum DE|[+] DE|"
                "(?:au )?minimum|au bas mot|deja|depass(?:e|ent|ant|er)|exced(?:e|ent|ant)|superieure?s? À|"
                "au[- ](?:dela|dessus) DE|>=?",
    "at_most": "(?:pas|guere) plus DE|(?:HOW )?moins DE|(?:tout )?au plus|jusqu' À|un maximum DE|a peine|"
               "(?:au )?maximum|ne depasse(?:nt)? pas|inferieure?s? À|(?:au|en)[- ]dessous DE|en deca DE|<=?",
    "about": "environ|quelque|quelquesNUMERAL|pres DE|presque|autour DE|(?:aux )?(?:alentours?|environs) DE|"
             "a peu pres|approximativement|quasi|quasiment|pratiquement|peut-etre|sans doute|probablement|"
             "(?:dans|vers) les|(?:de )?l' ordre DE|(?:pas|non) loin DE|proches? DE|plus ou moins|ca|~|≈|"
             "±|en gros|grosso modo|quelque chose comme|avoisin(?:e|ent|ant)|frol(?:e|ent|ant)|env|[+]/-",
    "exact": "(?:tres )?exactement|precisement|seulement|(?:tout )?juste|un total DE|au total|en tout|de|d'"}
AFTER = {
    "at_least": "(?:tout )?au moins|(?:au )?minimum|au bas mot|et quelques|deja|[+]|"
                "(?:ou|et|voire|sinon|peut-etre) (?:plus|davantage)",
    "at_most": "(?:tout )?au plus|(?:au )?maximum|a peine|(?:ou|voire) moins|pas plus",
    "about": "environ|a peu pres|approximativement|ou presque|peut-etre|plus ou moins|a peu de choses? pres",
    "exact": "exactement|precisement|seulement|au total|en tout|tout (?:juste|rond)"}
SHORT = {"DE": "(?:de|d'|des|du)", "À": "(?:a|aux?)",
         "HOW": "(?:un peu|a peine|bien|beaucoup|nettement|largement|legerement|tout juste)",
         "NUMERAL": f"(?= (?:[0-9]|(?:{'|'.join([*numerals.SMALL, *numerals.TENS])})(?: |$)))"}

UNITS_WRITTEN = """km kilomètre; m mètre; cm centimètre; mm millimètre; ft pied; mi mile; nmi mille, mille
 nautique, mille marin; km2 km², kilomètre carré, km carré; m2 m², mètre carré; ha hectare; km3 km³, kilomètre
 cube; m3 m³, mètre cube; l litre; t tonne; kt kilotonne; Mt mégatonne; g gramme; kg kilo, kilogramme; W watt;
 kW kilowatt; MW mégawatt; GW gigawatt; TW térawatt; kWh kilowattheure; MWh mégawattheure; GWh gigawattheure;
 TWh térawattheure; km/h kilomètre heure, kilomètres-heure, kilomètre par heure, kilomètre à l'heure; m/s
 mètre par seconde; kn nœud; ° degré; °C degré celsius; % pour cent, pourcent; ‰ pour mille; s seconde; min
 minute; h heure; day jour, journée; week semaine; month mois; year an, année; EUR euro, €; USD dollar, $,
 us$, dollar américain; GBP livre sterling, £; CFA franc cfa, fcfa, f cfa; CHF franc suisse; CDF franc
 congolais; GNF franc guinéen; RWF franc rwandais; BIF franc burundais; franc f; livre; SYP livre syrienne;
 LBP livre libanaise; EGP livre égyptienne; SDG livre soudanaise; SSP livre sud-soudanaise; TRY livre turque;
 peso; couronne; CAD dollar canadien; AUD dollar australien; RUB rouble, ₽, rouble russe; UAH hryvnia, grivna,
 ₴; PLN zloty; ESP peseta; CNY yuan; JPY yen; KRW won; roupie; INR roupie indienne; PKR roupie pakistanaise;
 AFN afghani; MMK kyat; MZN metical, meticais; NGN naira; ETB birr; ILS shekel, ₪; AMD dram; GEL lari; ZAR
 rand; dinar; DZD dinar algérien; IQD dinar irakien; rial; riyal; IRR rial iranien; YER rial yéménite, riyal
 yéménite; SAR riyal saoudien; dirham"""
NOT_NOUNS = {*numerals.WORDS, *ALONE, *ADJECTIVES, *(
    "moins plus dans vers tous toutes leurs nous vous hors sous sans mais plusieurs quelques autres".split())}
END = ("",) * 5


def _patterns(table: dict[str, str], around: str) -> re.Pattern[str]:
    groups = "|".join(f"(?P<{kind}>{phrases})" for kind, phrases in table.items())
    for short, full in SHORT.items():
        groups = groups.replace(short, full)
    return re.compile(around % groups)


def _units() -> dict[str, str]:
    """Folded names, singular and plural, → unit."""
    units: dict[str, str] = {}
    for entry in UNITS_WRITTEN.replace("\n", "").split("; "):
        unit, _, names = entry.strip().partition(" ")
        for name in numerals.folded(f"{unit}, {names or unit}").split(", "):
            first, *rest = numerals.TOKEN.findall(name)
            for words in ([first, *rest], [first + "s", *rest], [word + "s" for word in (first, *rest)]):
                units[" ".join(words)] = unit
    return units


PREFIX, SUFFIX = _patterns(BEFORE, "(?:, )?(?:%s) "), _patterns(AFTER, "(?:,)? (?:%s)$")
UNITS = _units()


def figure(text: str) -> Figure | None:
    """The value of one figure expression, or None when it cannot be read in one way.

    >>> figure("aux alentours de 1 100")
    Figure(low=1100, best=1100, high=1100, qualifier='about', unit=None)
    >>> figure("cinq à six mille")
    Figure(low=5000, best=None, high=6000, qualifier='range', unit=None)
    """
    if len(text) > LONGEST:
        return None
    return next(filter(None, map(_figure, numerals.readings(text))), None)


def _figure(words: list[str]) -> Figure | None:
    kinds, words = _qualifiers(words)
    found = (_range(words) or _single(words)) if words else None
    if found is None or {"at_least", "at_most"} <= kinds:
        return None
    low, high, unit = found.low, found.high, found.unit
    if found.qualifier == "order":
        return None if "at_most" in kinds else found
    if "at_least" in kinds:
        return Figure(low, low, None, "at_least", unit)
    if "at_most" in kinds:
        return Figure(None, high, high, "at_most", unit)
    about = "about" in kinds and found.qualifier == "exact"
    return Figure(low, found.best, high, "about", unit) if about else found


def _qualifiers(words: list[str]) -> tuple[set[str], list[str]]:
    """The kinds of the qualifiers on both sides, and the words between."""
    kinds: set[str] = set()
    text = " ".join(words)
    while found := PREFIX.match(text) or SUFFIX.search(text):
        kinds.add(cast(str, found.lastgroup))
        text = text[found.end():] if found.start() == 0 else text[:found.start()]
    return kinds, text.strip(", ").split(" ") if text.strip(", ") else []


def _range(words: list[str]) -> Figure | None:
    """« de a à b », « entre a et b », « a ou b »; None when no cut, or more than one, makes sense."""
    between = words[0] == "entre"
    cuts = [i for i in range(1, len(words) - 1) if words[i] in (("et", "a") if between else TO)]
    found = {_joined(words[between:i], words[i + 1:]) for i in cuts} - {None} if len(cuts) < 5 else set()
    return found.pop() if len(found) == 1 else None


def _joined(before: list[str], after: list[str]) -> Figure | None:
    loose, before = _qualifiers(before)
    tight, after = _qualifiers(after[after[0] == "meme":])
    left, right = _amount(before), _amount(after)
    if left is None or right is None or not loose | tight <= {"about", "exact"}:
        return None
    if (left.vague == "order") != (right.vague == "order") or left.unit not in (None, right.unit):
        return None
    low = _shared(left, right)
    if low is None or low >= right.value:
        return None
    high, kind = (None, "order") if left.vague == "order" else (_plain(right.value), "range")
    return Figure(_plain(low), None, high, kind, right.unit)


def _shared(left: Amount, right: Amount) -> int | Fraction | None:
    """The left end, with the multiplier or fraction of the right where it serves both; None if unsure.

    « cinq à six mille » shares (5 < 6), « 500 000 à un million » does not, « 800 à 1,2 million » and
    « 5 à 7 000 » may do either.
    """
    if left.unit is not None or left.scale > 1 or left.vague != "exact":
        return left.value
    low = left.value * right.factor
    if right.mantissa is not None and right.scale > 1:
        if left.value < right.mantissa:
            return low * right.scale
        return None if right.scale >= 10**6 and left.value < 1000 else low
    return None if 0 < low * 1000 <= right.value else low


def _single(words: list[str]) -> Figure | None:
    sign = -1 if len(words) > 1 and words[0] in ("-", "moins") else 1
    amount = _amount(words[1:] if sign < 0 else words)
    if amount is None or (sign < 0 and amount.unit not in NEGATIVE):
        return None
    value = _plain(amount.value * sign)
    best = None if amount.vague == "order" else value
    return Figure(value, best, best, amount.vague, amount.unit)


def _plain(value: int | Fraction) -> Value:
    return int(value) if value.denominator == 1 else float(value)


def _amount(words: list[str]) -> Amount | None:
    """One amount that takes up all the words: count, multipliers, fraction, unit."""
    words = [*words[1:], words[0], *END] if words[:1] and words[0] in SIGNS else [*words, *END]
    head = _count(words, int(words[0] in ("le", "la", "les", "l'")))
    if head is None:
        return None
    count, order = head
    amount, i = _multiplied(words, count, order=order)
    if words[i] == "et" and words[i + 1] in HALF:
        if amount.mantissa is None:
            return None
        amount, i = amount._replace(value=amount.value + Fraction(amount.scale, 2), mantissa=None), i + 2
    return None if order and amount.scale == 1 and not words[i] else _unit(words, i, amount)


def _count(words: list[str], i: int) -> tuple[Number, bool] | None:
    """The number at the head, and whether it is only the « des, plusieurs » of an order of magnitude."""
    word = words[i]
    if word in ("des", "plusieurs", "quelques") or (word in NOUNS and word.endswith("s")):
        return Number(2, i + (word not in NOUNS), 2), True
    if word in numerals.NONE or (word == "pas" and words[i + 1] in ("un", "une")):
        return Number(0, i + 1 + (word == "pas") + (words[i + 2] in ALONE)), False
    if word in NOUNS or word in FRACTIONS or word in HALF or word in ADJECTIVES:
        return Number(1, i, 1), False
    found = number(words, i)
    if found and words[found.end] in ALONE:
        found = found._replace(end=found.end + 1)
    return (found, False) if found else None


def _multiplied(words: list[str], count: Number, *, order: bool) -> tuple[Amount, int]:
    """The count times the nouns after it: « bonne centaine », « demi-million », « dizaines de milliers »."""
    value, i, mantissa, scale = count
    loose = words[i] in ADJECTIVES
    while words[i] in ADJECTIVES:
        i += 1
    if words[i] in HALF and value == 1:
        value, mantissa, i = Fraction(1, 2), None, i + 1
    elif words[i] in FRACTIONS and words[i + 1] in OF and words[i + 2] in numerals.SCALES:
        value, mantissa, i = Fraction(value, FRACTIONS[words[i]]), None, i + 2
    while words[i] in NOUNS:  # not « mille »: it has been read, or « un mille » is the mile of sailors
        loose |= words[i] in COLLECTIVES
        value, scale = value * MULTIPLIERS[words[i]], scale * MULTIPLIERS[words[i]]
        i += 1 + (words[i + 1] in OF and words[i + 2] in NOUNS)
    return Amount(value, "order" if order else "about" if loose else "exact", None, mantissa, scale), i


def _unit(words: list[str], i: int, amount: Amount) -> Amount | None:
    """The amount with its unit, None when words are left that are none."""
    if not words[i]:
        half = amount.mantissa is None and amount.value == Fraction(1, 2)
        return amount._replace(unit="share") if half else amount
    if ratio := _ratio(words, i, amount):
        return ratio
    if words[i] in FRACTIONS:
        part = Fraction(1, FRACTIONS[words[i]])
        amount, i = amount._replace(value=amount.value * part, unit="share", factor=part), i + 1
        if not words[i]:
            return amount
    start = i + (words[i] in OF)
    for end in range(start + 4, start, -1):
        unit = UNITS.get(" ".join(words[start:end]))
        if unit:
            break
    else:
        end, unit = start + 1, _noun(words[start], amount)
    if amount.scale == 1 and words[end] == "et" and words[end + 1] in HALF:
        amount, end = amount._replace(value=amount.value + Fraction(1, 2)), end + 2
    return amount._replace(unit=unit) if unit and not words[end] else None


def _ratio(words: list[str], i: int, amount: Amount) -> Amount | None:
    """« huit sur dix », « neuf fois sur dix », « un soldat sur trois »; « un contre six » is a ratio."""
    joint = i + (words[i + 1] == "sur")
    whole = number(words, joint + 1) if words[joint] in ("sur", "contre", "pour") else None
    percent = words[joint] == "pour" and words[joint + 1] in ("cent", "mille")
    if whole is None or percent or words[whole.end] or not 0 < amount.value <= whole.value:
        return None
    return amount._replace(value=Fraction(amount.value, whole.value), factor=Fraction(1, whole.value),
                           unit="share" if words[joint] == "sur" else "ratio")


def _noun(word: str, amount: Amount) -> str | None:
    """A plural noun that we do not know is its own unit; what may be a misspelt number is not."""
    counted = amount.vague != "order" and (amount.value == 0 or amount.value >= 2)
    if not counted or not re.fullmatch("[a-z]{3,}[sx]", word) or word in NOT_NOUNS:
        return None
    return None if get_close_matches(word, numerals.WORDS, n=1, cutoff=0.8) else word
