"""The service: what it answers, what it refuses and why, and what it never says."""

import asyncio
import json
import logging
import sys
import threading
from typing import Any, cast

import pytest
from bilan.data import BilanError, Document
from bilan.data.formats.jsonl import from_record
from bilan.data.labels import NAMES
from bilan.models import load, service
from bilan.models.__main__ import app as commands
from bilan.models.api_page import api_page
from bilan.models.french import WORDS
from typer.testing import CliRunner

from .taught import TEXT

httpx = pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("fastapi", reason="the extra serve is not installed")


@pytest.fixture(scope="module")
def reader(taught_model):
    return load(taught_model, threads=1)


@pytest.fixture(scope="module")
def app(reader):
    return service.app(reader, max_bytes=2000)


def ask(app, *requests):
    """The answers to requests, (method, path, arguments) each, sent together."""
    async def together():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await asyncio.gather(*(client.request(method, path, **more) for method, path, more in requests))

    return asyncio.run(together())


def post(app, path="/read", **request):
    return ask(app, ("POST", path, {"json": request}))[0]


def get(app, path):
    return ask(app, ("GET", path, {}))[0]


class Held:
    """A reader that waits for leave."""

    labels, fingerprint = ("LOC",), "f"

    def __init__(self):
        self.leave, self.read_texts = threading.Event(), []

    def read_many(self, texts, **options):
        for text in texts:
            self.leave.wait(20)
            self.read_texts.append(text)
            yield Document("text", text)


class Broken(Held):
    def read_many(self, texts, **options):
        raise RuntimeError(f"cannot read {next(iter(texts))}")


def test_a_reading_holds_spans_claims_and_what_sources_say_of_the_same(app):
    answer = post(app, text=TEXT, date="2025-02-10").json()
    assert answer["text"] == TEXT
    assert [(c["figure"], c["best"], c["by"], c["date"]) for c in answer["claims"]] == [
        ("12", 12, "Kiev", "2025-02-07"), ("3", 3, "Moscou", "2025-02-07")]
    assert answer["confrontation"] == [{"claims": [0, 1], "disjoint": [[0, 1]], "more": False, "subject": {
        "label": "KILLED", "who": "soldat", "place": "koursk", "period": "2025-02"}}]


def test_an_answer_is_a_document_of_ours(app, reader):
    document = from_record(post(app, text=TEXT).json(), where="answer")
    assert document.spans == reader.read(Document("text-1", TEXT)).document.spans


def test_offsets_count_code_points(app, reader):
    text = "🚀 " + TEXT
    expected = [(span.start, span.end) for span in reader.read(text).document.spans]
    assert [(span["start"], span["end"]) for span in post(app, text=text).json()["spans"]] == expected
    assert "Koursk" in [text[start:end] for start, end in expected]


def test_many_texts_are_answered_in_order(app):
    answers = post(app, "/read_many", texts=[TEXT, "Rien.", TEXT[:54]]).json()
    assert [answer["text"] for answer in answers] == [TEXT, "Rien.", TEXT[:54]]


def test_a_minimum_of_confidence_drops_spans(app):
    assert post(app, text=TEXT, min_confidence=1).json()["spans"] == []


def test_health_names_the_model(app, reader):
    health = get(app, "/health").json()
    assert (health["status"], health["labels"]) == ("ok", ["LOC", "KILLED", "FORCE", "DATE"])
    assert health["fingerprint"] == reader.fingerprint


@pytest.mark.parametrize(("request_", "said"), [
    ({"text": ""}, "body.text: String should have at least 1 character"),
    ({"text": "a", "date": "vendredi"}, "body.date: Input should be a valid date"),
    ({"text": "a", "min_confidence": 2}, "body.min_confidence: Input should be less than or equal to 1"),
    ({"text": "a", "model": "x"}, "body.model: Extra inputs are not permitted"),
    ({}, "body.text: Field required"),
])
def test_a_request_that_is_not_as_described_is_refused_with_the_field(app, request_, said):
    answer = post(app, **request_)
    assert answer.status_code == 422 and answer.json()["detail"].startswith(said)


@pytest.mark.parametrize("body", [b"{", b'{"text": "\\ud800"}', b"[" * 1900, b'{"text": "\xff"}', b'{"text": NaN}', b""])
def test_odd_bodies_are_refused_not_failed(app, body):
    answer = ask(app, ("POST", "/read", {"content": body, "headers": {"content-type": "application/json"}}))[0]
    assert answer.status_code in (400, 422) and answer.json()["detail"]


def test_nesting_without_end_is_refused(reader):
    deep = {"content": b'{"text": ' + b"[" * 900_000, "headers": {"content-type": "application/json"}}
    assert ask(service.app(reader), ("POST", "/read", deep))[0].status_code in (400, 422)


@pytest.mark.parametrize("text", [" ", "\n", "a", "\0", "\r\n"])
def test_odd_texts_are_read_to_the_letter(app, text):
    assert post(app, text=text).json()["text"] == text


def test_a_refusal_does_not_repeat_the_text(app):
    assert "secret" not in post(app, text=["secret"]).text


