"""Nouns and pronouns that stand for a source, and their gender: tables."""

OFFICES = frozenset("porte-parole responsable responsables cadre cadres représentant représentants commandement "
                    "état-major émissaire émissaires députés officiers dirigeants ministres lieutenants généraux "
                    "élus avocats direction secrétariat bureau service services source "
                    "sources".split())  # that speak for a body
NEAR_ONES = frozenset("proche proches famille fils fille frère frères sœur sœurs mère père parents épouse époux veuve "
                      "mari avocat avocate avocats voisin voisine voisins collègue collègues ami amie amis cousin "
                      "cousins successeur prédécesseur adversaires partisans".split())  # who speak for themselves
OFFICIALS = frozenset("gouverneur gouverneure maire mairesse ministre préfet préfète procureur président évêque "
                      "archevêque "
                      "ambassadeur commissaire coordinateur coordinatrice directeur directrice bourgmestre "
                      "cardinal".split())  # whom their title names
EVIDENCE = frozenset("images clichés photos photographies documents vidéos analyses".split())  # that a body examined
RANKS = frozenset("maréchal général amiral colonel commandant capitaine lieutenant sergent président ministre".split())
TITLES = frozenset("m mm mme dr me mgr col gén st lt cne".split())
PRONOUNS = {"il": "m", "elle": "f", "lui": "m", "celui-ci": "m", "celle-ci": "f", "ils": "p", "elles": "p",
            "eux": "p", "ceux-ci": "p", "celles-ci": "p", "dernier": "m", "dernière": "f", "derniers": "p",
            "dernières": "p", "lui-même": "m", "elle-même": "f", "eux-mêmes": "p", "elles-mêmes": "p", "son": "mfp"}
ORDINALS = {"premier": 0, "première": 0, "premiers": 0, "premières": 0,
            "second": 1, "seconde": 1, "seconds": 1, "secondes": 1}  # *12 pour le premier, 30 pour le second*
STANDS_FOR: dict[str, tuple[str, ...]] = {  # nouns that resume a source, with the labels that it may have
    **dict.fromkeys("ong ministère agence association institution mission présidence plateforme "
                    "collectif commission comité observatoire parquet chancellerie source quotidien journal "
                    "chaîne bureau exécutif service services institut centre syndicat fédération ligue radio "
                    "média site télévision hôpital croissant-rouge croix-rouge instance".split(), ("<ORG>",)),
    **dict.fromkeys("armée mouvement groupe état-major milice force police gendarmerie rébellion organisation "
                    "coalition parti faction formation brigade régiment bataillon junte commandement marine".split(),
                    ("<FORCE>", "<ORG>")),
    **dict.fromkeys("gouverneur maire porte-parole ministre général colonel capitaine commandant médecin "
                    "responsable président préfet procureur chef gradé officier élu député témoin imam directeur "
                    "directrice vieil vieux vieille homme femme avocat avocate chirurgien infirmier infirmière "
                    "pasteur évêque gouverneure chercheur chercheuse militant militante ambassadeur secrétaire "
                    "commandante édile praticien praticienne juriste élue conseiller conseillère diplomate "
                    "journaliste historien historienne chercheure commissaire sergente soignant soignante "
                    "secouriste urgentiste enseignant enseignante instituteur institutrice commerçant commerçante "
                    "sous-officier sergent lieutenant adjudant préfète mairesse magistrat juge expert experte "
                    "négociateur négociatrice dirigeant dirigeante démographe géographe politologue sociologue "
                    "analyste spécialiste statisticien statisticienne archiviste économiste psychologue vétéran "
                    "ethnologue anthropologue légiste archéologue curé prêtre abbé prélat archevêque cardinal "
                    "sœur religieuse rabbin cheikh notable doyen bourgmestre adjoint adjointe inspecteur "
                    "inspectrice enquêteur enquêtrice rapporteur rapporteuse coordinateur coordinatrice délégué "
                    "déléguée logisticien logisticienne ingénieur brancardier ambulancier ambulancière pompier "
                    "pharmacien sage-femme éditorialiste chroniqueur photographe documentariste biographe "
                    "aumônier fossoyeur chauffeur pêcheur berger éleveur paysan paysanne greffier plaignant".split(),
                    ("<PER>", "<CIVIL>"))}
FEMININE = frozenset("armée police gendarmerie milice junte force brigade garde marine onu unesco otan ong cia minusma "
                     "monusco finul présidence agence organisation mission association commission coalition chaîne "
                     "mairie préfecture ligue fédération croix-rouge alliance guérilla rébellion rebelle ua "
                     "cédéao union cour chancellerie banque douane légion équipe unité instance cgt isaf "
                     "fardc".split())
FEMININE_ENDINGS = ("tion", "sion", "ence", "ance", "erie", "ée", "té", "ie", "ure")
MASCULINE = frozenset("ministère gouvernement parquet état-major mouvement groupe régiment bataillon parti front "
                      "conseil comité bureau service institut centre réseau observatoire collectif syndicat hcr "
                      "pentagone kremlin programme haut-commissariat tribunal croissant-rouge commandement "
                      "contingent "
                      "état émirat secrétariat cicr hamas hezbollah pkk m23 jnim gsim fonds journal quotidien site "
                      "porte-parole soldat chef officier médecin témoin secouriste habitant maire".split())
