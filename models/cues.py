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

# Verbs that make a mark beside those of VERBS, on which other features rest.
MARKING = {stem + ending: "count" for stem in "décompt crédit complét distingu".split() for ending in ENDINGS} | {
    **dict.fromkeys("parvient parvenait".split(), "count"),
    **dict.fromkeys("enorgueillit enorgueillissent retiendra reconnaîtra maintiendra soutiendra écrira apprenait "
                    "tenue".split(), "say")}

# What `marks` reads beside a verb, a preposition, a noun; drawn up from the train side too.
HAVE = frozenset("a ont avait avaient eut aura auront ayant ai avons".split())
BE = frozenset("est sont était étaient être".split())
BETWEEN = HAVE | BE | OBJECTS | frozenset(  # between a subject and its verb
    "t ne pas déjà aussi encore toujours également notamment ainsi seulement lui-même elle-même eux-mêmes depuis "
    "plutôt pourtant d’ abord par ailleurs de son leur côté cependant toutefois néanmoins en revanche jamais "
    "même fini bien donc alors ensuite enfin simplement officiellement".split())
NOUN_MARKERS = frozenset("un une des du au aux ce cette ces son sa ses leur leurs d’ de par avec pour sans chaque "
                         "quelque quelques plusieurs".split())  # before a form they make it a noun or an infinitive
PARTICIPLES = ("é", "és", "ée", "ées", "dits", "admis", "soutenu", "reconnu", "reconnus", "reconnues")
INFINITIVES = ("er", "dire", "oir", "ir")
OPENING = frozenset([*"^,»”\"!?—–-…()", "que", "comme"])  # before an inverted verb
OF = frozenset("de du des d’".split())
ARTICLES = frozenset("le la les l’ un une ce cette ces son sa ses leur leurs".split())
ELIDED = frozenset("de d’ , à en au : quelque".split())
PREPOSITIONS = OF | frozenset("selon après à au aux en dans sur sous contre avec par vers chez pour entre depuis "
                              "devant près sans hors jusqu’à".split())
WEAK = frozenset("il elle ils elles on nous je j’ celui-ci celle-ci ceux-ci celles-ci".split())
STRONG = WEAK | frozenset("lui eux celui celle ceux".split())
STOPS = frozenset([*";:.!?…«»“”(", "—"])
DEFINITE = frozenset("le la l’ les ce cet cette ces même".split())
NEAREST = frozenset("celui-ci celle-ci ceux-ci celles-ci dernier dernière".split())
SPOKEN_FOR = frozenset("porte-parole nom".split())
TAKES_UP = frozenset("c’ tel telle tels telles voilà".split())
COUNTING = ("compt", "tien", "tena", "reti", "port", "total", "communiqu", "relèv", "relev")  # also of what one has
TOTALS = RECORDS | {"total", "résultat", "score", "compte"}  # after a colon they take figures up
ENDING = frozenset("borné fini contenté limité vient viennent venait douleur".split())  # before *à, par, de* and a verb
RELATIVE = frozenset("qui lequel laquelle lesquels lesquelles dont mère père".split())
CLAUSES = frozenset("tandis alors quand lorsque lorsqu’".split())  # that end what a mark before them holds
COUNTED_BY = tuple("annonc confirm évoqu avanc revendiqu".split())  # participles that *par* makes marks
INDEFINITE = (["un"], ["une"], ["des"], ["ce"], ["cette"])
POSSESSIVES = frozenset("son sa ses leur leurs".split())
NOUNS_TOO = frozenset("chiffre chiffres compte comptes liste listes note notes porte portes montre rapport poste "
                      "postes livre cite fait table observe présente présent appelle calcul recense dires décompte "
                      "décomptes arrêté".split())
BEFORE_VERB = BETWEEN - {"le", "l’"} | WEAK | frozenset([*",;)^»—–", "et", "qui", "puis"])
ACTS = frozenset("reste restait promet promis promettait ramené ramène ramenés aligne alignent alignait "
                 "retrouvé retrouve retrouvèrent commandé montre montré exhibe exhibé diffuse diffusé craint "
                 "maintient soupire comptant retenu retenus livrés arrêtés arrêtée arrêtées commandait commande "
                 "commandent redouté redoute invoquait invoquaient invoque alerte lâché".split())
STATES = frozenset("état savoir valoir part mention".split())  # after *faire*
AFTER_VERB = frozenset("que qu’ avoir être n’ ne à de d’ : « “ pour sans en s’ y en".split())
LINE_OPENING = frozenset("-–—•*·«")
TITLES = frozenset("m mm mme dr me mgr col gén st lt cne".split())
PRONOUNS = {"il": "m", "elle": "f", "lui": "mf", "celui-ci": "m", "celle-ci": "f", "ils": "p", "elles": "p",
            "eux": "p", "ceux-ci": "p", "celles-ci": "p", "dernier": "m", "dernière": "f", "son": "mfp"}
STANDS_FOR: dict[str, tuple[str, ...]] = {  # nouns that resume a source, with the labels that it may have
    **dict.fromkeys("ong ministère agence association institution mission présidence gouvernement plateforme collectif "
                    "commission comité observatoire parquet chancellerie source quotidien journal chaîne bureau "
                    "exécutif".split(), ("<ORG>",)),
    **dict.fromkeys("armée mouvement groupe état-major milice force police gendarmerie rébellion organisation "
                    "coalition".split(), ("<FORCE>", "<ORG>")),
    **dict.fromkeys("gouverneur maire porte-parole ministre général colonel capitaine commandant médecin responsable "
                    "président préfet procureur chef gradé officier élu député témoin imam directeur "
                    "directrice".split(), ("<PER>", "<CIVIL>"))}
FINITE = frozenset(
    "est sont a ont était étaient avait avaient fut furent sera seront aura auront fait font va vont peut peuvent "
    "doit doivent vient viennent tient tiennent reste restent il elle ils on je j’ qui qu’il qu’elle s’est c’est "
    "n’est n’a n’ont n’avait manque manquent compte comptent attend attendent vit vivent dort dorment part partent "
    "prend prennent met mettent meurt meurent perd perdent dit disent voit voient sait savent veut veulent devient "
    "sort sortent suit suivent arrive porte porta montre garde laisse passe tombe touche occupe demeure tue blesse "
    "fit prit mit dut put vit eut perdit tint vint rendit fuit".split())
FINITE_ENDINGS = ("ait", "aient", "èrent", "irent", "urent", "era", "eront", "ira", "iront", "ent", "ât")
NOT_FINITE = frozenset(
    "cent vent souvent argent président incident accident agent client patient continent récent récente absent "
    "présent content innocent urgent différent précédent suivent orient occident dent lent parent excellent "
    "équivalent talent contingent adolescent imminent permanent violent trait lait fait portrait retrait extrait "
    "souhait parfait ukraient opéra caméra".split())

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


def attributes(word: str) -> str:
    """The class of a verb that makes a mark: one of `verb`, or one of few others.

    >>> attributes("affirme"), attributes("distingue"), attributes("mange")
    ('say', 'count', '')
    """
    return verb(word) or MARKING.get(word, "")
