"""`bilan-train`: every setting is an option, and errors come before anything heavy."""

import subprocess
import sys

import pytest
from bilan.data import BilanError
from bilan.train.__main__ import app
from bilan.train.settings import Settings
from typer.testing import CliRunner


def test_show_prints_the_settings_in_force_and_where_each_comes_from():
    lines = CliRunner().invoke(app, ["--show", "--epochs", "3"]).stdout.splitlines()
    rows = {line.split()[0]: [part.strip() for part in line.split(maxsplit=2)[1:]] for line in lines[1:]}
    assert rows["epochs"] == ["3", "option"] and rows["base"] == ["models/base", "recipe embedded"]
    assert rows.keys() == Settings.model_fields.keys()


def test_every_setting_is_an_option_with_its_help():
    from typer.main import get_command

    options = {option for parameter in get_command(app).commands["finetune"].params for option in parameter.opts}  # pyright: ignore
    assert {"--" + name.replace("_", "-") for name in Settings.model_fields} <= options


def test_a_wrong_value_is_said_before_torch_is_loaded():
    code = ("import sys; from bilan.train.__main__ import app\n"
            "from bilan.data import BilanError\n"
            "try: app(['--precision', 'int8'])\n"
            "except BilanError: sys.exit('torch' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_dataset_names_the_command_that_makes_one(tmp_path):
    result = CliRunner().invoke(app, ["--data", str(tmp_path), "--output", str(tmp_path / "run")])
    assert isinstance(result.exception, BilanError) and "bilan-data build" in str(result.exception)


@pytest.mark.parametrize("arguments", [["--epochs", "many"], ["--unknown", "1"]])
def test_what_the_command_line_does_not_know_is_exit_code_two(arguments):
    assert CliRunner().invoke(app, arguments).exit_code == 2
