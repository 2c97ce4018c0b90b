"""The words by which French press attributes, counts and doubts beside its verbs (`sayings`): tables.

They were drawn up from the train side of the corpus.
"""

from __future__ import annotations

import re

from .verbs import IDIOMS

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

# What `marks` reads beside a verb, a preposition, a noun; drawn up from the train side too.
HAVE = frozenset("a ont avait avaient eut eurent aura auront aurait auraient ayant ai avons".split())
BE = frozenset("est sont était étaient être".split())
WAS = BE | {"serait"}  # *se serait vanté de*
BETWEEN = HAVE | BE | OBJECTS | frozenset(  # between a subject and its verb
    "t ne pas déjà aussi encore toujours également notamment ainsi seulement lui-même elle-même eux-mêmes depuis "
    "plutôt pourtant d’ abord par ailleurs de son leur côté cependant toutefois néanmoins en revanche jamais "
    "même fini bien donc alors ensuite enfin simplement officiellement longtemps souvent parfois bientôt tantôt "
    "volontiers désormais serait emblée aussitôt auparavant hier presque récemment".split())
NOUN_MARKERS = frozenset("un une des du au aux ce cette ces son sa ses leur leurs d’ de par avec pour sans chaque "
                         "quelque quelques plusieurs".split())  # before a form they make it a noun or an infinitive
PARTICIPLES = ("é", "és", "ée", "ées", "dits", "admis", "soutenu", "reconnu", "reconnus", "reconnues")
INFINITIVES = ("er", "dire", "oir", "ir", "aître", "ettre", "endre", "clure", "crire", "oire")
OPENING = frozenset([*"^,»”\"!?—–-…()", "que", "qu’", "dont", "comme"])  # before an inverted verb
OF = frozenset("de du des d’".split())
ARTICLES = frozenset("le la les l’ un une ce cette ces son sa ses leur leurs".split())
ELIDED = frozenset("de d’ , à en au : quelque".split())
PREPOSITIONS = OF | frozenset("selon après à au aux en dans sur sous contre avec par vers chez pour entre depuis "
                              "devant près sans hors jusqu’à".split())
WEAK = frozenset("il elle ils elles on nous je j’ celui-ci celle-ci ceux-ci celles-ci".split())
STRONG = WEAK | frozenset("lui eux celui celle ceux".split())
STOPS = frozenset([*";:.!?…«»“”(", "—"])
DEFINITE = frozenset("le la l’ les ce cet cette ces même".split())
LATTER = frozenset("dernier dernière derniers dernières".split())
NEAREST = LATTER | frozenset("celui-ci celle-ci ceux-ci celles-ci".split())
SPOKEN_FOR = frozenset("porte-parole nom voix bouche porte-voix porte-paroles".split())
LINKED = frozenset("sans avant pour afin bien dès après tandis alors".split())  # with *que* no relative clause
COUNTED_OFF = frozenset("premier second dernier seul même nouveau".split())  # before a noun
WHAT = (("ce", "que"), ("ce", "qu’"), ("ce", "dont"))  # *c’est ce que dit X*
TAKES_UP = frozenset("c’ tel telle tels telles voilà".split())
COUNTING = ("compt", "align", "tien", "tena", "reti", "port", "total", "communiqu", "relèv",
            "relev")  # also of what one has
FROM_WHERE = frozenset("sur dans depuis".split())  # after the name that opens a line
TOTALS = RECORDS | {"total", "résultat", "score", "compte"}  # after a colon they take figures up
TALLIES = TOTALS | frozenset("addition additions fichier fichiers calcul compteur relevé relevés version arithmétique "
                             "récit pertes sorties bilans cahier cahiers carnet carnets nombre nombres somme sommes "
                             "évaluation évaluations inventaire "
                             "colonne".split())  # before a colon
VAGUE_LABELS = frozenset("<LOC> <CIVIL> <PER>".split())  # before a colon at the head of a line: a place, those counted
NUMBERS = frozenset("<KILLED> <INJURED> <LOSSES> <DETAINED> <DISPLACED> <TROOPS> <MATERIEL> <MEASURE>".split())
RAISING = ("port", "relèv", "relev")
HOLDERS = frozenset("pays ville village camp région province territoire district quartier site garnison compagnie "
                    "bataillon régiment escadre flotte famille hameau commune ligne "
                    "front".split())  # *le pays compte 12 camps* tells what there is
