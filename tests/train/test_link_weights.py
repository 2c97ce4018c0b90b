"""Fitting the linker: the likelihood is that of the decoder, and what is shown is learnt."""

from itertools import product

import pytest
import torch
from bilan.data import Document
from bilan.data.formats.markup import parse
from bilan.models.features import TASKS
from bilan.models.links import chain, marginals
from bilan.models.outline import Outline
from bilan.train.links import Example, examples, fit, frequencies, lattice, loss

MARKED = "Selon [Kiev](LOC id=k), [12](KILLED who=s by=k) [soldats](FORCE id=s) et [3](KILLED who=c by=k) [civils](CIVIL id=c) sont morts."


def made(marked: str) -> Document:
    text, spans = parse(marked)
    return Document("d", text, tuple(spans))


@pytest.fixture(params=["who", "by"])
def task(request) -> str:
    return request.param


def test_the_loss_and_the_decoder_give_the_same_probabilities(task):
    (example,) = examples([made(MARKED)], task)
    names = {name: i for i, name in enumerate(sorted(frequencies([example])))}
    weights = torch.randn(len(names), generator=torch.Generator().manual_seed(0))
    by_brute_force = [[0.0] * len(state.targets) for state in example.states]
    for choice in product(*(range(len(state.targets)) for state in example.states)):
        data = lattice([Example(example.states, list(choice), example.moves)], names)
        odds = float(torch.exp(-loss(weights, data)))
        for state, place in enumerate(choice):
            by_brute_force[state][place] += odds
    outline, table = Outline(made(MARKED)), dict(zip(names, weights.tolist(), strict=True))
    who = {state.figure: state.targets[right] for state, right in
           zip(examples([made(MARKED)], "who")[0].states, examples([made(MARKED)], "who")[0].right, strict=True)}
    states = chain(outline, TASKS[task], who if task == "by" else {})
    for expected, got in zip(by_brute_force, marginals(outline, TASKS[task], states, table), strict=True):
        assert got == pytest.approx(expected, abs=1e-4)


def test_what_is_shown_is_learnt(task):
    data = examples([made(MARKED)], task)
    table = fit(data, sorted(frequencies(data)), penalty=0.1, steps=20)
    (example,), outline = data, Outline(made(MARKED))
    for state, right, odds in zip(example.states, example.right,
                                  marginals(outline, TASKS[task], example.states, table), strict=True):
        assert int(odds.argmax()) == right, state.figure


def test_a_target_out_of_reach_is_learnt_as_none():
    far = made("[civils](CIVIL id=c). " + "Rien. " * 20 + "[12](KILLED who=c) morts et des [soldats](FORCE).")
    (example,) = examples([far], "who")
    assert [state.targets[right] for state, right in zip(example.states, example.right, strict=True)] == [None]
