"""Which verbs attribute: the verb that a form is, and its class.

Verbs in -er are given by stem and recognised in the forms that reports use; the others form by form.
Classes: `say` (affirmer, dire), `count` (recenser, chiffrer), `claim` (revendiquer), `admit`
(reconnaître, nier), `voice` (ironiser: a mark in few places). The tables were drawn up from the train side of
the corpus.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .verbs import IRREGULAR, MORE

STEMS = {
    "say": "affirm annonc indiqu déclar précis assur évoqu rapport signal racont confirm avanc expliqu "
           "soulign ajout rappel répliqu not martel lâch souffl murmur résum insist alert accus dénonc "
           "témoign observ conclu nuanc objet gliss confi plaid argu clam claironn proclam réclam invoqu "
           "mentionn communiqu inform soupir grommel ironis énumér détaill révél répét rectifi cri écri "
           "assèn hasard certifi repass récit indign inquiét inquièt chuchot remarqu actualis alarm "
           "martèl révèl répèt assén suggér rétorqu retrac",
    "count": "recens dénombr compt chiffr estim évalu totalis calcul enregistr arrondi établi cit document "
             "comptabilis tabl relev constat repér compar égren dress vérifi répertori situ port ramen "
             "list fix livr imprim donn repèr ramèn consign inventori identifi align épluch arrêt chiffr retrouv",
    "claim": "revendiqu exhib vant flatt félicit targu imput attribu prêt soupçonn jur publi diffus "
             "post montr affich présent",
    "admit": "avou déplor regrett concéd contest corrig démen redout pleur confess",
}
FORMS = {
    "say": "parler dit dis disait disaient disent dire dira dirent parle parlait parlent parlé parla répond "
           "répondait répondent répondu répondit écrit écrivait écrivent lit prétend prétendait prétendent "
           "prétendu soutient soutenait soutiennent soutenu maintient maintenait maintiennent maintenu "
           "poursuit poursuivait poursuivi conclut conclu promet promettait promis fait faisait font savoir "
           "relève relevé relevait relèvent interrompt reprend répète rétorque rétorqué rétorquait "
           "rétorquent énumère révèle martèle rappelle appelle cède espère suggère suggèrent suggérèrent "
           "suggéré dément démentent démenti démentait croit croient tient tiennent tenait tenaient retient "
           "retiennent retenait retenu craint craignent voit lut lisait parlaient parlèrent parlera parleront "
           "parlerait soutenir maintenir",
    "admit": "reconnaît reconnait reconnaissait reconnaissent reconnu reconnut admet admettait admettent "
             "admis admit concède concèdent nie nient niait niaient nia nièrent nié convenir",
    "count": "établit établi établissait reste tint retenir",
}
ENDINGS = "e es ent ait aient a ât èrent é és ée ées ant er era eront erait eraient ons ez eait ea eaient eant".split()
VERBS = {stem + ending: name for name, stems in reversed(STEMS.items())  # of two entries the later counts
         for stem in stems.split() for ending in ENDINGS} | {
             form: name for name, forms in FORMS.items() for form in forms.split()}
CLITIC = re.compile(r"-(?:t-)?(?:il|elle|ils|elles|on)$")


def _irregular() -> dict[str, str]:
    """The forms of the verbs that are not in -er, with their classes."""
    forms: dict[str, str] = {}
    for line in IRREGULAR.splitlines():
        name, one, many, stem, past, pasts, future, done = line.split()
        forms |= dict.fromkeys((one, many, past, pasts, done, *(stem + end for end in ("ait", "aient", "ant")),
                                *(future + end for end in ("", "a", "ont", "e"))), name)
    del forms["maintenant"]
    return forms


VOICED = "e ent ait aient a èrent é".split()  # endings of a verb that is a mark in its finite forms only
MARKING = {stem + ending: name for name, stems in reversed(MORE.items())
           for stem in stems.split() for ending in (VOICED if name == "voice" else ENDINGS)} | _irregular() | {
    **dict.fromkeys("parvient parvenait valident validait validé valida".split(), "count"),
    **dict.fromkeys("prévaut prévalent prévalait prévalaient prévalu enorgueillit enorgueillissent retiendra apprenait "
                    "tenue".split(), "say")}


def bare(word: str) -> str:
    """A form without its pronoun: *reste-t-il* is *reste*."""
    return CLITIC.sub("", word) if "-" in word else word


@lru_cache(maxsize=8192)
def verb(word: str) -> str:
    """The class of a verb of attribution in this form (lower case), or "" when it is none.

    >>> verb("affirmait"), verb("reconnaît"), verb("mange")
    ('say', 'admit', '')
    """
    return VERBS.get(bare(word).replace("ç", "c"), "")


@lru_cache(maxsize=8192)
def attributes(word: str) -> str:
    """The class of a verb that makes a mark: one of `verb`, or one of few others.

    >>> attributes("affirme"), attributes("distingue"), attributes("mange")
    ('say', 'count', '')
    """
    return verb(word) or MARKING.get(bare(word).replace("ç", "c"), "")
