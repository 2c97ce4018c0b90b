"""Conversion from any format to any other, with every change counted."""

import pytest
from bilan.data import formats
from bilan.data.convert import TARGETS, convert
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError
from bilan.data.formats import jsonl
from bilan.data.report import Report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import documents

TEXT = "L’armée russe frappe Kiev."
FORCE, CITY = Span(2, 13, "FORCE"), Span(21, 25, "LOC")
NESTED, CROSSING = Span(2, 7, "PER"), Span(8, 20, "EVENT")
PARTS = Span(2, 25, "FORCE", fragments=((2, 7), (21, 25)))


@pytest.fixture
def source(tmp_path):
    def save(*spans, text=TEXT):
        jsonl.write([Document("d", text, spans)], tmp_path / "in.jsonl", report=Report())
        return tmp_path / "in.jsonl"
    return save


def spans(path):
    return [span for document in formats.read(path) for span in document.spans]


def test_documents_and_spans_are_counted(source, tmp_path):
    report = convert(source(FORCE, CITY), tmp_path / "out.md")
    assert report.counts == {"documents read": 1, "documents written": 1, "spans read": 2, "spans written": 2}
    assert report.lost == 0
    assert (tmp_path / "out.md").read_text("utf-8") == (
        "---\nid: d\n---\nL’[armée russe](FORCE) frappe [Kiev](LOC).")


def test_the_source_is_recognised_by_its_content_and_the_target_by_its_suffix(source, tmp_path):
    convert(source(FORCE), tmp_path / "a.md")
    convert(tmp_path / "a.md", tmp_path / "b.jsonl")
    assert spans(tmp_path / "b.jsonl") == [FORCE]


def test_a_folder_must_be_told_its_format(source, tmp_path):
    with pytest.raises(BilanError, match="does not say which format to write; name it with --to"):
        convert(source(FORCE), tmp_path / "out")
    convert(source(FORCE), tmp_path / "out", to="markup")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["d.md"]


@pytest.mark.parametrize("to", ["tei", "klingon"])
def test_a_format_that_is_not_written_is_refused(source, tmp_path, to):
    with pytest.raises(BilanError, match=f"format '{to}' cannot be written"):
        convert(source(FORCE), tmp_path / "out", to=to)