THERE_ARE = ("déplor", "compt", "dénombr", "recens", "appr", "voi")  # *on déplore 12 morts* cites nobody
COUNTED = ("militaires", "soldats", "combattants", "policiers", "gendarmes", "miliciens", "paramilitaires", "casques",
           "volontaires", "officiers", "assaillants", "hommes")  # before a colon those who are counted
HAVING = ("compt", "align", "reti", "rete", "total", "tena")  # *compte 500 hommes* tells what one has
PLAUSIBLE = frozenset("possible plausible probable vraisemblable crédible établi établis établie établies réaliste "
                      "exact exacts".split())  # *juge plausible le chiffre de …*
VOICED_TO = PLAUSIBLE | frozenset("avoir que qu’ : «".split())  # what follows a verb of class `voice` after its subject
FEARING = ("redout", "craint", "craign")  # *redoute-t-il* tells, *redoute 12 morts* does not
OF_ITSELF = ("limit", "appell", "situ")  # *se limite à*, *s’appelle*, *se situe*
DENYING = ("démen", "contest", "nie", "nia", "réfut", "récus")
KEEPING = ("retien", "retena", "détien", "déten")
NOT = frozenset("pas point mot".split())
GIVING = ("attribu", "imput", "prêt", "reconn", "accord", "compt", "suppos", "connaî", "reproch", "conc",
          "dénombr")  # after *leur*, a pronoun then
ANSWERING = ("répond", "répliqu", "ripost", "réagi")  # *par, en* tell an act
ACT_BY = frozenset("par en devant de du avec".split())
WHO = frozenset("qui lequel laquelle lesquels lesquelles".split())
PASSED = BETWEEN | frozenset("valoir savoir entendre remarquer observer noter connaître remonter filtrer fuiter "
                             "supposer hier aujourd’hui demain aussitôt sobrement sèchement récemment "
                             "pourtant même".split()) - HAVE - BE  # words between an inverted verb and its subject
NO_NOUNS = DETERMINERS | PASSED  # beside a verb and its subject
NAMED = frozenset("<SITE> <WEAPON> <EVENT> <ORG> <FORCE>".split())  # labels whose abbreviation may have another
BELIEVED = frozenset("croit écoute interroge suit croyait remet tient fie tenir fier remettre juger rapporter "
                     "référer".split())  # *si l’on en croit X, si l’on s’en tient à X, à en juger par X*
TRUSTING = (["s’", "en"], ["à", "en"], ["à", "se"], ["à", "s’"])
MORE_SOURCES = frozenset("auprès vu yeux écouter suivre avis termes dixit bouche plume parole "
                         "jugement".split())  # as SOURCES, but features rest on those
NOMINAL = frozenset("yeux bouche plume parole jugement foi".split())  # only with *de*
BEFORE_SOURCE: dict[str, tuple[str, ...]] = {
    "dire": ("au", "l’"),
    **dict.fromkeys(("dires", "lire", "entendre"), ("au", "aux", "à", "l’", "les", "en", "ses", "leurs")),
    "croire": ("à", "en", "l’", "les"), "aveu": ("l’", "propre", "son", "leur"), "vu": ("au",),
    **dict.fromkeys(("bouche", "plume"), ("la",)), "parole": (",", "(", "^"), "jugement": ("au",),
    **dict.fromkeys(("yeux", "termes"), ("aux",)), "avis": ("l’",),
    **dict.fromkeys(("écouter", "suivre"), ("à", "l’", "les"))}
REACHING = {  # verbs that count with what follows them: *en est à 12*, *penche pour 12*, *met en avant 12*
    **dict.fromkeys("consent consentait consentent consenti est était sont étaient reste restait resté restée "
                    "restés arrive arrivait arrivent arrivé arrivée monte montait montent arrête arrêtait "
                    "arrêtent arrêté arrêtée arrêta grimpe grimpait aboutit aboutissent "
                    "élève élevait élèvent élevaient".split(), "à"),
    **dict.fromkeys("va vont allait allaient".split(), "jusqu’"),
    **dict.fromkeys("penche penchait penchent penchaient opte optait optent".split(), "pour"),
    **dict.fromkeys("attend attendent attendait attendaient pense pensait pensent".split(), "à"),
    **dict.fromkeys("met mettait mettent mis".split(), "avant"), **dict.fromkeys(IDIOMS, "")}
