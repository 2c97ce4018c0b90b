"""The model that comes with the package: whole, ours, and read without torch."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bilan.data import read
from bilan.data.labels import NAMES
from bilan.models import load
from bilan.models.reader import PACKAGED
from bilan.models.show import show
from rich.console import Console
from rich.text import Text

from ..shared import ROOT

pytestmark = pytest.mark.skipif(not PACKAGED.is_dir(), reason="no model in models/ner: bilan-train ship RUN --output models/ner")
SEED = ROOT / "seeds/koursk-2025-02-07.txt"


def test_it_has_the_labels_of_the_guide_in_their_order():
    assert load().labels == NAMES


def test_its_golden_sentence_holds():
    golden = json.loads((PACKAGED / "bilan.json").read_text(encoding="utf-8"))["golden"]
    assert load().tokenizer.encode(golden["text"], add_special_tokens=False).ids == golden["ids"]


def test_it_reads_the_figure_of_the_seed_without_torch():
    script = ("import sys; from pathlib import Path; from bilan.models import load; "
              f"document = load().read(Path({str(SEED)!r}).read_text(encoding='utf-8')).document; "
              "print([(document.mention(s), s.label) for s in document.spans if document.mention(s) == '3 000']); "
              "print([name for name in ('torch', 'transformers', 'datasets') if name in sys.modules])")
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    (document,) = read(ROOT / "data/corpus/seed-0001.md")
    gold = [(document.mention(span), span.label) for span in document.spans if document.mention(span) == "3 000"]
    assert ran.stdout.splitlines() == [str(gold), "[]"]


def test_its_folder_holds_nothing_but_weights_json_and_its_card():
    assert {path.suffix for path in PACKAGED.iterdir()} == {".onnx", ".json", ".md"}


def test_the_terminal_shows_who_claims_what_in_lines_of_the_seed():
    text = "".join(SEED.read_text(encoding="utf-8").splitlines(keepends=True)[3:6])
    console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    show(load().read(text, date="2025-02-07"), console)
    shown = console.export_text(clear=False)
    assert any("3 000" in row and "LOSSES" in row and "Volodymyr Zelensky" in row for row in shown.splitlines())
    if pictures := os.environ.get("BILAN_PICTURES"):  # a folder: the README's picture is made here
        title = "sed -n 4,6p seeds/koursk-2025-02-07.txt | bilan read - --date 2025-02-07"
        (Path(pictures) / "terminal.svg").write_text(wrapped(console).export_svg(title=title), encoding="utf-8")


def wrapped(console: Console) -> Console:
    """What a console recorded, with the long lines wrapped, as a terminal does and a picture does not."""
    made = Console(record=True, width=console.width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    made.print(Text.from_ansi(console.export_text(styles=True)))
    return made
