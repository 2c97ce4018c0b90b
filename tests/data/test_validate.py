"""The rules of the guide: for each a line that it catches and one that it must not catch."""

import json
from pathlib import Path

import pytest
import typer
from bilan.data import Document, Span, inspection, read
from bilan.data.formats import markup
from bilan.data.labels import LABELS
from bilan.data.mentions import line_of
from bilan.data.validate import CHECKED, Problem, validate
from bilan.data.wording import begins_sentence
from typer.testing import CliRunner

from ..shared import ROOT

META = {"title": "T", "genre": "brève", "conflict": "Divers", "date": "2025-02-07"}

# rule, a line that breaks it (the mention that is told after `→`), a line that does not
LINES = [
    ("label", "[Kiev](GPE) brûle → Kiev", "[Kiev](LOC) brûle"),
    ("overlap", "[aéroport de [Goma](LOC)](SITE) → Goma", "[aéroport de Goma](SITE) et [Goma](LOC)"),
    ("determiner", "[l’armée russe](FORCE) → l’armée russe", "l’[armée russe](FORCE)"),
    ("determiner", "[La veille](DATE), tout brûlait → La veille", "[ces derniers jours](DATE)"),
    ("determiner", "[La Russie](LOC) nie → La Russie", "à [La Haye](LOC), à [Le Bourg](LOC)"),
    ("determiner", "« [Le caporal](FORCE) tire » → Le caporal", "[Le Caire](LOC) nie. « [L’Express](ORG) »"),
    ("determiner", "[les 12](KILLED) morts → les 12", "[une vingtaine](KILLED) de morts, [des mois](DURATION)"),
    ("determiner", "[un soldat](FORCE) → un soldat", "[un](KILLED) mort"),
    ("preposition", "[en décembre](DATE) → en décembre", "en [décembre](DATE)"),
    ("preposition", "[de 400](KILLED) morts → de 400", "[de 400 à 500](KILLED) morts, [à peine 12](KILLED)"),
    ("preposition", "[une dizaine de](KILLED) morts → une dizaine de", "[trente et un](KILLED) morts"),
    ("preposition", "[soldats du](FORCE) Nord → soldats du", "le [matin d’après](DATE), [contre-offensive](EVENT)"),
    ("preposition", "[province du](LOC) Nord → province du", "[Lanao del Sur](LOC), [Kivu-du-Sud](LOC)"),
    ("quotation", "[« Hemetti »](PER) → « Hemetti »", "« [Hemetti](PER) »"),
    ("quotation", "[groupe “Wagner”](FORCE) → groupe “Wagner”", "[groupe](FORCE) “[Wagner](FORCE)”"),
    ("edge", "[Kiev,](LOC) hier → Kiev,", "[Kiev](LOC), hier"),
    ("edge", "à[ Kiev](LOC) → Kiev", "à [Kiev](LOC)"),
    ("edge", "par [– 35 °C,](MEASURE) → – 35 °C,", "par [– 35 °C](MEASURE), [+ de 20 %](MEASURE)"),
    ("cut", "les [soldat](FORCE)s → soldat", "l’[armée](FORCE) de [2025](DATE)."),
    ("cut", "[3](KILLED) 000, puis 1[,5](MEASURE) → ,5", "[1,5](MEASURE)"),
    ("figure", "[plusieurs](KILLED) morts → plusieurs", "[plusieurs dizaines](KILLED) de morts"),
    ("figure", "[12 morts](KILLED) → 12 morts", "[12](KILLED) morts"),
    ("figure", "[20 %](TROOPS) de l’armée → 20 %", "[20 %](MEASURE) de l’armée"),
    ("figure", "[douze villages](MEASURE) → douze villages", "[douze](MEASURE) villages, [30 kilomètres](MEASURE)"),
    ("figure", "[au plus beaucoup](TROOPS) → au plus beaucoup", "[au plus quelques milliers](TROOPS)"),
    ("qualifier", "au moins [12](KILLED) morts → 12", "[au moins 12](KILLED) morts"),
    ("qualifier", "près de [400](KILLED) morts → 400", "un [camp](SITE) près de [Goma](LOC)"),
    ("qualifier", "plus d’[un millier](TROOPS) → un millier", "[plus d’un millier](TROOPS)"),
    ("qualifier", "depuis plus de [six mois](DURATION) → six mois", "depuis [plus de six mois](DURATION)"),
    ("qualifier", "aux alentours\nde [1 100](LOSSES) → 1 100", "Il compte jusqu’à [trois](KILLED)."),
    ("qualifier", "[trois](KILLED), au moins, sont morts → trois", "[trois](KILLED) au plus fort du siège"),
    ("qualifier", "[dix](MATERIEL) à peine volent → dix", "[dix](KILLED), [au moins douze](KILLED)"),
    ("range", "entre [10](KILLED) et [15](KILLED) → 10 et 15", "[entre 10 et 15](KILLED)"),
    ("range", "[12](KILLED) à [15](KILLED) morts → 12 à 15", "passer de [12](TROOPS) à [15](TROOPS)"),
    ("range", "du [4](DATE) au [8 mai](DATE) → 4 au 8 mai", "du [4 au 8 mai](DATE)"),
    ("range", "entre [lundi](DATE) et [jeudi](DATE) → lundi et jeudi", "de [mai](DATE) à [juin](DATE)"),
    ("number", "[12 soldats](FORCE) → 12 soldats", "[3e bataillon](FORCE), [400 Mawozo](FORCE)"),
    ("number", "[trois civils](CIVIL) → trois civils", "[trois](KILLED) [civils](CIVIL), [F-16](WEAPON)"),
    ("title", "[général Syrsky](PER) → général Syrsky", "le général [Syrsky](PER)"),
    ("type", "l’ONG [Acled](ORG) → Acled", "l’[ONG Acled](ORG), une ONG, [Acled](ORG), la chaîne de [Kiev](ORG)"),
    ("type", "l’ONG italienne [Emergency](ORG) → Emergency", "l’ONG « [Emergency](ORG) », les canaux [Telegram](ORG)"),
    ("former", "d’anciens [soldats](FORCE) → soldats", "d’[anciens soldats](FORCE), l’ancien [marché](SITE)"),
    ("maker", "un [drone de fabrication turque](WEAPON) → drone de fabrication turque",
     "un [drone](WEAPON) de fabrication turque"),
    ("alone", "sans [un seul](KILLED) mort → un seul", "[un](KILLED) seul mort en [une seule nuit](DURATION)"),
    ("alone", "[peut-être 200](TROOPS) hommes → peut-être 200", "peut-être [200](TROOPS) hommes"),
    ("built", "leurs [positions](SITE) → positions", "leurs [postes](SITE) et leurs positions"),
    ("built", "le [canal de Suez](SITE) → canal de Suez", "le [canal de Suez](LOC), un [gazoduc](SITE)"),
    ("lost", "perdu [dix](KILLED) [hommes](FORCE) → dix",
     "perdu [dix](LOSSES) [hommes](FORCE), [six](KILLED) [voisins](CIVIL)"),
    ("lost", "perd [une dizaine](KILLED) de [soldats](FORCE), hier → une dizaine",
     "perdu [trois](KILLED) [gendarmes](FORCE), tués par une mine"),
    ("nationality", "l’armée [russe](LOC) → russe", "la [bande de Gaza](LOC), en [Russie](LOC)"),
    ("attribute", "[3](KILLED sûr=non) morts → 3", "[3](KILLED) morts"),
    ("attribute", "[3](MEASURE who=a) [civils](CIVIL id=a) → 3", "[3](KILLED who=a) [civils](CIVIL id=a)"),
    ("relation", "[3](KILLED who=a) morts → 3", "[3](KILLED who=a) [civils](CIVIL id=a)"),
    ("relation", "[3](KILLED who=a) à [Goma](LOC id=a) → 3", "[3](KILLED by=a), dit [Goma](LOC id=a)"),
    ("relation", "[3](KILLED by=a) [mai](DATE id=a) → 3", "[3](KILLED who=\"a b\") [a](CIVIL id=a) [b](CIVIL id=b)"),
    ("identity", "[Goma](LOC id=a) brûle → Goma", "[3](KILLED by=a), dit [Goma](LOC id=a)"),
    ("notation", "[Goma](LOC brûle → [", "(Goma)"),
]


