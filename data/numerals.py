"""French numerals: words and digits → value, and a whole number → every way of writing it.

Our own grammar: the text2num library takes « 1,1 million » apart, has no « un millier » and no
fraction, while cardinals alone are a short closed list. Both hyphenations are read and written, the
traditional one and that of 1990 (*Journal officiel*, 6 décembre 1990, « Les rectifications de
l'orthographe »), and so are septante, huitante, octante, nonante. *billion* is 10^12.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from .errors import BilanError

SMALL_WORDS = ("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
               "seize dix-sept dix-huit dix-neuf").split()
SMALL = {"zero": 0, "une": 1} | {word: value for value, word in enumerate(SMALL_WORDS[1:17], 1)}
TENS_WORDS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
TENS = {word: value for value, word in TENS_WORDS.items()} | {
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
HUNDRED = ("cent", "cents")
SCALES = {"mille": 10**3, "mil": 10**3, "k": 10**3, "mio": 10**6, "mia": 10**9} | {
    word + plural: 10**power for plural in ("", "s")
    for word, power in (("million", 6), ("milliard", 9), ("md", 9), ("mrd", 9), ("billion", 12))}

NUMBER = (r"[0-9]{1,3}(?:(?: ?\. ?|[ '])[0-9]{3})+(?![0-9])(?:,[0-9]+)?"  # 3 000 · 3.000 · 3'000 · 10 .000
          r"|[0-9]{1,3}(?:,[0-9]{3}){2,}(?![0-9])|[0-9]+(?:[.,][0-9]+)?")
UNSURE = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}|[0-9]{4,}\.[0-9]{3}")  # 1,200: decimals or thousands?
GROUPED = re.compile(r"(?!0)[0-9]{1,3}(?:(?:[.'][0-9]{3})+|(?:,[0-9]{3}){2,})|(?!0)[0-9]+")

COLLECTIVES = {word + plural: value for plural in ("", "s") for word, value in {
    "huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "septantaine": 70, "huitantaine": 80,
    "octantaine": 80, "nonantaine": 90, "centaine": 100, "millier": 1000}.items()}
MULTIPLIERS = SCALES | COLLECTIVES | {"paire": 2, "paires": 2}
NOUNS = {word for word in MULTIPLIERS if len(word) > 4 and word != "mille"}
FRACTIONS = {"moitie": 2, "moities": 2, "tiers": 3, "quart": 4, "quarts": 4} | {
    stem + "ieme" + plural: value for plural in ("", "s") for stem, value in {
        "cinqu": 5, "six": 6, "sept": 7, "huit": 8, "neuv": 9, "dix": 10, "douz": 12, "quinz": 15,
        "vingt": 20, "cent": 100, "mill": 1000}.items()}
WORDS = {*SMALL, *TENS, *HUNDRED, *MULTIPLIERS, *FRACTIONS, "vingts", "et", "demi", "demie"} - {"k"}
MULTIPLES = {"double": ["deux", "fois"], "triple": ["trois", "fois"], "quadruple": ["quatre", "fois"],
             "quintuple": ["cinq", "fois"], "decuple": ["dix", "fois"], "centuple": ["cent", "fois"]}
HALF, NONE = ("demi", "demie"), ("aucun", "aucune", "aucuns", "aucunes", "nul", "nulle")
ALONE = ("seul", "seule", "seuls", "seules", "unique")
ADJECTIVES = {word + plural for plural in ("", "s") for word in (
    "bon", "bonne", "petit", "petite", "gros", "grosse", "belle", "beau", "large", "forte", "solide")}

MARKS = str.maketrans({  # what NFKD would lose or confuse
    "’": "'", "‘": "'", "ʼ": "'", "ʹ": "'", "′": "'", "`": "'", "´": "'", "œ": "oe", "Œ": "OE", "²": "^2",
    "³": "^3", "¹": "^1", "⁄": "/", "≤": "<=", "≥": ">="} | dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys(
    "\u200b\u200c\u200d\u2060\ufeff", "") | dict.fromkeys("⁰⁴⁵⁶⁷⁸⁹", "^") | {
    "½": " un demi ", "⅓": " un tiers ", "⅔": " deux tiers ", "¼": " un quart ", "¾": " trois quarts "})
TOKEN = re.compile(rf"{NUMBER}|us\$|[a-z]+'|[a-z]+(?:-[a-z]+)*"
                   r"(?:\^?[23](?![0-9])|/[a-z]\b)?|°c?|\+/-|[<>]=|\S")
SOFT, ACCENTS = re.compile("\u00ad\\s*"), re.compile("[\u0300-\u036f]")
MEGA = re.compile(r"([0-9] ?)M(?![A-Za-z0-9'])")  # 1,2 M · 2 M€, before capitals are lost: m is the metre
CUT = re.compile(r"(?<=[a-z])- (?=[a-z])")
QUOTES = " «»\"“”„()[];:!?…"

SPACES = (" ", "\u00a0", "\u202f", "\u2009")
SEPARATORS = (*SPACES, ".", "'", "’", "")
LIMIT = 10**12
REGIONS: tuple[dict[int, str], ...] = (
    {}, {70: "septante", 90: "nonante"}, {70: "septante", 80: "huitante", 90: "nonante"},
    {70: "septante", 80: "octante", 90: "nonante"})


class Number(NamedTuple):
    """A numeral read from words: its value, how far it reaches, and its last multiplier.

    `mantissa` × `scale` is the value when one multiplier closes it (« deux | cents »); a numeral
    without a written mantissa and one with a remainder have mantissa None.
    """

    value: int | Fraction
    end: int
    mantissa: int | Fraction | None = None
    scale: int = 1


def folded(text: str) -> str:
    """The text in lower case without accents, soft hyphens and typographic variants of marks and spaces."""
    plain = " ".join(SOFT.sub("", text).split())
    if not plain.isascii():
        plain = ACCENTS.sub("", unicodedata.normalize("NFKD", plain.translate(MARKS)))
    return " ".join(MEGA.sub(r"\1million", plain).lower().split())


def readings(text: str) -> Iterator[list[str]]:
    """The folded words; a hyphen at a line's end is first taken as written, then as a mere cut."""
    plain = folded(text)
    yield _words(CUT.sub("-", plain))
    if CUT.search(plain):
        yield _words(CUT.sub("", plain))


