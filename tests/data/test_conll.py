"""One token a line: CoNLL-2003, CoNLL-U Plus, HIPE TSV, spaCy's one sentence a line."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import conll, detect, read
from bilan.data.formats.conll import render
from bilan.data.formats.schemes import SCHEMES
from bilan.data.report import Report
from hypothesis import given
from hypothesis import strategies as st

from ..shared import SHARED
from ..strategies import documents

NAMED = "# global.columns = ID FORM NE\n"
REAL = SHARED / "formats"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the shared real files are not beside the checkout")


@pytest.fixture
def parsed(tmp_path):
    """The function that reads one file from its content."""
    def of(content: str, *, report: Report | None = None, **options) -> list[Document]:
        (tmp_path / "d.conll").write_bytes(content.encode())
        return list(conll.read(tmp_path / "d.conll", report=report or Report(), **options))
    return of


def mentions(document: Document) -> list[tuple[str, str]]:
    return [(document.mention(span), span.label) for span in document.spans]


def test_tokens_make_sentences_and_sentences_a_text(parsed):
    [document] = parsed("à O\nKiev B-LOC\n\nPoutine B-PER\nparle O\n")
    assert document == Document("d", "à Kiev\nPoutine parle", (Span(2, 6, "LOC"), Span(7, 14, "PER")))


def test_the_last_of_the_columns_of_conll_2003_holds_the_entities(parsed):
    [document] = parsed("L' DET B-NP O\narmée NOUN I-NP B-FORCE\nrusse ADJ I-NP I-FORCE\n")
    assert mentions(document) == [("armée russe", "FORCE")]


def test_docstart_parts_documents(parsed):
    mark = "-DOCSTART- -X- O O\n\n"
    first, second = parsed(f"{mark}Kiev P B-NP B-LOC\n\n{mark}Goma P B-NP B-LOC\n")
    assert (first.id, first.text, second.id, second.text) == ("d-0001", "Kiev", "d-0002", "Goma")


def test_a_name_in_docstart_is_kept(parsed):
    assert parsed("-DOCSTART- (1 EU)\tO\n\nKiev\tB-LOC\n")[0].meta == {"docstart": "1 EU"}


def test_the_scheme_is_told_and_what_it_does_not_allow_too(parsed):
    report = Report()
    parsed("B-LOC B-LOC\nI I-LOC\nà O\nx I-PER\nà O\nb B-PER\n", report=report)
    assert report.counts == {"scheme: IOB2": 1, "mended: tags that IOB2 does not allow": 1}


def test_a_mention_does_not_go_on_in_the_next_sentence(parsed):
    assert len(parsed("Kiev I-LOC\n\nGoma I-LOC\n")[0].spans) == 2


def test_no_break_spaces_stay_in_their_token(parsed):
    [document] = parsed("3\u00a0000 B-LOSSES\nmorts O\n")
    assert mentions(document) == [("3\u00a0000", "LOSSES")]


def test_a_hash_may_be_a_token(parsed):
    [document] = parsed("# O\nKiev B-LOC\n# commentaire de deux mots\n")
    assert document.text == "# Kiev"


def test_columns_are_found_by_name(parsed):
    header = "# global.columns = ID FORM UPOS MISC NE\n# newdoc id = x\n"
    [document] = parsed(f"{header}1\tl’\tDET\tSpaceAfter=No\tO\n2\tarmée\tNOUN\t_\tB-FORCE\n")
    assert document == Document("x", "l’armée", (Span(2, 7, "FORCE"),))


def test_the_text_of_a_sentence_is_that_of_its_comment(parsed):
    content = "# text = l’armée  russe\n1\tl’\t*\n2\tarmée\t1:FORCE\n3\trusse\t1\n"
    [document] = parsed(NAMED + content)
    assert document.text == "l’armée  russe" and mentions(document) == [("armée  russe", "FORCE")]


def test_two_words_share_the_form_that_a_range_gives_them(parsed):
    content = "1\tprès\tO\n2-3\tdu\t_\n2\tde\tO\n3\tle\tB-LOC\n3.1\tx\t_\n4\tDonbass\tI-LOC\n"
    [document] = parsed(NAMED + content)
    assert document.text == "près du Donbass" and mentions(document) == [("du Donbass", "LOC")]


def test_a_contraction_without_its_range_is_found_in_the_text(parsed):
    content = "# text = Au Mali, là\n1\tà\tO\n2\tle\tO\n3\tMali\tB-LOC\n4\t,\tO\n5\tlà\tO\n"
    [document] = parsed(NAMED + content)
    assert document.text == "Au Mali, là" and mentions(document) == [("Mali", "LOC")]


def test_a_text_that_is_not_made_of_the_tokens_is_told(parsed):
    report = Report()
    [document] = parsed("# text = Kiev\nGoma\tB-LOC\n", report=report)
    assert document.text == "Goma"
    assert report.counts["told: `# text` does not fit the tokens, text rebuilt from them"] == 1


def test_a_numbered_mention_may_have_a_gap(parsed):
    content = "1\tfrappes\t1:EVENT\n2\trusses\t*\n3\taériennes\t1\n"
    assert parsed(NAMED + content)[0].spans == (Span(0, 24, "EVENT", fragments=((0, 7), (15, 24))),)


def test_the_first_of_several_entity_columns_is_read_and_the_others_are_counted_as_lost(parsed):
    report = Report()
    content = "TOKEN\tNE-COARSE-LIT\tNE-NESTED\tMISC\nMali\tB-loc\tB-x\tNoSpaceAfter\n.\tO\tO\t_\n"
    [document] = parsed(content, report=report)
    assert document.text == "Mali." and mentions(document) == [("Mali", "loc")]
    assert report.losses == {"dropped: mentions of the tag column NE-NESTED": 1}


@pytest.mark.parametrize(("content", "label"), [
    ("Kiev NNP B-LOC B-PER\ntombe VB O B-LOC\n", "LOC"),
    ("1\tKiev\tB-LOC\tO\n2\ttombe\tO\tB-LOC\n", "LOC"),
    ("Kiev kiev NE B-NC B-LOC\ntombe x VB B-VC O\n", "LOC"), ("Kiev X B-A B-B\ntombe X O O\n", "B")])
def test_the_last_unnamed_tags_are_read_unless_earlier_ones_have_the_same_labels(parsed, content, label):
    assert mentions(parsed(content)[0]) == [("Kiev", label)]


def test_another_column_may_be_asked_for(parsed):
    content = "TOKEN\tNE-COARSE-LIT\tNE-NESTED\tMISC\nMali\tB-loc\tB-x\t_\n"
    assert mentions(parsed(content, column="NE-NESTED")[0]) == [("Mali", "x")]


def test_numbered_tokens_are_read_without_their_numbers(parsed):
    [document] = parsed("1\tKiev\tB-LOC\tO\n2\ttombe\tO\tO\n")
    assert document == Document("d", "Kiev tombe", (Span(0, 4, "LOC"),))


def test_the_brackets_of_conll_2012_are_read(parsed):
    row = "bc/x 0 {} {} NN (S* - - - - {} - -\n"
    body = row.format(0, "Kim", "(PER*") + row.format(1, "Jong-un", "*)") + row.format(2, "parle", "*")
    [document] = parsed(f"#begin document (bc/x); part 000\n{body}\n#end document\n")
    assert document.id == "bc_x_part_000" and mentions(document) == [("Kim Jong-un", "PER")]


def test_one_sentence_a_line_is_read(parsed):
    [document] = parsed("Kiev|NNP|B-LOC tombe|V|O\n||SYM|O Goma|NNP|B-LOC\n")
    assert document == Document("d", "Kiev tombe\n| Goma", (Span(0, 4, "LOC"), Span(13, 17, "LOC")))


def test_a_document_is_written_with_its_text_to_the_letter():
    document = Document("ua-1", "L’armée\r\nrusse\ttombe. Fin.", (Span(2, 14, "FORCE"),), {"date": "2025"})
    assert render(document) == (
        '# newdoc id = ua-1\n# bilan:text = "L’armée\\r\\nrusse\\ttombe. Fin."\n'
        '# bilan:meta = {"date": "2025"}\n'
        "L\tO\n’\tO\narmée\tB-FORCE\nrusse\tI-FORCE\ntombe\tO\n.\tO\n\nFin\tO\n.\tO\n\n")


def test_a_span_that_begins_inside_a_word_cuts_the_token():
    written = render(Document("d", "anti-Kieva", (Span(5, 9, "LOC"),)))
    assert written.endswith("anti\tO\n-\tO\nKiev\tB-LOC\na\tO\n\n")


def test_the_scheme_may_be_chosen():
    written = render(Document("d", "à Kiev", (Span(2, 6, "LOC"),)), scheme="BILOU")
    assert written.endswith("à\tO\nKiev\tU-LOC\n\n")


def test_what_a_column_cannot_hold_is_counted_as_lost():
    spans = (Span(0, 11, "FORCE", {"id": "a"}, 0.5), Span(6, 11, "PER"))
    render(Document("d", "armée russe", spans), report=(report := Report()))
    assert report.losses == {"dropped: overlapping span": 1, "dropped: attribute": 1, "dropped: score": 1}


@given(made=documents(), scheme=st.sampled_from(sorted(SCHEMES)))
def test_what_is_written_is_read_back(made, scheme):
    written = [made.replace(meta={"titre": "a\u2028b"}), made.replace(id="autre\n"), Document("vide", "")]
    report = Report()
    with TemporaryDirectory() as folder:
        conll.write(written, path := Path(folder) / "out.conll", report=report, scheme=scheme)
        assert list(read(path)) == written
    assert not report.lost


def displayed(sentence: list[list[str]], tag: int, token: int) -> list[str]:
    """The mentions of a sentence as the file itself groups them, without spaces."""
    found: dict[str, str] = {}
    key, rank = "", 0
    for cells in sentence:
        prefix, _, label = cells[tag].partition("-")
        if cells[tag][0].isdigit():
            key = cells[tag].partition(":")[0]
        elif cells[tag] in ("O", "*"):
            key = ""
        elif prefix == "B" or not key.endswith(label):
            rank += 1
            key = f"B{rank}{label}"
        if key:
            found[key] = found.get(key, "") + cells[token]
    return list(found.values())


@real
@pytest.mark.parametrize(("name", "tag", "token"), [
    ("conll/europeana-fr.iob1", 1, 0), ("conll/sequoia.conllup", 12, 1), ("conll/hipe2020-fr.tsv", 1, 0),
    ("spacy/ner-sent-per-line.iob", 2, 0)])
def test_every_mention_of_a_real_file_is_the_text_at_its_offsets(name, tag, token):
    [document] = read(REAL / name, report=(report := Report()))
    content = (REAL / name).read_text()
    if name.endswith(".iob"):
        content = content.replace("\n", "\n\n").replace(" ", "\n").replace("|", "\t")
    shown: list[str] = []
    for block in content.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(("#", "TOKEN"))]
        shown += displayed([re.split(r"[\t ]", line) for line in lines], tag, token)
    assert shown and ["".join(document.mention(span).split()) for span in document.spans] == shown
    assert not any(cause.startswith(("told", "mended")) for cause in report.counts)


@real
def test_the_real_french_files_give_the_mentions_that_they_display():
    assert detect(REAL / "conll") == "conll"
    europeana, hipe, sequoia = read(REAL / "conll")
    assert mentions(europeana)[:2] == [("Emmanuel DESOLES", "PER"), ("Rue du Pré-Botté", "LOC")]
    assert mentions(hipe)[1] == ("M. Hagenbeck, le célèbre marchand d'animaux de Hambourg", "pers")
    assert ("laboratoire d'astrophysique de Besançon", "ORG") in mentions(sequoia)