def document(line: str, **changes) -> Document:
    text, spans = markup.parse(line)
    return Document("d", text, tuple(spans), META).replace(**changes)


def broken(made: Document) -> list[tuple[str, str]]:
    """Rule and mention of each finding."""
    return [(rule.name, made.text[found.start:found.end].strip()) for rule in CHECKED for found in rule.find(made)]


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, line, _ in LINES])
def test_a_rule_catches(rule, line):
    line, _, mention = line.partition(" → ")
    assert (rule, mention) in broken(document(line))


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, _, line in LINES])
def test_a_rule_does_not_catch(rule, line):
    assert broken(document(line)) == []


def test_every_rule_has_a_line_that_it_catches():
    assert {rule.name for rule in CHECKED} - {rule for rule, _, _ in LINES} == {"header", "file"}


def test_a_span_in_fragments_is_an_overlap():
    made = Document("d", "bras et jambe", (Span(0, 13, "SITE", fragments=((0, 4), (8, 13))),), META)
    assert ("overlap", "bras et jambe") in broken(made)


def test_a_missing_header_field_is_named():
    (problem,) = validate([Document("d", "a", (), {**META, "genre": "", "conflict": "Mali"})])
    assert (problem.rule, problem.mend) == ("header", "give the header genre")


@pytest.mark.parametrize("written", ["7 février 2025", "2025-02-30", "20250207"])
def test_a_date_that_is_no_day_is_told(written):
    assert [p.rule for p in validate([document("a", meta={**META, "date": written})])] == ["header"]


