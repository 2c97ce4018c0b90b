"""The words by which French press attributes, counts and doubts: tables, and the verb that a form is.

Verbs in -er are given by stem and recognised in the forms that reports use; the others form by form.
Classes: `say` (affirmer, dire), `count` (recenser, chiffrer), `claim` (revendiquer), `admit`
(reconnaître, nier). The tables were drawn up from the train side of the corpus.
"""

from __future__ import annotations

import re
from functools import lru_cache

STEMS = {
    "say": "affirm annonc indiqu déclar précis assur évoqu rapport signal racont confirm avanc expliqu "
           "soulign ajout rappel répliqu not martel lâch souffl murmur résum insist alert accus dénonc "
           "témoign observ conclu nuanc objet gliss confi plaid argu clam claironn proclam réclam invoqu "
           "mentionn communiqu inform soupir grommel ironis énumér détaill révél répét rectifi cri écri "
           "assèn certifi repass command récit indign inquiét inquièt chuchot remarqu actualis alarm",
    "count": "recens dénombr compt chiffr estim évalu totalis calcul enregistr arrondi établi cit document "
             "comptabilis tabl relev constat repér compar égren dress vérifi répertori situ port ramen "
             "list fix livr donn consign inventori identifi align épluch arrêt chiffr retrouv",
    "claim": "revendiqu exhib vant flatt félicit targu tromp imput attribu prêt soupçonn jur publi diffus "
             "post montr affich présent",
    "admit": "avou déplor regrett concéd contest corrig démen redout pleur",
}
FORMS = {
    "say": "dit dis disait disaient disent dire dira dirent parle parlait parlent parlé parla répond "
           "répondait répondent répondu répondit écrit écrivait écrivent lit prétend prétendait prétendent "
           "prétendu soutient soutenait soutiennent soutenu maintient maintenait maintiennent maintenu "
           "poursuit poursuivait poursuivi conclut conclu promet promettait promis fait faisait font savoir "
           "relève relevé relevait relèvent interrompt reprend répète rétorque rétorqué rétorquait "
           "rétorquent énumère révèle martèle rappelle appelle cède espère suggère suggèrent suggérèrent "
           "suggéré dément démentent démenti démentait croit croient tient tiennent tenait retient "
           "retiennent retenait retenu craint craignent voit",
    "admit": "reconnaît reconnait reconnaissait reconnaissent reconnu reconnut admet admettait admettent "
             "admis admit concède concèdent nie nient niait nié",
    "count": "établit établi établissait reste tint",
}
ENDINGS = "e es ent ait aient a ât èrent é és ée ées ant er era eront erait eraient ons ez eait ea eaient eant".split()
VERBS = {stem + ending: name for name, stems in reversed(STEMS.items())  # of two entries the later counts
         for stem in stems.split() for ending in ENDINGS} | {
             form: name for name, forms in FORMS.items() for form in forms.split()}
CLITIC = re.compile(r"-(?:t-)?(?:il|elle|ils|elles|on)$")

DETERMINERS = frozenset("le la les l’ un une des du de d’ au aux ce cette ces son sa ses leur leurs notre "
                        "nos".split())
NOUN_BEFORE = frozenset("un une des le la les du au ce cette leur leurs".split())
AUXILIARIES = frozenset("a ont avait avaient n’a eut aura".split())
OBJECTS = frozenset("l’ le en y s’ se ne n’ nous me m’ lui".split())  # between subject and verb
INVERTERS = frozenset([*",»”\"!?—–-…)", "que", "comme"])  # a verb after one of these precedes its subject
SOURCES = frozenset("selon croire source sources dires dire lire entendre foi aveu après pour côté suivant "
                    "pouvoir apres".split())
RECORDS = frozenset("bilan communiqué rapport décompte chiffres chiffre porte-parole déclaration registre "
                    "registres note bulletin message estimation estimations listes liste calculs compte "
                    "comptes données vidéo tableau enquête statistiques texte".split())
STUDIES = RECORDS | {"entretiens"}
SPEAKERS = frozenset("il elle ils elles celui-ci celle-ci dernier dernière lui on nous je j’".split())
AGAIN = frozenset("source sources communiqué texte jour".split())  # « selon la même source »

# The conditional of hearsay (« auraient été tués ») and words that withhold belief. Imperfects in -rait
# (tirait, montrait, opérait) are kept out: only -erait with a plain e and the stems listed are taken.
STEMS_IN_R = ("au se fe pour dev sau ver mour cour vaud faud voud tiend viend détiend retiend reviend "
              "prend rend perd")
HEDGES = re.compile(
    rf"\b(?:(?:{'|'.join(STEMS_IN_R.split())})rai(?:t|ent)|\w+[^\W\déè]erai(?:t|ent)|atteindrai(?:t|ent)|"
    r"présumée?s?|supposée?s?|prétendue?s?|soi-disant|non (?:confirm|vérifi)ée?s?|invérifiables?|"
    r"à confirmer)\b", re.IGNORECASE)

# What stands before a place where something happens (« à Goma », « la région frontalière de Koursk »), and
# not before one that acts or is named as a side (« aux côtés de Moscou », « la Russie a dit »).
LOCATIVE = re.compile(
    r"(?:\b(?:à|au|aux|en|dans|sur|sous|vers|près de|autour de|devant|entre|depuis|hors de|jusqu['’]à|"
    r"à travers)\s+"
    r"(?:(?:la|le|les)\s+|l['’]\s*)?|"
    r"\b(?:région|ville|village|localité|province|oblast|district|front|quartier|commune|territoire|secteur|"
    r"département|gouvernorat|état|vallée|est|ouest|nord|sud|centre|banlieue|capitale|périphérie)s?(?:\s+\w+){0,2}?\s+"
    r"(?:de la\s+|de l['’]\s*|de\s+|du\s+|des\s+|d['’]\s*))$", re.IGNORECASE)

DATELINE = re.compile(r"\s*(?:[.,:]?\s*[–—-]|\.\s)")  # « KONNA – », « Naqoura. »
WITHIN = re.compile(r"\s*,?\s*\(?(?:en|au|aux|dans (?:l['’]|le |la |les )(?:est|ouest|nord|sud|centre)?.{0,20}?)\s*",
                    re.IGNORECASE)  # between a place and the one that holds it


@lru_cache(maxsize=8192)
def verb(word: str) -> str:
    """The class of a verb of attribution in this form (lower case), or "" when it is none.

    >>> verb("affirmait"), verb("reconnaît"), verb("mange")
    ('say', 'admit', '')
    """
    return VERBS.get((CLITIC.sub("", word) if "-" in word else word).replace("ç", "c"), "")