def test_a_folder_with_files_in_it_is_not_replaced(source, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letters.txt").write_text("Kiev")
    with pytest.raises(BilanError, match="the folder exists and is not empty"):
        convert(source(FORCE), tmp_path / "mine", to="markup")
    assert (tmp_path / "mine" / "letters.txt").read_text() == "Kiev"


def test_labels_are_mapped_and_a_label_that_no_span_has_is_told(source, tmp_path):
    labels = {"LOC": "VILLE", "FORCE": "", "GPE": "LOC"}
    report = convert(source(FORCE, CITY), tmp_path / "out.jsonl", labels=labels)
    assert spans(tmp_path / "out.jsonl") == [Span(21, 25, "VILLE")]
    assert report.counts["mapped: LOC → VILLE"] == report.counts["mapped: FORCE → (dropped)"] == 1
    assert report.examples["unused: label of the map that no span has"] == ["GPE"]
    assert (report.counts["spans written"], report.lost) == (1, 0)


def test_without_a_policy_a_target_keeps_what_it_can_hold(source, tmp_path):
    convert(source(FORCE, NESTED, CROSSING, PARTS), tmp_path / "all.jsonl")
    assert set(spans(tmp_path / "all.jsonl")) == {FORCE, NESTED, CROSSING, PARTS}
    convert(source(FORCE, NESTED), tmp_path / "nested.md")
    assert spans(tmp_path / "nested.md") == [FORCE, NESTED]


@pytest.mark.parametrize(("found", "name"), [((FORCE, CROSSING), "out.md"), ((PARTS,), "out.md"),
                                             ((FORCE, NESTED), "out.conll")])
def test_without_a_policy_what_the_target_cannot_hold_is_refused(source, tmp_path, found, name):
    with pytest.raises(BilanError, match=r"in\.jsonl:1: document 'd': .* choose --"):
        convert(source(*found), tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]


def test_what_a_named_policy_drops_is_counted_but_is_no_loss(source, tmp_path):
    report = convert(source(FORCE, CROSSING, CITY), tmp_path / "out.md", overlaps="longest")
    assert spans(tmp_path / "out.md") == [CROSSING, CITY]
    assert report.counts["dropped: overlapping span, not the longest"] == 1
    assert (report.counts["spans read"], report.counts["spans written"], report.lost) == (3, 2, 0)


def test_what_the_writer_drops_is_a_loss(source, tmp_path):
    report = convert(source(FORCE, CROSSING), tmp_path / "out.md", overlaps="keep")
    assert report.losses == {"dropped: crossing span": 1}
    assert (report.counts["spans read"], report.counts["spans written"]) == (2, 1)


def test_error_refuses_even_what_the_target_could_hold(source, tmp_path):
    file = source(FORCE, NESTED, PARTS, Span(3, 5, "PER"))
    with pytest.raises(BilanError, match="choose --overlaps"):
        convert(file, tmp_path / "out.jsonl", overlaps="error")
    with pytest.raises(BilanError, match="choose --discontinuous"):
        convert(file, tmp_path / "out.jsonl", discontinuous="error")
    with pytest.raises(BilanError, match="choose --misaligned"):
        convert(file, tmp_path / "out.jsonl", misaligned="error")


@pytest.mark.parametrize(("policy", "expected"), [
    ({"discontinuous": "hull"}, [PARTS.replace(fragments=())]),
    ({"discontinuous": "split"}, [Span(2, 7, "FORCE"), Span(21, 25, "FORCE")])])
def test_fragments_become_what_the_policy_says(source, tmp_path, policy, expected):
    convert(source(PARTS), tmp_path / "out.jsonl", **policy)
    assert spans(tmp_path / "out.jsonl") == expected


@pytest.mark.parametrize(("policy", "expected"), [("expand", [FORCE]), ("drop", [])])
def test_spans_that_cut_words_become_what_the_policy_says(source, tmp_path, policy, expected):
    convert(source(Span(3, 12, "FORCE")), tmp_path / "out.jsonl", misaligned=policy)
    assert spans(tmp_path / "out.jsonl") == expected


def test_overlaps_are_settled_after_spans_have_grown(source, tmp_path):
    cut = source(Span(2, 9, "PER"), Span(9, 12, "FORCE"))
    report = convert(cut, tmp_path / "out.conll", misaligned="expand", overlaps="longest")
    assert [span.key for span in spans(tmp_path / "out.conll")] == [(2, 13, "PER")]
    assert report.counts["moved: span to whole words"] == 2


def test_an_unknown_policy_is_refused_with_the_known_ones(source, tmp_path):
    with pytest.raises(BilanError, match="--overlaps: unknown policy 'all'; expected error, longest, first"):
        convert(source(FORCE), tmp_path / "out.jsonl", overlaps="all")


def test_strict_refuses_a_loss_and_leaves_the_target_as_it_was(source, tmp_path):
    target = tmp_path / "out.md"
    target.write_text("mine")
    with pytest.raises(BilanError, match=r"not without change: dropped: crossing span \(1\)"):
        convert(source(FORCE, CROSSING), target, overlaps="keep", strict=True)
    assert target.read_text() == "mine"
    convert(source(FORCE), target, strict=True)
    assert spans(target) == [FORCE]


def test_strict_refuses_what_was_mended(tmp_path):
    (tmp_path / "in.md").write_bytes(b"\xef\xbb\xbf---\nid: d\n---\n[Kiev](LOC)")
    with pytest.raises(BilanError, match="mended: byte-order mark"):
        convert(tmp_path / "in.md", tmp_path / "out.jsonl", strict=True)


def test_strict_names_the_target_in_its_errors(tmp_path):
    jsonl.write([Document("a", ""), Document("b", "")], tmp_path / "in.jsonl", report=Report())
    with pytest.raises(BilanError) as caught:
        convert(tmp_path / "in.jsonl", tmp_path / "out.md", strict=True)
    assert caught.value.where == str(tmp_path / "out.md")


def test_a_fault_in_the_middle_leaves_nothing_behind(tmp_path):
    good = [f'{{"id": "d{n}", "text": "Kiev", "spans": []}}\n' for n in range(3)]
    (tmp_path / "in.jsonl").write_text("".join(good) + '{"id": "d"\n')
    for target, to in ((tmp_path / "out.jsonl", "jsonl"), (tmp_path / "out", "brat")):
        with pytest.raises(BilanError, match=r"in\.jsonl:4"):
            convert(tmp_path / "in.jsonl", target, to=to, from_="jsonl")
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]


