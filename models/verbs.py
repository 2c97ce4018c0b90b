"""Which words are finite verbs: by their endings, by their stems, and where a form is a noun too, by the word before.

The stems are those of the verbs in -er that reports of war use; of the others the forms are listed.
"""

from __future__ import annotations

import re
from functools import lru_cache

STEMS = frozenset(
    "abaiss abandonn abord abrit accapar accept accompagn accord accus accumul achemin achev activ administr "
    "adopt adress affect affich affirm afflu affront agress aid align aliment allong allum amass amen amèn amput "
    "anim annex annonc annul appell appliqu apport approch approuv approvisionn arrach arriv aspir assassin "
    "assièg assist associ assum assur attaqu attach attest attir attrist attribu augment autoris avanc avoisin "
    "avou balay barr bascul bless bloqu bombard bombe borde bouch boucl bouscul bris brûl cach caus cess chang "
    "chass chiffr circul cit clam comba combl commenc command communiqu compar complèt comport compt concentr "
    "concern concèd condamn confi confirm conserv consist constat constitu consult contest contract contrast "
    "contrôl convoqu coul coup coût creus croul culmin cumul débarqu débord décapit décèd décid décim déclar "
    "déclench décol défil dégag dégénèr délivr délog demand demeur dénonc dénombr dépass dépêch déplac déplor "
    "déploi déploy dépos dérob désert désign détach détaill détourn devanc dévast dévor diffus diminu dirig "
    "dispers dispos distribu domin donn doubl dress dur échang échapp échou éclat écrous écroul effectu effondr "
    "élev élèv élimin embarqu embras emmen emmèn empar empêch emploi emport encercl encaiss endommag endur engag "
    "englob enlèv enlev enlis enregistr enrôl entass enterr entour entraîn envoi épargn épuis équip err escort "
    "espèr essuy essui estim estropi étal évacu évalu évit évolu évoqu excèd exécut exerc exfiltr exhib exig "
    "exist expir explos expliqu expuls fabriqu fauch figur financ fix forc form foul frapp frôl fusill gagn gard "
    "gouvern grimp grond hant harcèl héberg hésit hiss hospitalis ignor immobilis impliqu import impos imput "
    "incendi incit indiqu infiltr inflig inform inhum inspect install instaur instru intensifi intercept interrog "
    "jalonn jett jet jug jur laiss lanc libèr livr log lou maintien manifest manqu marqu mass massacr men mèn "
    "menac mérit mesur milit minimis mobilis mont montr moqu multipli neutralis nécessit nomm noy noi observ "
    "occup opèr oppos orchestr ordonn organis oubli parl particip pass patrouill pay pénètr pens persist peupl "
    "pilonn pilot plac plong point port pos possèd pourchass pouss précis préfèr prépar présent préserv press "
    "prétext priv procèd proclam profit progress prolong promèn prononc propag protèg prouv provoqu publi "
    "pulvéris racont raccompagn ramass ramèn rapatri rappell rapport rassembl ravag ravitaill rebrouss recens "
    "réclam récolt recrut recul récupèr redoubl redout refus regagn regard regroup regrett rejett relâch relat "
    "relay relèv remont remplac remport rencontr renferm renforc renonc rentr renvers renvoi repouss repêch repos "
    "représent réquisitionn résist respect ressembl restitu resserr rest résum retir retomb retourn retrouv révèl "
    "revendiqu ripost rôd roul saccag sacrifi salu sauv saut séjourn sembl sépar sign signal soign somm soulèv "
    "souhait souffl soulign soupçonn stationn stopp subsist succomb suffoqu suggèr supprim surplomb surpass "
    "surveill tabl tard témoign tent termin tir tolèr tomb totalis touch tourn traîn trait tranch transfèr "
    "transform transit transport travers trembl trouv tu us vacill vari veill vers vis visit viv vol vot arrêt "
    "ajout attard calcul précèd rejoign entr continu arrond titr accueill recueill cueill assaill ouvr offr "
    "souffr couvr découvr recouvr rouvr alarm estimen ferm arm exprim consum enflamm consomm embaum renomm abond "
    "abus accabl acclam accoud accroch accèd accéd accélèr accélér achet achèt acquitt actionn adapt addition "
    "admir ador affaibl affam affol agac agenouill aggrav agit ajust alloc allou allègu allégu altern amarr "
    "ambitionn amorc amplifi amus amélior améliér aménag ancr annot anticip apais apostroph appos appréci appui "
    "appuy argument arpent arrang articul assembl assimil assourd assèn attrap auditionn avis badigeonn bafou "
    "baign baiss bann basculer batail bavard berc blind blâm bonifi botte boulevers bourr brad bricol brigu brill "
    "brod bross brouill broy bruss bégay bénéfici bétonn camoufl camp capitul caracol caress cartonn cass caution "
    "cern chancel chant charri chauff chemin cherch chevauch chich choqu chuchot chôm cisaill claqu clign "
    "cloisonn clou cloîtr coalis cogn coiff coinc coll collabor collect collectionn colmat colonis comment "
    "commémor compens compil compliqu complot concili concurrenc condens confectionn confess configur confisqu "
    "confront conjur consacr conseill consol consolid conspir contact contamin contempl conten contourn contrari "
    "contrebalanc contribu converg convers convoi convoit coopér coordonn copi couch courb couronn crach craqu "
    "crev cri cristallis crois croqu crèv crépit cultiv célèbr célébr côtoi côtoy devin diagnostiqu dict diffèr "
    "différenci diger dilapid discut dissimul dissip dissoc divis divulgu document dot dragu drain dynamit déball "
    "débat débloqu débouch débrouill début décharg déchiffr déchiqut déchir déclass déclin décolor déconseill "
    "décor décroch décrypt dédommag défavoris défigur dégrad déguis déjeun déjou délaiss délibér délimit démarr "
    "démasqu démissionn démobilis démol démont démontr dénigr dénou dépann déport dépouill déracin dérap dériv "
    "dérog désamorc désapprouv désarm désavou désespèr désespér désob détect détest dévalis dévisag dévoil dévou "
    "effac effar effleur effray empiet empil empiét empoign empoisonn emprisonn emprunt encadr enchaîn encourag "
    "endeuill endoss enferm enfil enfl enfonc engendr enjamb enrag ensanglant enseign entam enthousiasm entrav "
    "envelopp envisag envol escalad escamot escompt esquiss esquiv essai essay exacerb exagèr exagér examin "
    "exaspèr excit exclam excus exhort exhum exil exonér exploit explor export expédi expériment extermin extorqu "
    "fabul facilit falsifi familiaris fascin fatigu favoris façonn feign feuillet filtr flamb flirt fluctu flân "
    "flétr foc focalis foment fond fouett fouill frissonn frustr fréquent fum fusionn fustig fâch fédèr galop "
    "galvanis garant garn gaspill gicl glan glorifi goût graci gracil gratt greff griff grignot grimac grogn grêl "
    "guett guillotin gâch gèr généralis gér gên habill habit habitu handicap harangu haras hasard heurt honor "
    "horrifi humili hurl hypothèqu hérit héroïs identifi illustr imagin imit immol implant implor importun "
    "impressionn improvis inaugur incarcèr incarcér incarn inclin incorpor inculp indemnis indign industrialis "
    "infect infest influenc ingurgit inhal initi injuri inond insinu insist inspir insult intent interpell "
    "interprét intim intimid intoxiqu intègr intégr invit invoqu irrit isol jalous jonch jou jouxt jubil juron "
    "justifi labour lacér lament lapid largu lass lav lessiv limit limog liquid lynch lâch légalis légu machin "
    "magouill manag mang manipul manoeuvr maquill maraud march marginalis martyris masqu matraqu mendi mentionn "
    "migr minor mitraill modernis modifi modèl modér moissonn monopolis motiv mouill murmur mutil mystifi mâch "
    "médiat médit mépris mêl narr navigu nettoi nettoy nich nivel normalis nou nourri nuanc numérot négli néglig "
    "négoci obliqu oblitèr obsed obtempér occasion octroi octroy offusqu opin oppress opt orn oscill outrag paci "
    "pacifi palab parachut paralys pardonn parqu parrain partag passionn patronn peaufin peinn pench perc perch "
    "perdur perfectionn perfor perpétu perquisitionn personnifi persuad persécut persévèr perturb pes pest pill "
    "piment pinç piqu pivot piétin plaid plaisant plan plant plastiqu pleur pli poignard pollu pond postul "
    "poursuiv prati pratiqu privilégi procur prohib projett prolifèr promulgu propos prospèr prostern provision "
    "préconis prédomin préexist préfigur prélev prélèv pès pédal quadrill qualifi questionn quitt racl raffin rag "
    "raid raill raisonn ralli rallum rang ranim rançonn rapproch raréfi ras rass rassur rationn rattach rattrap "
    "ray rebapt rebaptis rebut recal recel recherch recoll reconstitu recoup rectifi recèl redress reform refoul "
    "rejou relanc relègu relég remani rembarqu rembours remerci remu renseign rentabilis replac repli reprim "
    "requalifi respir responsabilis ressass ressuscit restaur restructur retard retent retrac retranch revalid "
    "revalu revend ridiculis rigol rim rinç risqu ritualis romp ronfl rong rouspét ruin ruisel ruissel râl règn "
    "réactiv réaffirm réalis récidiv récompens réconcili réconfort récus rédig réexamin réfect réform réfugi "
    "réfut régal régl régn régress régénèr réhabilit réintègr réitèr réorganis répar répercut répliqu réplique "
    "réprim réprouv répudi répugn résid résili résonn résorb résult rétrograd réunifi réutilis révalu révis "
    "révolt révolutionn réédit rôt sabot sacr saign sal salari sanctionn sangl sanglot sap satisfais sauvegard "
    "scand scandalis scell scrut sculpt secou sem sensibilis serr sev sidèr siffl signifi sillonn simplifi simul "
    "singularis situ siège siég solidaris sollicit sommeil sommeill sond sonn soupir spécialis spécifi spécul "
    "squatt stagn stigmatis stimul stipul strangul structur subjugu sublim submerg subordonn subventionn succèd "
    "surclass surmont surnag surnomm sursaut survol symbolis sympathis syndiqu synthétis sèm sèvr sécuris sédent "
    "sélectionn séquestr tabass tach taill talonn tambourin taqu tarif tax taxe temporis tempér terrass terroris "
    "test tiss titub toilett tolér toss tourbillonn tourment touss tracass trafiqu train transgress transpir "
    "transplant traqu traumatis travail travaill tress tri trich trimbal triomph tripot tromp tronqu troqu trott "
    "troubl trucid trébuch tuméfi tutoi tâch tât télécharg téléguid ulcèr unifi urbanis utilis vaccin vagabond "
    "valid valoris vandalis vant vaporis vendang veng ventil verbalis verrouill vex vibr vilipend viol virevolt "
    "visionn visualis vitupèr vivot vocifèr voil voltig vouvoi vrill végèt zigzagu ébauch ébranl écart échelonn "
    "éclair écop écoul écout écras écri écum édifi éduqu égal égar égorg égren élabor élanc électris éloign émerg "
    "émiett émigr émouss énerv éparpill épel épingl épous éprouv érig établ étay éternis étiquet étir étonn "
    "étouff étrangl éveill évent".split())
