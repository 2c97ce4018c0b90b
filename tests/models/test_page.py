"""The page in a real browser: paste, read, filter, download, by keyboard too; accessible in light and dark.

Needs playwright and a Chromium (Debian's `chromium`); axe-core is looked for in AXE_CORE (the path of axe.min.js),
in build/axe, where `.ci/run` puts it, and is never part of the project.
"""

import csv
import io
import json
import os
import shutil
import threading
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from bilan.data.formats.jsonl import from_record
from bilan.models import load, service

from ..shared import ROOT
from .taught import TEXT

pytest.importorskip("fastapi", reason="the extra serve is not installed")
uvicorn = pytest.importorskip("uvicorn", reason="the extra serve is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = [Path(os.environ.get("AXE_CORE") or "none"), ROOT / "build/axe/node_modules/axe-core/axe.min.js"]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


class Server:
    """The service on a free port of this machine, in a thread."""

    def __init__(self, application):
        self.server = uvicorn.Server(uvicorn.Config(application, port=0, ws="none", lifespan="off", log_level="error"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.05)
            assert self.thread.is_alive(), "the server has not started"
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join(20)


@pytest.fixture(scope="module")
def address(taught_model):
    with Server(service.app(load(taught_model, threads=1), max_bytes=100_000)) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no chromium: apt-get install chromium")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, address):
    """A function that opens the page; what the console complains about fails the test at the end."""
    contexts, complaints = [], []

    def open_page(where=address, *, size="desktop", **options):
        contexts.append(browser.new_context(viewport=SIZES[size], locale="fr-FR", **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(where)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(opened):
    return opened()


def read(page, text=TEXT, date="2025-02-10"):
    page.fill("#text", text)
    page.fill("#date", date)
    page.click("#read")
    page.wait_for_selector("#results:not([hidden])")
    return page


def marks(page, shown="mark:not(.off)"):
    return [(mark.get_attribute("data-label"), mark.evaluate("node => node.firstChild.textContent"))
            for mark in page.query_selector_all(f"#article {shown}")]


def letters(page):
    """The text of the article without the names of its mentions."""
    page.evaluate("document.querySelectorAll('#article small').forEach(node => node.remove())")
    return page.text_content("#article")


def cells(page, table):
    return [[cell.inner_text().strip() for cell in row.query_selector_all("th, td")]
            for row in page.query_selector_all(f"{table} tbody tr")]


def test_the_mentions_of_a_pasted_article_are_marked(page):
    assert marks(read(page))[:3] == [("LOC", "Kiev"), ("KILLED", "12"), ("FORCE", "soldats")]


def test_the_text_is_shown_to_the_letter(page):
    text = f"🚀 {TEXT}\n\n<b>gras</b> & <script>document.title = 'x'</script> l’e\u0301tat\u202f: ½"
    read(page, text)
    assert letters(page) == text
    assert page.query_selector("#article b, #article script") is None and page.title().startswith("bilan")


def test_offsets_hold_after_characters_beyond_the_first_plane(page):
    assert ("LOC", "Kiev") in marks(read(page, f"🚀🚀🚀 {TEXT}"))


def test_the_claims_are_listed_with_their_sources(page):
    assert cells(read(page), "#claims") == [
        ["12", "morts", "soldats", "12", "Kiev\n« Selon »", "vendredi\n2025-02-07", "Koursk"],
        ["3", "morts", "soldats", "3", "Moscou\n« affirme »", "vendredi\n2025-02-07", "Koursk"]]


def test_sources_that_exclude_each_other_are_marked(page):
    assert [row[-1] for row in cells(read(page), "#sides")] == ["≠ Moscou", "≠ Kiev"]


def test_a_claim_leads_to_its_place_in_the_text(page):
    read(page).click("#claims a >> nth=1")
    assert page.evaluate("document.querySelector('mark:target').firstChild.textContent") == "3"


def test_the_legend_counts_and_filters_labels(page):
    read(page)
    chip = page.locator("#legend .chip", has_text="lieu")
    assert (chip.inner_text().split(), chip.get_attribute("aria-pressed")) == (["lieu", "4"], "true")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    assert {label for label, _ in marks(page)} == {"KILLED", "FORCE", "DATE"} and len(marks(page, "mark.off")) == 4
    chip.click()
    assert marks(page, "mark.off") == []


def test_all_labels_are_hidden_and_shown_at_once(page):
    read(page).click("text=Tout masquer")
    assert marks(page) == []
    page.click("text=Tout montrer")
    assert len(marks(page)) == 10


def test_mentions_can_be_named(page):
    small = read(page).locator("mark.place small").first
    assert not small.is_visible()
    page.click("text=Nommer les mentions")
    assert small.is_visible() and small.inner_text() == "lieu"


def download(page, button) -> str:
    with page.expect_download() as caught:
        page.click(button)
    return Path(caught.value.path()).read_text(encoding="utf-8")


def test_the_claims_are_saved_as_csv(page):
    rows = list(csv.DictReader(io.StringIO(download(read(page), "#csv"))))
    assert [(row["figure"], row["best"], row["by"], row["sentence_start"], row["high"]) for row in rows] == [
        ("12", "12", "Kiev", "0", "12"), ("3", "3", "Moscou", "55", "3")]


def test_what_a_spreadsheet_would_run_is_saved_with_an_apostrophe(page):
    read(page)
    made = page.evaluate("csv([{a: '=1+1', b: -1, c: 'x\"y,z', d: null, e: '@a'}])")
    assert made == "a,b,c,d,e\r\n'=1+1,-1,\"x\"\"y,z\",,'@a\r\n"


def test_the_whole_reading_is_saved_as_a_document_of_ours(page):
    (line,) = download(read(page), "#jsonl").splitlines()
    document = from_record(json.loads(line), where="download")
    assert document.text == TEXT and document.mention(document.spans[0]) == "Kiev"


def test_the_whole_way_can_be_gone_by_keyboard(page):
    page.focus("#text")
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#results:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "results"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.label") == "KILLED"
    page.keyboard.press("Space")
    assert "KILLED" not in dict(marks(page))
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert {"csv", "jsonl", "12", "Tout masquer"} <= reached


def test_what_happens_is_told_to_screen_readers(page):
    status = page.locator("#status")
    assert status.get_attribute("aria-live") == "polite"
    read(page)
    assert status.inner_text() == "10 mentions reconnues, 2 chiffres relevés."


def test_nothing_to_read_and_nothing_found_are_said(page):
    page.click("#read")
    assert "Il n’y a rien à lire" in page.inner_text("#status")
    read(page, "a")
    assert "Aucun chiffre" in page.inner_text("#claims")


def test_refusals_are_said_in_french(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.fill("#text", "a")
    said = {413: "trop long", 429: "Réessayez dans quelques secondes", 503: "trop de temps",
            500: "a refusé ce texte (500 : raison)"}
    for status in said:
        page.route("**/read", partial(lambda code, route: route.fulfill(status=code, json={"detail": "raison"}), status))
        page.click("#read")
        page.wait_for_selector("#read[aria-disabled=false]")
        assert said[status] in page.inner_text("#status")
    context.close()


@pytest.mark.parametrize(("name", "content", "text"), [("a.txt", TEXT, TEXT), (
    "a.html", "<title>t</title><nav><p>Menu</p></nav><article><h1>Titre</h1><p>Un <b>deux</b>.</p><img src=x>"
    "<script>document.title='x'</script><p>Trois.</p></article>", "Titre\nUn deux.\nTrois.")])
def test_a_text_or_the_paragraphs_of_a_page_are_opened_and_no_script_runs(page, tmp_path, name, content, text):
    (tmp_path / name).write_text(content, encoding="utf-8")
    page.set_input_files("#file", tmp_path / name)
    page.wait_for_function("document.getElementById('text').value")
    assert page.input_value("#text") == text and page.title().startswith("bilan")


def test_a_file_that_is_not_utf_8_is_refused_not_guessed(page, tmp_path):
    (tmp_path / "a.txt").write_bytes("blessés".encode("latin-1"))
    page.set_input_files("#file", tmp_path / "a.txt")
    page.wait_for_selector("#status.alarm")
    assert "n’est pas un texte en UTF-8" in page.inner_text("#status") and page.input_value("#text") == ""


def test_a_dropped_file_is_opened(page):
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["À Goma."], "a.txt", {type: "text/plain"}));
        document.getElementById("text").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
    }""")
    page.wait_for_function("document.getElementById('text').value")
    assert page.input_value("#text") == "À Goma."


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(opened, size):
    page = read(opened(size=size), f"{TEXT}\n{'a' * 400}")
    assert page.evaluate("document.documentElement.scrollWidth") == SIZES[size]["width"]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_axe_finds_no_violation_of_any_size_and_scheme(opened, address, path):
    axe = next((file for file in AXE if file.is_file()), None)
    if axe is None:
        pytest.skip("no axe-core: npm install --prefix build/axe axe-core")
    page = opened(address + path, bypass_csp=True)
    if path == "/":
        read(page).click("text=Nommer les mentions")
        page.locator("#legend .chip", has_text="lieu").click()
    page.evaluate(axe.read_text(encoding="utf-8"))
    for size, scheme in product(SIZES, ("light", "dark")):
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme=scheme)  # a scheme changes colours and nothing else
        rules = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
        found = page.evaluate("options => axe.run(options)", rules | {"resultTypes": ["violations"]})
        assert [(size, scheme, each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_the_seed_is_read_with_the_packaged_model(opened):
    with Server(service.app(load(threads=1))) as address:
        page = read(opened(address), (ROOT / "seeds/koursk-2025-02-07.txt").read_text(encoding="utf-8"), "2025-02-07")
        assert ("LOSSES", "3 000") in [(label, text.replace("\u202f", " ").replace("\xa0", " ")) for label, text in marks(page)]
        assert any(row[0].split() == ["3", "000"] and "Zelensky" in row[4] for row in cells(page, "#claims"))
        if pictures := os.environ.get("BILAN_PICTURES"):  # a folder: the README's picture is made here
            page.screenshot(path=Path(pictures) / "page.png", full_page=True)