def _words(plain: str) -> list[str]:
    words: list[str] = []
    for token in TOKEN.findall(plain.strip(QUOTES).rstrip(".,")):
        parts = token.split("-") if "-" in token and token[0].isalpha() else (token,)
        if all(part in WORDS for part in parts):
            words += parts
        elif parts[0] == "demi":
            words += ["demi", token[5:]]
        else:
            words += MULTIPLES.get(token) or [token.replace(" ", "")]
    return words


def number(words: Sequence[str], start: int) -> Number | None:
    """The longest numeral at `start` of folded words that end with empty ones, or None.

    >>> number(["deux", "cent", "mille", "soldats", "", ""], 0)
    Number(value=200000, end=3, mantissa=200, scale=1000)
    """
    total: int | Fraction = 0
    limit, position, read = LIMIT * 1000, start, Number(0, start)
    while group := _group(words, position):
        value, end = group
        scale = _scale(words, end, value, implied=end == position)
        if value * scale >= limit or (read.end > start and value == 0):
            break
        alone = position == start and end > position
        total, position, limit = total + value * scale, end + (scale > 1), scale
        if alone and scale == 1 and words[end - 1] in HUNDRED and value > 100:
            value, scale = value // 100, 100
        read = Number(total, position, value if alone else None, scale)
        larger = SCALES.get(words[position], 1)
        if 1000 <= total < 10**6 <= larger and scale <= 1000:  # « deux mille milliards »
            read = Number(total * larger, position + 1, total, larger)
            total, position, limit = read.value, read.end, larger
        elif scale in (1, 100) or isinstance(value, Fraction):
            break
    return read if read.end > start else None


def _group(words: Sequence[str], i: int) -> tuple[int | Fraction, int] | None:
    """What stands before a scale word: digits, a numeral below 1000, or 1 understood before mille."""
    word = words[i]
    if word[:1].isdigit():
        value = digits(word)
        unsure = UNSURE.fullmatch(word) and words[i + 1] not in SCALES and words[i + 1] not in ("%", "pour")
        return None if value is None or unsure else (value, i + 1)
    return _below_1000(words, i) or ((1, i) if word in ("mille", "mil") else None)


def _scale(words: Sequence[str], i: int, value: int | Fraction, *, implied: bool) -> int:
    scale = SCALES.get(words[i], 1)
    sea_mile = scale == 1000 and value == 1 and not implied and words[i] != "k"  # « un mille » is never 1000
    return 1 if sea_mile or (scale == 1000 and value >= 1000) else scale


def digits(word: str) -> int | Fraction | None:
    """The value of a number in figures, without spaces; None where its form is none of French typography.

    >>> digits("3.000"), digits("1,5")
    (3000, Fraction(3, 2))
    """
    if word == "0" or GROUPED.fullmatch(word):
        return int(re.sub(r"[.',]", "", word))
    whole, _, decimals = re.sub(r"[.'](?=[0-9]{3}(?![0-9]))", "", word).rpartition(",")
    if not whole:
        whole, _, decimals = word.replace(",", ".").rpartition(".")
    if not (whole.isdigit() and decimals.isdigit()) or (whole[0] == "0" and whole != "0"):
        return None
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return value.numerator if value.denominator == 1 else value


def _below_1000(words: Sequence[str], i: int) -> tuple[int, int] | None:
    head = _below_100(words, i)
    if head and words[head[1]] in HUNDRED and head[0] in _HUNDREDS:
        hundreds, end = head[0] * 100, head[1] + 1
    elif words[i] == "cent":
        hundreds, end = 100, i + 1
    else:
        return head
    rest = _below_100(words, end)
    return (hundreds + rest[0], rest[1]) if rest and rest[0] else (hundreds, end)