FORMS = frozenset(
    "est sont a ont était étaient avait avaient fut furent sera seront aura auront eut eurent fait font va vont peut "
    "peuvent doit doivent vient viennent tient tiennent reste restent il elle ils on je j’ qui qu’il qu’elle s’est "
    "c’est n’est n’a n’ont n’avait manque manquent compte comptent attend attendent vit vivent dort dorment part "
    "partent "
    "prend prennent met mettent meurt meurent perd perdent dit disent voit voient sait savent veut veulent devient "
    "sort sortent suit suivent arrive porte porta montre garde laisse passe tombe touche occupe demeure tue blesse "
    "avons sommes avez êtes ai suis étais avais avions étions aviez étiez faut vaut vaudrait croit croient lit lisent "
    "boit rend rendent vend "
    "tend descend défend répond dépend suspend étend entend prétend fend pend repart ressort sert sent ment fuit "
    "enfuit court courent secourt accourt accourent parcourt combat combattent abat bat battent survit connaît "
    "connait "
    "connaissent reconnaît paraît paraissent disparaît disparaissent apparaît apparaissent reçoit reçoivent aperçoit "
    "perçoit conçoit déçoit dément plaît naît s’agit agit réagit périt périssent saisit saisissent finit finissent "
    "fournit envahit subit subissent réussit grandit grossit vieillit faiblit rougit mûrit jaillit surgit bondit "
    "retient retiennent obtient contient maintient soutient détient détiennent appartient revient revient parvient "
    "survient intervient convient provient souvient comprend apprend surprend reprend entreprend permet remet promet "
    "soumet admet omet transmet commet rompt interrompt conclut exclut meut émeut pleut peine "
    "fit prit mit dut put vit eut perdit tint vint rendit sut voulut fallut valut crut plut tut parut disparut "
    "apparut connut reconnut vécut survécut mourut courut parcourut secourut reçut aperçut retint obtint maintint "
    "contint soutint détint appartint revint devint parvint survint intervint naquit vainquit conquit craignit "
    "atteignit éteignit rejoignit joignit plaignit écrivit inscrivit suivit poursuivit servit partit repartit sortit "
    "sentit dormit ouvrit offrit souffrit couvrit découvrit défendit descendit répondit attendit entendit vendit "
    "tendit combattit battit abattit détruisit réduisit conduisit produisit construisit surprit reprit apprit "
    "comprit remit permit promit admit transmit commit revit".split())
