"""Settings: recipes, overrides, and errors that name the key."""

import pytest
from bilan.data import BilanError
from bilan.train.settings import Settings, load_recipe, recipe_names, settle


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_is_valid(name):
    assert isinstance(settle(name)[0], Settings)


def test_there_is_a_recipe_for_every_french_base_of_note():
    assert {load_recipe(name)["base"] for name in recipe_names()} == {
        "models/base", "almanach/camembert-base", "almanach/camembert-large", "almanach/camembertv2-base",
        "almanach/camembertav2-base", "cmarkea/distilcamembert-base"}


def test_every_learning_option_is_off_unless_asked_for():
    settings = Settings.model_validate({})
    assert (settings.layer_decay, settings.freeze_layers, settings.freeze_embeddings, settings.checkpointing) == (
        1.0, 0, False, False)
    assert (settings.class_weights, settings.focal, settings.crf, settings.transitions) == ("none", 0.0, False, "fixed")
    assert (settings.word_dropout, settings.average) == (0.0, 0)


@pytest.mark.parametrize("rival", [{"focal": 2.0}, {"class_weights": "sqrt"}, {"label_smoothing": 0.1},
                                   {"transitions": "learned"}])
def test_a_crf_goes_with_no_other_loss_and_no_other_transitions(rival):
    with pytest.raises(BilanError, match=f"crf has its own loss and transitions: needs {next(iter(rival))} "):
        settle("camembert-base", {"crf": True} | rival)


def test_a_crf_on_a_recipe_with_learned_transitions_says_what_it_needs():
    with pytest.raises(BilanError, match="needs transitions fixed"):
        settle("embedded", {"crf": True})
    assert settle("embedded", {"crf": True, "transitions": "fixed"})[0].crf


def test_a_window_that_goes_on_by_too_little_is_refused():
    with pytest.raises(BilanError, match="window 64 and overlap 96: a window must go on by 8 tokens or more"):
        settle("embedded", {"window": 64})


def test_recipes_differ_in_nothing_but_values():
    assert all(set(load_recipe(name)) <= set(Settings.model_fields) for name in recipe_names())


def test_options_override_the_recipe_and_say_so():
    settings, origin = settle("embedded", {"epochs": 2, "seed": None})
    assert (settings.epochs, origin["epochs"], origin["base"], origin["seed"]) == (
        2, "option", "recipe embedded", "default")


def test_an_unknown_key_names_the_nearest_known_one(tmp_path):
    (tmp_path / "mine.toml").write_text("learning_rat = 1e-4\n")
    with pytest.raises(BilanError, match="unknown setting 'learning_rat'; did you mean 'learning_rate'?"):
        settle(tmp_path / "mine.toml")


@pytest.mark.parametrize(("key", "value"), [("epochs", 0), ("epochs", "many"), ("learning_rate", -1.0),
                                            ("precision", "int8"), ("overlap", -1), ("dropout", 1.5),
                                            ("layer_decay", 0.0), ("layer_decay", 1.5), ("freeze_layers", -1),
                                            ("class_weights", "log"), ("focal", -1.0), ("word_dropout", 1.0),
                                            ("average", -1), ("transitions", "crf"), ("crf", "perhaps")])
def test_a_wrong_value_names_key_and_value(key, value):
    with pytest.raises(BilanError, match=f"setting '{key}'.*got {value!r}"):
        settle("embedded", {key: value})


def test_an_unknown_recipe_lists_the_known_ones():
    with pytest.raises(BilanError, match="no recipe 'embeded'; recipes: camembert-base, camembert-large, .*, embedded"):
        settle("embeded")


def test_a_recipe_that_is_not_toml_is_one_clear_error(tmp_path):
    (tmp_path / "bad.toml").write_text("epochs = = 3")
    with pytest.raises(BilanError, match="not TOML"):
        settle(tmp_path / "bad.toml")