WAITING = frozenset("attend attendent attendait attendaient".split())  # *s’attend à 12* foresees
GOING = frozenset("va vont allait allaient".split())  # *va jusqu’à 12*
LETTING = frozenset("entendre filtrer fuiter supposer".split())  # after *laisser*
STAYING = frozenset("attend attendent attendait attendaient "
                    "est était sont étaient reste restait resté restée restés arrête arrêtait arrêtent arrêté "
                    "arrêtée".split())  # only with *en* or *s’*
ASIDE = frozenset("(–—,")
DONE = ("donn", "accus", "livr", "port", "prêt", "laiss", "envoy", "accord", "attribu",
        "retrouv")  # *on m’a donné 12 hommes* cites nobody
COMES_FROM = frozenset("venait venaient provenait émanait "
                       "est sont vient viennent émane émanent provient proviennent".split())
ORIGINS = COMES_FROM - BE | frozenset("celui celle ceux celles".split())  # *ce chiffre vient de X, est celui de X*
TAKING = frozenset("ce cet cette ces le la les un une".split())  # before the noun that takes a figure up
MEETING = ("parl", "inquiét", "inquièt", "répond")  # *parle à 12 captifs, s’inquiète pour 12 captifs*: acts
MET = frozenset("à avec pour".split())
FALLEN = frozenset("morts morte mortes mort tués tuées blessés blessées victimes disparus disparues décès".split())
JOINING = frozenset("comme ni ou ainsi tout".split())  # between two subjects, beside *et*
CLOSING = frozenset('»”"')
INCISED = frozenset(",»”")
PAUSES = frozenset(",;:.")
CLAUSE_ENDS = frozenset("; : . ! ? …".split())
BRINGING = ("ramen", "ramèn", "livr", "présent", "rend", "abaiss", "rehauss", "révis", "rédui", "limit", "born",
            "écart", "rejet", "balay", "balai", "arrêt", "tien", "tena", "hiss",
            "plafonn")  # marks with a tally or *à 12* only
SOLEMN = ("revendiqu", "proclam", "dénonc", "condamn")  # acts with an event as object
TOLD = frozenset("nous m’ me vous leur lui".split())  # *on nous parle de 12 morts* cites others
ONE = frozenset("un une des".split())
OF_PLACES = TALLIES | frozenset("propagande chancellerie diplomatie porte-parole "
                                "côté".split())  # nouns whose place is the source
CLAUSE_OPENING = frozenset(", ; : « et mais que qu’ –".split())
PLACING = OF | frozenset("à au aux en dans sur vers depuis chez entre près".split())
ENDING = frozenset("finira finirent finiront borné borne bornent bornait fini finit finissent contenté contente "
                   "contentent contentait limité "
                   "limite limitent hasarde risque contraint contrainte contraints forcé forcée forcés obligé obligée "
                   "obligés consent consenti accepte jusqu’ hésite hésitent persiste persistent persistait "
                   "obstine obstinent entête entêtent risquent risqué résout résolu résigne résigné continue "
                   "continuent continuait cesse cessent empresse empressé consentait consentent tient tenu vient "
                   "viennent venait douleur".split())  # before *à, par, de* and a verb
RELATIVE = frozenset("qui lequel laquelle lesquels lesquelles dont mère père".split())
CLAUSES = frozenset("tandis alors quand lorsque lorsqu’".split())  # that end what a mark before them holds
ACCUSING = ("accus", "soupçonn", "suspect", "crédit")  # *accusé par X d’avoir tué 12*
COUNTED_BY = tuple("dénonc mentionn rapport reconnu admis annonc confirm évoqu avanc "
                   "revendiqu communiqu publi diffus fourn".split())  # participles that *par* makes marks
INDEFINITE = (["un"], ["une"], ["des"], ["ce"], ["cette"])
POSSESSIVES = frozenset("son sa ses leur leurs".split())
NOUNS_TOO = frozenset("communiqué communiqués limite "
                      "limites borne bornes catalogue catalogues demande chiffre chiffres compte comptes "
                      "liste listes note notes porte portes montre rapport poste "
                      "postes livre cite fait table observe présente présent appelle calcul recense dires décompte "
                      "décomptes arrêté juge juges commandant commandants signal tranche lance pense parti "
                      "partis".split())
BEFORE_VERB = BETWEEN - {"le", "l’"} | WEAK | frozenset([*",;)^»—–", "et", "qui", "puis", "que", "comme"])
ACTS = frozenset("portant porterait porteraient aligné alignés alignèrent aligna réclame réclament réclamait "
                 "réclamaient réclama "
                 "reste restait promet promis promettait cède lit aligne alignent alignait "
                 "retrouvé retrouve retrouvèrent commandé montre montré montrait montraient exhibe exhibé exhibent "
                 "exhibait exhibaient "
                 "diffuse diffusé craint "
                 "maintient comptant retenu retenus livrés arrêtés arrêtée arrêtées commandait commande "
                 "commandent redouté redoute invoquait invoquaient invoque alerte lâché".split())