ENDINGS = ("ait", "aient", "èrent", "irent", "urent", "inrent", "era", "eront", "ira", "iront", "ent", "ât",
           "dra", "vra", "rra", "dront", "vront", "rront")
NOUNS = frozenset(
    "cent vent souvent argent président incident accident agent client patient continent récent récente absent "
    "présent content innocent urgent différent précédent suivent orient occident dent lent parent excellent "
    "équivalent talent contingent adolescent imminent permanent violent trait lait fait portrait retrait extrait "
    "souhait parfait ukraient opéra caméra choléra accent adhérent affluent apparent ardent auvent belligérent "
    "compétent conscient conséquent convalescent convergent couvent décent déficient divergent docent délinquent "
    "éloquent éminent évident excédent fervent fréquent impatient imprudent inconscient indifférent influent "
    "ingrédient intelligent mécontent négligent opulent paravent pénitent pertinent prudent récipient régent "
    "résident dissident sergent serpent strident torrent transparent turbulent abstrait attrait bienfait forfait "
    "méfait imparfait distrait stupéfait satisfait dégât mât appât cohérent confluent émergent équivalent "
    "grand-parent beau-parent non-combattent".split())
NOUNS_TOO = frozenset("porte garde passe touche reste peine part fait compte ment marche".split())
BEFORE_NOUN = frozenset("un une des du le la les l’ au aux ce cet cette ces son sa ses leur leurs notre nos de d’ à "
                        "par avec pour sans sous sur chaque quelque quelques plusieurs tout toute même mi "
                        "demi".split())