def test_a_body_that_is_no_json_by_its_type_is_refused(app):
    answer = ask(app, ("POST", "/read", {"content": '{"text": "Goma"}', "headers": {"content-type": "text/plain"}}))[0]
    assert answer.status_code == 422


def test_a_request_too_large_is_refused_with_the_limit(app):
    answer = post(app, text="a" * 2000)
    assert (answer.status_code, answer.json()["detail"]) == (
        413, "the request is larger than 2000 bytes: send the text in parts")


def test_a_request_too_large_is_refused_also_without_its_length(app):
    async def parts():
        for _ in range(30):
            yield b"a" * 100

    assert ask(app, ("POST", "/read", {"content": parts()}))[0].status_code == 413


def test_a_body_that_takes_too_long_to_arrive_is_refused(reader):
    async def drip():
        yield b"{"
        await asyncio.sleep(30)

    answer = ask(service.app(reader, timeout=0.05), ("POST", "/read", {"content": drip()}))[0]
    assert (answer.status_code, answer.json()["detail"]) == (408, "the request took over 0.05 seconds to arrive")


def test_more_readings_than_places_are_told_to_come_again():
    held: Any = Held()
    app = service.app(held, concurrency=1)
    threading.Timer(1, held.leave.set).start()
    answers = ask(app, *[("POST", "/read", {"json": {"text": "Goma"}})] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 3
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["retry-after"] == "1" and "too many readings" in refused.json()["detail"]


def test_a_reading_that_takes_too_long_is_given_up_and_one_that_waits_is_never_begun():
    held: Any = Held()
    app = service.app(held, concurrency=1, timeout=0.2)
    answers = ask(app, *[("POST", "/read", {"json": {"text": f"texte {n}"}}) for n in range(3)])
    held.leave.set()
    assert [answer.status_code for answer in answers] == [503] * 3
    assert "took too long" in answers[0].json()["detail"]
    assert len(held.read_texts) <= 1


def test_places_are_free_again_after_their_readings():
    held: Any = Held()
    held.leave.set()
    app = service.app(held, concurrency=1)
    assert [post(app, text="Goma").status_code for _ in range(12)] == [200] * 12


def test_a_failure_says_nothing_of_the_text_to_client_or_log(caplog):
    with caplog.at_level(logging.DEBUG):
        answer = post(service.app(cast(Any, Broken())), text="nom d’un témoin")
    assert (answer.status_code, answer.json()) == (500, {"detail": "the reading failed"})
    assert "RuntimeError" in caplog.text and "témoin" not in caplog.text


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/app.js"), ("GET", "/files.js"), ("GET", "/health"), ("GET", "/none"),
                                              ("POST", "/read"), ("GET", "/docs"), ("PUT", "/read")])
def test_every_answer_has_the_security_headers(app, method, path):
    headers = ask(app, (method, path, {}))[0].headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_a_request_too_large_has_the_security_headers(app):
    assert post(app, text="a" * 2000).headers["x-content-type-options"] == "nosniff"


def test_no_other_site_is_allowed_to_ask(app):
    asked = {"origin": "https://example.org", "access-control-request-method": "POST"}
    answer = ask(app, ("OPTIONS", "/read", {"headers": asked}))[0]
    assert answer.status_code == 405 and "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_load_nothing_from_elsewhere_and_hold_no_script_or_style_of_their_own(app, path):
    page = get(app, path).text
    for foreign in ('src="http', 'href="http', "<style", "style=", "onclick", "<script>"):
        assert foreign not in page


def test_the_description_of_the_api_names_every_route(app):
    page = get(app, "/docs").text
    assert all(f"<code>{route}</code>" in page for route in ("POST /read", "POST /read_many", "GET /health"))
    assert set(get(app, "/openapi.json").json()["paths"]) == {"/read", "/read_many", "/health", "/labels"}


def test_the_description_of_the_api_is_escaped():
    page = api_page({"info": {"description": "<b>"}, "paths": {}, "components": {"schemas": {"<i>": {}}}})
    assert "<b>" not in page and "<i>" not in page


def test_every_label_of_the_guide_has_a_french_name():
    assert set(WORDS) == set(NAMES)


def test_labels_have_their_french_names(app):
    assert [(word["label"], word["name"]) for word in get(app, "/labels").json()] == [
        ("FORCE", "force armée"), ("LOC", "lieu"), ("DATE", "date"), ("KILLED", "morts")]


def test_without_the_extra_the_line_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(BilanError, match=r"the service needs uvicorn; pip install 'bilan\[serve\]'"):
        service.serve(model="none")


def test_the_command_listens_on_this_machine_only_by_default(monkeypatch):
    given = {}
    monkeypatch.setattr(service, "serve", lambda **options: given.update(options))
    assert CliRunner().invoke(commands, ["serve", "--port", "9"]).exit_code == 0
    assert (given["host"], given["port"]) == ("127.0.0.1", 9)


def test_the_answers_are_strict_json(app):
    json.loads(post(app, text="À Goma, au moins 12 morts.").text, parse_constant=pytest.fail)
