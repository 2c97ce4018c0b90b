"""The service: the French page, `POST /read` and `/read_many`, `/health`, `/docs`. Nothing stored, no text logged.

Limits: a request of more than `max_bytes` gets 413; one that is not answered within `timeout` seconds 503; one that
finds `concurrency` readings at work and WAITING times as many before it 429. What a timed-out request has begun is
finished in its thread, and keeps its place until then: threads cannot be stopped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from ..data.extras import absent
from .api_page import api_page
from .french import legend
from .guard import Guard
from .messages import Answer, Health, Refusal, Text, Texts, Word, answer
from .reader import Reader, Reading, load

PAGE = Path(__file__).parent / "page"
STATIC = {"/": ("index.html", "text/html"), "/style.css": ("style.css", "text/css"),
          "/app.js": ("app.js", "text/javascript"), "/files.js": ("files.js", "text/javascript"),
          "/icon.svg": ("icon.svg", "image/svg+xml")}
WAITING = 4  # readings that may wait for each one at work
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "the body is not UTF-8"},
    408: {"model": Refusal, "description": "the request took too long to arrive"},
    413: {"model": Refusal, "description": "the request is too large"},
    422: {"model": Refusal, "description": "the request is not as described"},
    429: {"model": Refusal, "description": "too many readings at work: try again"},
    503: {"model": Refusal, "description": "the reading took too long"}}
logger = logging.getLogger(__name__)


def serve(*, model: str | None = None, host: str = "127.0.0.1", port: int = 8000, max_bytes: int = 1_000_000,
          timeout: float = 60, concurrency: int = 2) -> None:
    """Load a model and answer until interrupted. Raises BilanError without the extra `serve`."""
    uvicorn = _extra("uvicorn")
    application = app(load(model), max_bytes=max_bytes, timeout=timeout, concurrency=concurrency)
    print(f"http://{host}:{port}/", flush=True)
    uvicorn.run(application, host=host, port=port, access_log=False, server_header=False, log_level="warning",
                limit_concurrency=max(128, 8 * concurrency * (1 + WAITING)))


def _extra(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise absent(error, "the service") from error


class Busy(Exception):
    """As many readings as allowed are at work or waiting."""


class Failed(Exception):
    """A reading met an error that is none of ours; its message may hold words of the text and is not passed on."""


class Desk:
    """Readings in threads, a bounded number at work and waiting."""

    def __init__(self, reader: Reader, *, timeout: float, concurrency: int) -> None:
        self.reader, self.timeout = reader, timeout
        self.pool = ThreadPoolExecutor(concurrency, thread_name_prefix="reading")
        self.places = concurrency * (1 + WAITING)
        self.taken = 0  # changed on the event loop only

    async def work(self, task: Callable[[], Any]) -> Any:
        """The result of a task; Busy where there is no place, TimeoutError where it takes too long."""
        if self.taken >= self.places:
            raise Busy
        self.taken += 1
        future = self.pool.submit(_discreet, task)
        future.add_done_callback(partial(self._leave, asyncio.get_running_loop()))
        return await asyncio.wait_for(asyncio.wrap_future(future), self.timeout)  # cancels what has not begun

    def _leave(self, loop: asyncio.AbstractEventLoop, future: Future[Any]) -> None:
        del future
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._left)

    def _left(self) -> None:
        self.taken -= 1

    def read(self, request: Text) -> dict[str, Any]:
        """One reading as the fields of an answer."""
        return self._answers([request.text], request)[0]

    def read_many(self, request: Texts) -> list[dict[str, Any]]:
        """The readings of several texts, in order."""
        return self._answers(request.texts, request)

    def _answers(self, texts: list[str], request: Text | Texts) -> list[dict[str, Any]]:
        date = request.date and request.date.isoformat()
        return [answer(Reading(document, date))
                for document in self.reader.read_many(texts, min_confidence=request.min_confidence)]


def _discreet(task: Callable[[], Any]) -> Any:
    try:
        return task()
    except BilanError:
        raise
    except Exception as error:
        logger.error("a reading failed: %s", type(error).__name__)
        raise Failed from None


def app(reader: Reader, *, max_bytes: int = 1_000_000, timeout: float = 60, concurrency: int = 2) -> Guard:
    """The ASGI application around a reader; BilanError without the extra `serve`."""
    fastapi, responses = _extra("fastapi"), _extra("fastapi.responses")
    desk = Desk(reader, timeout=timeout, concurrency=concurrency)
    # Telemetry could send what a request holds to wherever the environment says: nothing leaves this process.
    made = fastapi.FastAPI(title="bilan", version="1", docs_url=None, redoc_url=None, responses=REFUSALS,
                           telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
                           description="Entities and figures of French war reporting. Offsets are half-open and count "
                                       "Unicode code points. Nothing is stored.")
    _add_refusals(made, responses, fastapi.exceptions.RequestValidationError)
    _add_pages(made, responses)
    _add_routes(made, desk)
    return Guard(made, max_bytes=max_bytes, timeout=timeout)  # outermost: headers on answers to errors too


def _add_pages(made: Any, responses: Any) -> None:
    for path, (name, kind) in STATIC.items():
        content = (PAGE / name).read_bytes()
        page = partial(responses.Response, content, media_type=f"{kind}; charset=utf-8")
        made.add_api_route(path, _without_arguments(page), include_in_schema=False)
    made.add_api_route("/docs", lambda: responses.HTMLResponse(api_page(made.openapi())), include_in_schema=False)


def _without_arguments(page: Callable[[], Any]) -> Callable[[], Any]:
    """A function whose signature FastAPI does not read as query parameters."""
    return lambda: page()


def _add_routes(made: Any, desk: Desk) -> None:
    @made.post("/read", response_model=Answer)
    async def read(request: Text) -> Any:
        """Read one text."""
        return await desk.work(partial(desk.read, request))

    @made.post("/read_many", response_model=list[Answer])
    async def read_many(request: Texts) -> Any:
        """Read several texts; the answers come in order."""
        return await desk.work(partial(desk.read_many, request))

    @made.get("/health", response_model=Health)
    async def health() -> Any:
        """Say whether the service answers, and with which model."""
        reader = desk.reader
        return {"status": "ok", "fingerprint": reader.fingerprint, "labels": list(reader.labels)}

    @made.get("/labels", response_model=list[Word])
    async def labels() -> Any:
        """The labels with their French names, in the order of the guide."""
        return legend(desk.reader.labels)


def _add_refusals(made: Any, responses: Any, invalid: type[Exception]) -> None:
    """Errors as `{"detail": why}`; none repeats the text that was sent."""
    def refusal(status: int, why: str, **headers: str) -> Any:
        return responses.JSONResponse({"detail": why}, status, headers=headers)

    @made.exception_handler(Busy)
    async def busy(request: Any, error: Exception) -> Any:
        return refusal(429, "too many readings at work: try again in a second", **{"retry-after": "1"})

    @made.exception_handler(TimeoutError)
    async def late(request: Any, error: Exception) -> Any:
        return refusal(503, "the reading took too long: send a shorter text, or try again later",
                       **{"retry-after": "5"})

    @made.exception_handler(invalid)
    async def unfit(request: Any, error: Any) -> Any:
        return refusal(422, "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
                                      for each in error.errors()[:5]).encode("ascii", "replace").decode())

    @made.exception_handler(BilanError)
    async def unreadable(request: Any, error: Any) -> Any:
        return refusal(422, f"{error.what}; {error.mend}" if error.mend else error.what)

    @made.exception_handler(Failed)
    async def failed(request: Any, error: Exception) -> Any:
        return refusal(500, "the reading failed")