PRONOUN = re.compile(r"-(?:t-)?(?:ils?|elles?|on)$|(?:ons|ez)-(?:y|en|les?|la|nous|vous|moi)$")
OPENING = frozenset("^ : ; . ( « – — - / +".split())  # a form in -e after one of these is a noun

# Verbs that make a mark beside those of VERBS, on which other features rest; class `voice`: inverted or with *que*.
MORE = {
    "claim": "reproch soupconn assum",
    "say": "télégraphi câbl décri additionn attest réfut récus réitèr réitér relat narr prophétis "
           "énonc recoup recompt object allègu allégu spécifi stipul divulgu dévoil ébruit insinu notifi dramatis "
           "minimis trompett recalcul",
    "count": "décompt crédit complét distingu chronomètr comptabilis recompt additionn quantifi gonfl réévalu "
             "sous-évalu surévalu sous-estim surestim cumul abaiss rehauss révis réajust homologu authentifi "
             "cartographi catalogu compil agrég extrapol approxim minor major escompt jaug hiss égrèn égren "
             "énumèr limit born écart rejett balay balai",
    "voice": "réjoui rassur soupir lanc tempèr tempér tranch protest risqu hasard grond marmonn bougonn grogn "
             "maugré ripost réagi relativis pronostiqu suppos pens imagin considèr considér comment raill plaisant "
             "souri agac insurg énerv articul balbuti bredouill sanglot hurl enchaîn récapitul synthétis "
             "garanti twitt tweet exclam étonn interrog désol supput spécul jug "
             "conjectur ricann persifl fulmin vitupèr pest ferraill philosoph déclam grinc lament emport titr "
             "éruct vocifér vocifèr marmott ânonn bafouill bégay bégai chevrot ergot gouaill hoquet jubil maronn "
             "modér modèr moqu opin péror pleurnich ponctu pontifi prêch profèr préconis questionn "
             "rabâch recadr regimb ressass rigol rouspét rouspèt sermonn siffl stigmatis susurr temporis trépign "
             "triomph exhort implor suppli théoris détromp désapprouv épilogu fanfaronn justifi pavois plastronn "
             "insinu récri désespèr félicit offusqu scandalis émeu épouvant étrangl esclaff "
             "impatient irrit défauss excus emball enflamm enthousiasm alarm attrist émerveill "
             "apitoi apitoy navr catastroph déplor mart martel assomm cingl tacl persist insist revendiqu "
             "not résign propos expos rappel enrag crach jett confess rembarr rabrou amus"}
