"""French words and phrases at the edges of mentions, for the rules of the guide.

Patterns are over folded text (`mentions.fold`): lower case, straight apostrophes, single spaces;
DAY too. CAPITAL_WORD_LAST, NUMBERED and TITLED alone look at the letters as they are written.
"""

from __future__ import annotations

import re

ARTICLES = frozenset("un une des".split())
DETERMINERS = ARTICLES | frozenset(
    "le la les l' du ce cet cette ces mon ton son ma ta sa mes tes ses notre votre leur nos vos "
    "leurs".split())
PREPOSITIONS = frozenset(
    "à au aux de d' en dans par pour sur sous vers chez entre depuis pendant avant après dès jusqu' "
    "jusque contre selon lors durant avec sans".split())
FUNCTION_WORDS = DETERMINERS | PREPOSITIONS
FIRST_WORD = re.compile(r"(?:jusqu|[ldjmtscn])'|[\w-]+")
LAST_WORD = re.compile(r"(?:\b[ldjmtscn]'|[\w-]+)\Z")
CAPITAL_WORD_LAST = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]+\Z")  # Lanao del Sur
QUOTATION = re.compile('[«»“”„"‹›]')

_BOUND = "au (?:minimum|maximum|bas mot)|(?:tout )?au (?:moins|plus)"
_BEFORE = (  # « compte jusqu'à trois » counts aloud
    rf"(?:(?:un peu|bien|beaucoup|nettement|largement|à peine) )?(?:plus|moins) (?:de |d')|(?:{_BOUND}) |"
    r"(?:tout )?près (?:de |d')|environ |quelque |presque |quasiment |à peine |à peu près |"
    r"approximativement |autour (?:de |d')|aux (?:alentours|environs) (?:de |d')|"
    r"(?<!compte )jusqu'(?:à |aux? )|(?:pas )?loin (?:de |d')|de l'ordre (?:de |d')")
QUALIFIED = re.compile(rf"{_BEFORE}|dans les |\+ de ")
QUALIFIER_BEFORE = re.compile(rf"(?<![\w-])(?:{_BEFORE})\Z")
QUALIFIER_AFTER = re.compile(  # « au plus fort de la bataille » qualifies nothing
    rf",? (?:{_BOUND}|environ|à peu près|à peine|ou presque)\b(?! (?:fort|haut|tôt|tard|près|loin)\b)")
SPREAD = re.compile(r"(?:de |d'|entre ).+ (?:à|et|ou) ")  # de 10 à 12, entre 10 et 12

THESE_DAYS = re.compile(r"ces (?:tout )?(?:derni|premi|prochain|quelques|jours-ci)|un peu (?:avant|après) ")
DAY_BEFORE = re.compile(r" d'(?:avant|après)\Z")  # matin d'après
DAY = re.compile(r"(?:1er|\d{1,2})(?: (?!h\b|heures?\b)|\Z)|"
                 r"(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b")
DAYS_FROM = re.compile(r"\b(?:du|de|entre(?: le)?)\Z")
DAYS_TO = frozenset(("au", "à", "et", "et le"))

NUMBERED = re.compile(
    r"(?:\d[\d.,\s]*|(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|cent|mille) )"
    r"(?!(?:er|re|e|es|mm|cm)\b)(?=[a-zà-ÿ])")
TITLED = re.compile(
    r"(?:MM?\.|Mme|Mlle|Mgr|Dr|Pr) |(?:[Ll][ea] )?(?:[Gg]énéral|[Cc]olonel|[Cc]apitaine|[Cc]ommandant|"
    r"[Ll]ieutenant|[Ss]ergent|[Mm]aréchal|[Aa]miral|[Mm]inistre|[Pp]résidente?|[Pp]orte-parole|"
    r"[Pp]rofesseur|[Dd]octeur|[Mm]aire|[Pp]ape) ")
LONE_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# Names whose article belongs to them, needed only where a capital tells nothing: at the head of a sentence.
NAMED = re.compile(
    "(?:la (?:haye|havane|mecque|paz|rochelle|réunion|nouvelle-orléans)|le (?:caire|cap|havre|mans|figaro|"
    r"parisien)|les échos|l'(?:express|obs|humanité|orient-le jour))\b")


def begins_sentence(text: str, place: int) -> bool:
    """Whether a sentence or a line may begin at a place, so that its capital tells nothing.

    >>> begins_sentence("Fin. « La Haye", 7), begins_sentence("à La Haye", 2)
    (True, False)
    """
    end = place
    while end and (text[end - 1].isspace() or text[end - 1] in "«“\"(–—*-"):
        end -= 1
    return not end or text[end - 1] in ".!?…:»”" or "\n" in text[end:place]