def test_one_annotator_is_chosen_only_where_there_are_annotators(source, tmp_path):
    with pytest.raises(BilanError, match="format 'jsonl' has no annotators"):
        convert(source(FORCE), tmp_path / "out.md", annotator="anne")
    for name in ("anne", "paul"):
        file = tmp_path / "xmi" / "a.txt" / f"{name}.xmi"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore">'
                        f'<cas:Sofa xmi:id="1" sofaString="de {name}"/></xmi:XMI>')
    convert(tmp_path / "xmi", tmp_path / "out.jsonl", annotator="anne")
    assert [d.text for d in formats.read(tmp_path / "out.jsonl")] == ["de anne"]


def test_a_file_can_be_converted_onto_itself(source):
    file = source(FORCE)
    convert(file, file, labels={"FORCE": "ORG"})
    assert spans(file) == [Span(2, 13, "ORG")]


def test_every_format_that_is_written_is_in_the_table_of_what_targets_hold():
    assert {row.name for row in formats.FORMATS if row.writes} <= TARGETS.keys()


@st.composite
def held(draw, to):
    """A document with nothing but what the table says that the target holds."""
    return draw(documents(nested=TARGETS[to].overlaps == "any", discontinuous=TARGETS[to].discontinuous,
                          blank=False))


@pytest.mark.parametrize("to", [row.name for row in formats.FORMATS if row.writes])
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_what_the_table_says_that_a_target_holds_is_kept_without_a_policy(to, tmp_path_factory, data):
    if to == "spacy":
        pytest.importorskip("spacy", reason="spaCy is an extra")
    document = data.draw(held(to))
    folder = tmp_path_factory.mktemp(to)
    jsonl.write([document], folder / "in.jsonl", report=Report())
    report = convert(folder / "in.jsonl", folder / "out", from_="jsonl", to=to)
    back = [found.mention(span) for found in formats.read(folder / "out", format=to) for span in found.spans]
    assert report.counts["spans written"] == report.counts["spans read"]
    assert sorted(map(words, back)) == sorted(words(document.mention(span)) for span in document.spans)


def words(mention):
    """A mention as token formats give it back: they do not keep which white space stood between words."""
    return "".join(mention.split())


def test_a_conll_target_takes_the_scheme_that_is_asked_for(tmp_path):
    formats.write([Document("d", "à Goma", (Span(2, 6, "LOC"),))], tmp_path / "in.jsonl", format="jsonl")
    convert(tmp_path / "in.jsonl", tmp_path / "out.conll", scheme="BILOU")
    assert "U-LOC" in (tmp_path / "out.conll").read_text(encoding="utf-8")


def test_a_scheme_is_refused_where_the_target_has_none(tmp_path):
    formats.write([Document("d", "à Goma")], tmp_path / "in.jsonl", format="jsonl")
    with pytest.raises(BilanError, match="format 'jsonl' has no tag scheme"):
        convert(tmp_path / "in.jsonl", tmp_path / "out.jsonl", scheme="BILOU")