def test_an_article_is_named_as_its_file():
    assert validate([document("a", source="corpus/d.md")]) == []
    (problem,) = validate([document("a", source="corpus/e.md")])
    assert str(problem) == "corpus/e.md: file: d; name the file d.md, or the article e"


def test_two_documents_with_one_id_are_told_once():
    (problem,) = validate([document("a", source="a.jsonl:1"), document("b", source="a.jsonl:2")])
    assert (problem.rule, problem.mend) == ("document id", "another document has this id: a.jsonl:1")


def test_a_problem_says_line_context_and_mend():
    (problem,) = validate([document("Rien.\nÀ Goma, au moins [12](KILLED) morts.", source="x/d.md")])
    assert problem == Problem("d", 9, "qualifier", "Rien. À Goma, au moins [12] morts.",
                              "take 'au moins' into the span", "x/d.md")


def test_the_line_is_that_of_the_file():
    for made in read(ROOT / "data/corpus"):
        with open(made.source, encoding="utf-8", newline="") as stream:
            lines = stream.read().split("\n")
        last = made.spans[-1]
        assert f"[{made.mention(last).splitlines()[0]}" in lines[(line_of(made, last.start) or 0) - 1]


def test_every_label_of_the_guide_is_known():
    examples = " ".join(f"[{label.example}]({label.name})" for label in LABELS)
    assert "label" not in {rule for rule, _ in broken(document(examples))}


def test_the_corpus_holds_to_the_guide():
    assert [str(problem) for problem in validate(read(ROOT / "data/corpus"))] == []


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `validate` in a folder; exit code and output."""
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(inspection.validate)
    return lambda *arguments: CliRunner().invoke(app, list(arguments), env={"COLUMNS": "60"})


def article(line: str) -> str:
    return markup.render(document(line))


def test_the_command_ends_with_0_when_all_is_well(run):
    Path("d.md").write_text(article("[Goma](LOC)"), encoding="utf-8")
    result = run("d.md")
    assert (result.exit_code, result.output) == (0, "1 documents, 0 problems\n")


def test_the_command_ends_with_1_and_one_line_a_problem(run):
    Path("d.md").write_text(article("à [Goma,](LOC) près de [400](KILLED) morts"), encoding="utf-8")
    result = run("d.md")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "d.md:8: edge: à [Goma,] près de 400 morts; leave , out",
        "d.md:8: qualifier: à Goma, près de [400] morts; take 'près de' into the span",
        "1 documents, 2 problems: edge 1, qualifier 1"]


def test_the_command_prints_json(run):
    Path("d.md").write_text(article("à [Goma,](LOC)"), encoding="utf-8")
    (problem,) = json.loads(run("d.md", "--json").output)
    assert (problem["rule"], problem["line"], problem["document"]) == ("edge", 8, "d")


def test_the_command_lists_the_rules(run):
    rows = (line[1:] for line in run("--rules").output.splitlines()[1:])
    assert [row.split()[0] for row in rows if row[:1].strip()] == [rule.name for rule in CHECKED]


def test_a_very_long_span_is_shown_by_its_ends_where_others_overlap_it():
    text = "a" * 10_000
    document = Document("d", text, (Span(0, 10_000, "SITE"), Span(5, 8, "SITE")), META)
    mends = [problem.mend for problem in validate([document]) if problem.rule == "overlap"]
    assert mends == [f"keep the longest span: it overlaps '{'a' * 64} … {'a' * 32}'"]


@pytest.mark.parametrize(("text", "begins"), [
    ("La Haye", True), ("  La Haye", True), ("Fin. (« La Haye", True), ("Oui :\tLa Haye", True), ("à La Haye", False),
    ("à\nLa Haye", True), ("Kiev, La Haye", False), ("à « La Haye", False)])
def test_where_a_sentence_may_begin_a_capital_tells_nothing(text, begins):
    assert begins_sentence(text, text.index("La")) is begins
