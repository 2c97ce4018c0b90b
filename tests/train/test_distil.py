"""Teachers: their mean probabilities are what is learnt; a teacher that cannot be one is refused."""

import numpy as np
import pytest
from bilan.data import BilanError
from bilan.data.dataset import load_part
from bilan.data.labels import tags_of
from bilan.models import load
from bilan.models.checkpoint import load_tokenizer
from bilan.models.network import load_torch
from bilan.train.distil import named, taught
from bilan.train.finetune import collator, finetune
from bilan.train.settings import settle

from .. import tiny
from .material import prepared, settings

IDS = [2, 9, 8, 7, 3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two finished runs, that differ in their seed, and the settings of their like."""
    folder = prepared(tmp_path_factory.mktemp("distil"))
    for seed in (1, 2):
        finetune(settings(folder, epochs=8, batch_size=2, learning_rate=1e-2, seed=seed), folder / f"run{seed}")
    return folder


def tags(run):
    return tags_of(load(run).labels)


def test_what_is_learnt_is_the_mean_of_the_teachers_probabilities(folder):
    runs = [folder / "run1", folder / "run2"]
    (row,) = taught([{"input_ids": IDS}], [str(run) for run in runs], load_tokenizer(runs[0]), tags(runs[0]),
                    precision="fp32")
    ids = np.array([IDS])
    logits = np.stack([load_torch(run)(ids, np.ones_like(ids))[0] for run in runs])
    expected = (np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)).mean(0)
    np.testing.assert_allclose(row["teacher"], expected, atol=1e-3)
    np.testing.assert_allclose(row["teacher"].sum(-1), 1, atol=2e-3)


def test_shorter_windows_of_a_batch_have_no_teacher_in_their_padding():
    rows = [{"input_ids": [2, 3][:n], "labels": [0, 1][:n], "teacher": np.ones((n, 3), np.float16)} for n in (2, 1)]
    assert collator(1)(rows)["teacher"].sum(-1).tolist() == [[3, 3], [3, 0]]


def test_a_student_of_teachers_alone_tags_as_they_do(folder):
    chosen = settings(folder, epochs=12, batch_size=2, learning_rate=1e-2, seed=3, teachers=str(folder / "run1"), distil=1.0)
    finetune(chosen, folder / "student")
    train = load_part(folder / "dataset", "train")
    teacher, student = ([{span.key for span in document.spans} for document in load(run).read_many(train)]
                        for run in (folder / "run1", folder / "student"))
    same = sum(len(one & other) for one, other in zip(teacher, student, strict=True))
    assert same > 0.8 * sum(map(len, teacher)) > 0


def test_a_teacher_with_other_tags_is_refused(folder):
    with pytest.raises(BilanError, match="this teacher has other tags"):
        taught([{"input_ids": IDS}], [str(folder / "run1")], load_tokenizer(folder / "run1"), ["O", "B-LOC", "I-LOC"],
               precision="fp32")


def test_a_teacher_with_another_tokenizer_is_refused(folder, tmp_path):
    tiny.base(tmp_path / "other")
    tokenizer = load_tokenizer(tmp_path / "other")
    tokenizer.add_tokens(["Goma"])
    with pytest.raises(BilanError, match="this teacher has another tokenizer than the base"):
        taught([{"input_ids": IDS}], [str(folder / "run1")], tokenizer, tags(folder / "run1"), precision="fp32")


@pytest.mark.parametrize(("rival", "told"), [({"augment": 0.5}, "needs augment 0.0"), ({"crf": True}, "needs teachers")])
def test_teachers_do_not_go_with_variants_nor_with_a_crf(rival, told):
    with pytest.raises(BilanError, match=told):
        settle("embedded", {"teachers": "runs/a", "transitions": "fixed", **rival})


def test_a_teacher_that_is_not_there_is_told_before_anything_is_written(folder):
    with pytest.raises(BilanError, match="no such checkpoint folder"):
        finetune(settings(folder, teachers=str(folder / "none")), folder / "untaught")
    assert not (folder / "untaught").exists()


def test_several_teachers_stand_with_commas_between():
    assert named("runs/a, me/b,") == ["runs/a", "me/b"] and named(None) == []