STATES = frozenset("état savoir valoir part mention remarquer observer noter connaître remonter circuler "
                   "entendre apparaître".split())  # after *faire*
AFTER_VERB = frozenset("que qu’ avoir être n’ ne à de d’ : « “ pour sans en s’ y en".split())
LINE_OPENING = frozenset("-–—•*·«")
TIME_CLOSING = frozenset(",–—-")
CREDITED = ("en avant", "à son actif", "à leur actif", "à son crédit", "à son compte", "en doute", "en cause")
AT_HOME = frozenset("chez côté à au aux dans auprès du".split())  # *chez X, on parle de*
HEARD = frozenset("appris apprend-on apprenait-on confirmé indiqué".split())
MODAL: dict[str, tuple[str, ...]] = {  # before an infinitive, with the classes that it makes marks
    **dict.fromkeys("pu peut peuvent put purent pouvait pouvoir".split(), ("count", "say", "admit")),
    **dict.fromkeys("doit doivent devait devaient dut durent dû".split(), ("admit",)),
    "beau": ("say", "count", "admit"),
    **dict.fromkeys("préfère préfèrent préférait".split(), ("say", "count")),
    **dict.fromkeys("veut veulent voulait".split(), ("say", "voice"))}
AFTERWARDS = frozenset("maintenant encore aussi ensuite déjà aujourd’hui enfin".split())  # after an inverted verb
GIVEN_TO = frozenset("à au aux".split())
THROUGH = frozenset("sur dans devant via par au aux chez".split())  # *jure sur X que …*: the medium, no subject
BEFORE_VOICE = HAVE | frozenset("s’ se l’ m’ me nous lui leur ne n’ y aussitôt encore alors ainsi".split())
AFTER_QUOTE = frozenset("de entre contre est sont était étaient une cette la sa ma quatre comme outre et fait même "
                        "toute "
                        "telle mise faite dite prise autre date note liste phrase formule comment vraiment".split())
VERBAL = ("e", "a", "ent", "ait", "aient", "it", "irent", "èrent", "ut", "t-il", "t-elle", "e-t-on")
QUOTES = frozenset("«»“”\"")
QUOTING = frozenset('«“"')
BEFORE_QUOTE = frozenset([*":,;.!?…—–-", ""])
ONES = frozenset("celui celle ceux que qu’".split())
ELIDED_TO = ELIDED | frozenset("que qu’ celui celle ceux lui elle en y n’ ne pas seulement".split())
GOING_ON = ("ajout", "poursui", "précis", "complét", "conclu", "renchéri", "insist", "enchaîn")  # the last who spoke
TALLYING = frozenset("réaction tweet tweets post publication billet infographie "
                     "version versions comptage recensement inventaire évaluation évaluations chiffrage pointage "
                     "comptabilité calcul relevé relevés fichier thèse annonce annonces réponse démenti témoignage "
                     "déposition aveux télégramme télégrammes dépêche câble lettre lettres mémorandum étude "
                     "dossier tract brochure mémoire compteur compteurs constat constatations audit "
                     "procès-verbal compte-rendu archives carnet carnets cahier cahiers rapports bulletins bilans "
                     "décomptes recensements témoignages investigations verdict".split())  # as RECORDS
RECORDING = RECORDS | TALLYING
NEW_CLAUSE = DETERMINERS | frozenset("il elle ils elles on ce c’ dans à au aux".split())  # after a relative’s comma
TELLING = frozenset("que qu’ : « “ \" comment combien avoir être".split())
CONTRASTING = frozenset("ne plus moins autre autres tel tels".split())  # before a *que* that opens no speech
SURE = frozenset("silence démord tweet exprimer exprimé exprime alarme "
                 "prudent prudente prudents prudentes catégorique catégoriques formel formelle formels "
                 "formelles précis précise pessimiste pessimistes optimiste optimistes mesuré mesurée clair "
                 "claire pudique pudiques affirmatif affirmative sévère modeste loquace bavard bavarde direct "
                 "directe haut bas loin tranchant tranchante".split())  # *l’ONU se montre plus prudente : 12 morts*
WITH = frozenset("entouré entourée flanqué flanquée escorté accompagné accompagnée".split())
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
