"""Requests to the service: what its OpenAPI description allows and forbids (schemathesis), and torn bodies and headers.

The model is the small one that the tests teach; the application is called in this process, without a network.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from tests.fuzz import mutate
from tests.fuzz.readers import Wrong, check

MOST = 20_000  # bytes of a request
VALID = ({"text": "Selon Kiev, 12 soldats ont été tués vendredi à Koursk.", "date": "2025-02-07", "min_confidence": 0.5},
         {"texts": ["À Goma, 12 civils tués.", "3 000 morts 😀"], "date": None, "min_confidence": None})
PATHS = ("/read", "/read_many", "/health", "/labels", "/docs", "/openapi.json", "/", "/style.css", "/absent", "//read",
         "/read/", "/%00", "/../data/GUIDE.md", "/read?x=1")
METHODS = ("POST", "POST", "POST", "GET", "PUT", "DELETE", "OPTIONS", "X")
HEADERS = ({}, {"content-type": "application/json"}, {"content-type": "text/plain"}, {"content-type": "a/b; charset=x"},
           {"content-type": "application/json; charset=utf-16"}, {"content-length": "99999999999999999999"},
           {"content-length": "²"}, {"content-encoding": "gzip"}, {"accept": "\xff"}, {"host": "[", "origin": "null"},
           {"transfer-encoding": "chunked"}, {"expect": "100-continue"}, {"content-type": "multipart/form-data"})
ALLOWED = {200, 404, 405, 408, 413, 422, 429, 503, 307, 400, 415}


def ask(findings: Any, *, until: float, seed: int) -> None:
    """Half of the time by the description, half torn; what is wrong goes to the findings."""
    from bilan.models import load
    from bilan.models.service import app

    from tests.models.taught import taught

    with tempfile.TemporaryDirectory() as folder:
        made = app(load(taught(Path(folder)), threads=1), max_bytes=MOST)
        findings.begun, left = time.monotonic(), until - findings.begun
        described(made, findings, until=time.monotonic() + left / 2, seed=seed)
        torn(made, findings, until=time.monotonic() + left / 2, seed=seed)


def described(made: Any, findings: Any, *, until: float, seed: int) -> None:
    """Every operation with what its schema allows and forbids; the answers are checked against it."""
    schemathesis = import_module("schemathesis")
    schema = schemathesis.openapi.from_asgi("/openapi.json", made)
    operations = [found.ok() for found in schema.get_all_operations()]
    while time.monotonic() < until:
        seed += 1
        for operation in operations:
            for mode in schemathesis.GenerationMode:
                _tried(operation, mode, findings, seed)


def _tried(operation: Any, mode: Any, findings: Any, seed: int) -> None:
    @seeded(seed)
    @settings(max_examples=10, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large])
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        findings.runs += 1
        try:
            case.call_and_validate()
        except BaseException as error:  # schemathesis raises groups of its failures
            for each in getattr(error, "exceptions", [error]):
                findings.add(Wrong(f"{operation.label} {type(each).__name__}: {each}"), str(case.as_curl_command()).encode())

    try:
        one()
    except Exception as error:  # an operation for which nothing wrong can be made
        if type(error).__name__ not in ("Unsatisfiable", "SkipTest"):
            raise


def torn(made: Any, findings: Any, *, until: float, seed: int) -> None:
    """Bodies, headers, methods and paths that no client sends."""
    from starlette.testclient import TestClient

    dice = random.Random(seed)
    client = TestClient(made, base_url="http://127.0.0.1", raise_server_exceptions=True, follow_redirects=False)
    while time.monotonic() < until:
        value = dice.choice(VALID)
        body = mutate.json_like(json.dumps(value, ensure_ascii=False).encode(), dice)
        body = dice.choice((body, body, body, body[:dice.randint(0, len(body))], mutate.lines(body, dice)))
        request = dice.choice(METHODS), dice.choice((*PATHS[:2], *PATHS)), dice.choice(HEADERS), body
        _answered(client, findings, *request)


def _answered(client: Any, findings: Any, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    findings.runs += 1
    shown = repr((method, path, headers, body)).encode()
    try:
        answer = client.request(method, path, headers={k: v.encode("latin-1") for k, v in headers.items()}, content=body)
        check(answer.status_code in ALLOWED, f"status {answer.status_code}", method, path, headers, body)
        check("content-security-policy" in answer.headers, "no security headers", method, path)
        if answer.status_code in (408, 413, 422, 429, 503):
            detail = answer.json()["detail"]
            check("soldats" not in detail and "Traceback" not in detail, "a refusal that repeats the text", detail)
    except (Exception, Wrong) as error:
        findings.add(error, shown)