IRREGULAR = """say dit disent dis dit dirent dir dit
say redit redisent redis redit redirent redir redit
say contredit contredisent contredis contredit contredirent contredir contredit
say écrit écrivent écriv écrivit écrivirent écrir écrit
say décrit décrivent décriv décrivit décrivirent décrir décrit
count inscrit inscrivent inscriv inscrivit inscrivirent inscrir inscrit
say prétend prétendent prétend prétendit prétendirent prétendr prétendu
say soutient soutiennent souten soutint soutinrent soutiendr soutenu
say maintient maintiennent mainten maintint maintinrent maintiendr maintenu
say prévient préviennent préven prévint prévinrent préviendr prévenu
admit convient conviennent conven convint convinrent conviendr convenu
voice poursuit poursuivent poursuiv poursuivit poursuivirent poursuivr poursuivi
say conclut concluent conclu conclut conclurent conclur conclu
voice reprend reprennent repren reprit reprirent reprendr reprend
say répond répondent répond répondit répondirent répondr répondu
voice apprend apprennent appren apprit apprirent apprendr appris
say dément démentent dément démentit démentirent démentir démenti
say avertit avertissent avertiss avertit avertirent avertir averti
admit admet admettent admett admit admirent admettr admis
admit reconnaît reconnaissent reconnaiss reconnut reconnurent reconnaîtr reconnu
count établit établissent établiss établit établirent établir établi
voice renchérit renchérissent renchériss renchérit renchérirent renchérir renchéri
voice surenchérit surenchérissent surenchériss surenchérit surenchérirent surenchérir surenchéri
voice réjouit réjouissent réjouiss réjouit réjouirent réjouir réjoui
voice réagit réagissent réagiss réagit réagirent réagir réagi
voice sourit sourient souri sourit sourirent sourir sourit
voice plaint plaignent plaign plaignit plaignirent plaindr plaint
voice garantit garantissent garantiss garantit garantirent garantir garanti
say souvient souviennent souven souvint souvinrent souviendr souvenu
voice gémit gémissent gémiss gémit gémirent gémir gémi
voice glapit glapissent glapiss glapit glapirent glapir glapi
voice rugit rugissent rugiss rugit rugirent rugir rugi
voice répartit répartissent répartiss répartit répartirent répartir réparti
voice défend défendent défend défendit défendirent défendr défendu
voice attendrit attendrissent attendriss attendrit attendrirent attendrir attendri
voice compatit compatissent compatiss compatit compatirent compatir compati
voice rit rient ri rit rirent rir ri
voice émeut émeuvent émouv émut émurent émouvr ému
count réduit réduisent réduis réduisit réduisirent réduir réduit
voice croit croient croy crut crurent croir cru"""


