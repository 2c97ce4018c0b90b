"""One table of labels, and what derives from it."""

from bilan.data import read
from bilan.data.document import labels_of
from bilan.data.labels import LABELS, NAMES, group_of, in_order, tags_of

from ..shared import ROOT


def test_the_table_is_the_guide_s():
    guide = (ROOT / "data/GUIDE.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in guide.splitlines() if line.startswith("| `")]
    assert rows[:len(NAMES)] == list(NAMES) and len(LABELS) == 18


def test_the_corpus_uses_all_labels_and_no_other():
    assert set(labels_of(read(ROOT / "data/corpus"))) == set(NAMES)


def test_groups_split_the_table_into_entities_and_figures():
    assert [group_of(name) for name in ("DURATION", "KILLED", "MEASURE", "OTHER")] == [
        "entities", "figures", "figures", "entities"]


def test_unknown_labels_come_after_the_known_ones():
    assert in_order(["ZZ", "LOC", "AA", "PER", "LOC"]) == ["PER", "LOC", "AA", "ZZ"]


def test_tags_are_iob2_with_o_first():
    assert tags_of(["LOC"]) == ["O", "B-LOC", "I-LOC"]