_HUNDREDS = {*range(2, 10), *range(11, 20)}  # « deux cents », « dix-neuf cents »


def _below_100(words: Sequence[str], i: int) -> tuple[int, int] | None:
    word, after = words[i], words[i + 1]
    if word == "quatre" and after in ("vingt", "vingts"):
        base, end = 80, i + 2
    elif word in TENS:
        base, end = TENS[word], i + 1
    else:
        return _small(words, i)
    joined = words[end] == "et"
    rest = _small(words, end + joined)
    room = 20 if base == 60 or word == "quatre" else 10
    if rest and 0 < rest[0] < room and (not joined or rest[0] in (1, 11)):
        return base + rest[0], rest[1]
    return base, end


def _small(words: Sequence[str], i: int) -> tuple[int, int] | None:
    value = SMALL.get(words[i])
    if value == 10 and SMALL.get(words[i + 1], 0) in (7, 8, 9):
        return 10 + SMALL[words[i + 1]], i + 2
    return None if value is None else (value, i + 1)


def written(value: int, *, feminine: bool = False) -> list[str]:
    """Every French way of writing a whole number, each once, digits first.

    `feminine` ends the letters in *une*. Raises BilanError below 0, above 10^12 and for what is
    not a whole number.

    >>> written(71)
    ['71', 'soixante et onze', 'soixante-et-onze', 'septante et un', 'septante-et-un']
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LIMIT:
        raise BilanError(f"cannot write {value!r} in French", mend="give a whole number from 0 to 10^12")
    figures = [f"{value:,}".replace(",", separator) for separator in SEPARATORS]
    letters = [form for region in REGIONS for form in _spellings(value, region)]
    if feminine:
        letters = [re.sub(r"(?<![a-z])un$", "une", form) for form in letters]
    return list(dict.fromkeys([*figures, *_with_scale(value), *letters]))


def _spellings(value: int, region: dict[int, str]) -> list[str]:
    forms = [_spelled(value, region)]
    if 1100 <= value < 2000:
        forms.append(_under_1000(value, region))
    if value == LIMIT:
        forms.append("mille milliards")
    return [way for form in forms for way in (form, _hyphenated(form))]


def _hyphenated(form: str) -> str:
    """The spelling of 1990; million and its like are nouns and keep their spaces."""
    return re.sub(r"(?<!on)(?<!ons)(?<!ard)(?<!ards) (?!milli(?:on|ard)|billion)", "-", form)


def _spelled(value: int, region: dict[int, str]) -> str:
    if value == 0:
        return "zéro"
    parts = []
    for scale, noun in ((10**12, "billion"), (10**9, "milliard"), (10**6, "million")):
        count, value = divmod(value, scale)
        if count:
            parts.append(f"{_under_1000(count, region)} {noun}{'s' if count > 1 else ''}")
    thousands, value = divmod(value, 1000)
    if thousands:
        before = re.sub(r"(vingt|cent)s$", r"\1", _under_1000(thousands, region))
        parts.append("mille" if thousands == 1 else f"{before} mille")
    return " ".join([*parts, *([_under_1000(value, region)] if value else [])])


def _under_1000(value: int, region: dict[int, str]) -> str:
    """Below 1000, or below 2000 counted in hundreds (« dix-neuf cent quarante »)."""
    hundreds, rest = divmod(value, 100)
    if not hundreds:
        return _under_100(rest, region)
    head = "cent" if hundreds == 1 else f"{_under_100(hundreds, region)} cent{'' if rest else 's'}"
    return f"{head} {_under_100(rest, region)}" if rest else head


def _under_100(value: int, region: dict[int, str]) -> str:
    if value < 20:
        return SMALL_WORDS[value]
    tens = value - value % 10
    base = region.get(tens) or TENS_WORDS.get(tens)
    if base is None:  # 70, 80 and 90 of France count on from 60 and 80
        tens = 60 if tens == 70 else 80
        base = "soixante" if tens == 60 else "quatre-vingt"
    rest = value - tens
    if not rest:
        return "quatre-vingts" if base == "quatre-vingt" else base
    joint = " et " if rest in (1, 11) and base != "quatre-vingt" else "-"
    return f"{base}{joint}{SMALL_WORDS[rest]}"


def _with_scale(value: int) -> list[str]:
    """« 1,5 million », « un million et demi », « un demi-million »: where they are exact."""
    forms: list[str] = []
    for scale, noun in ((10**6, "million"), (10**9, "milliard"), (10**12, "billion")):
        thousandths, beyond = divmod(value * 1000, scale)
        if beyond or not 100 <= thousandths < 10**6:
            continue
        whole, decimals = divmod(thousandths, 1000)
        mantissa = f"{whole},{decimals:03}".rstrip("0").rstrip(",") if decimals else str(whole)
        noun += "s" if whole > 1 else ""
        forms += [f"{mantissa}{space}{noun}" for space in SPACES[:3]]
        if decimals == 500:
            forms.append(f"{_under_1000(whole, {})} {noun} et demi" if whole else f"un demi-{noun}")
    return forms