BARS = frozenset("barre curseur seuil plancher plafond bilan total chiffre chiffres compte addition nombre".split())
LISTS = frozenset("liste listes décompte registre inventaire recensement fichier état relevé relevés".split())
PUBLIC = frozenset("conclusions verdict public publics publique publiques compte".split())
IDIOMS = {form: (words, link) for forms, words, link in (  # verbs that count by one of the words after them
    ("place placent plaçait plaçaient placé plaça place-t-il place-t-elle", BARS, "à"),
    ("pousse poussent poussait poussé fait font faisait", BARS, "à"),
    ("revu revoit revoient revoyait", BARS, "à"),
    ("dispose disposent disposait disposaient possède possèdent détient détiennent", LISTS, "de"),
    ("trouvé trouve trouvent trouvait trouva", frozenset(), "en"),
    ("rend rendent rendait rendu rendus rendue rendit", PUBLIC, "")) for form in forms.split()}
OBJECT = frozenset("les la l’ son sa ses leur leurs".split())  # articles after a verb
LINKS = frozenset("la sa ma "
                  "contre entre outre comme même toute toutes encore quatre onze douze treize quatorze quinze seize "
                  "trente "
                  "quarante cinquante soixante mille malgre autre une cette quelque notre votre hormis dimanche elle "
                  "elle-même lui-même ensuite presque lorsque puisque parce que jusque telle triple double grave "
                  "semaine".split())


@lru_cache(maxsize=8192)
def finite(word: str, before: str = "^", after: str = "") -> bool:
    """Whether a word is likely a finite verb; `before` tells the forms in -e and -a that are nouns too.

    A word in -e right before an article is one whatever it means: *hausse les épaules*.

    >>> finite("furent"), finite("mobilise", "force"), finite("marche", "une"), finite("tuera"), finite("seulement")
    (True, True, False, True, False)
    """
    if word in FORMS:
        return word not in NOUNS_TOO or before not in BEFORE_NOUN and before != "^"
    if word == "entre":
        return before in ("n’", "s’", "qui", "il", "elle", "y")
    if word.endswith("e") and word[:-1] in STEMS:
        return before not in BEFORE_NOUN and before not in OPENING
    if word.endswith(("e", "a")) and after in OBJECT and before not in BEFORE_NOUN and before not in OPENING and (
            word not in LINKS):
        return True
    if word.endswith(("ent", "a")) and word.removesuffix("ent").removesuffix("a") in STEMS:
        return True
    if "-" in word and PRONOUN.search(word):
        return True
    return word.endswith(ENDINGS) and word not in NOUNS and not word.endswith("ment")
