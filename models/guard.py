"""The door of the service: the size of a request, the time that its body may take, the headers of every answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                               "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware: 413 above `max_bytes`, 408 for a body that takes over `timeout` seconds, security headers."""

    def __init__(self, app: Any, *, max_bytes: int, timeout: float) -> None:
        self.app, self.max_bytes, self.timeout = app, max_bytes, timeout

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request; other kinds of scope (lifespan) go through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = _with_headers(send)
        if self._announced(scope) > self.max_bytes:
            await self._refuse(guarded)
            return
        try:
            body = await asyncio.wait_for(self._body(receive), self.timeout)
        except TimeoutError:
            await refuse(guarded, 408, f"the request took over {self.timeout:g} seconds to arrive")
            return
        if body is None:
            await self._refuse(guarded)
            return
        await self.app(scope, _replayed(body, receive), guarded)

    def _announced(self, scope: Any) -> int:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        return int(length) if length.isdigit() else 0

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body, None where it is too large; an empty one where the client has gone."""
        body, more = bytearray(), True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self.max_bytes:
                return None
        return bytes(body)

    async def _refuse(self, send: Send) -> None:
        await refuse(send, 413, f"the request is larger than {self.max_bytes} bytes: send the text in parts")


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    encoded = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *encoded]}
        await send(message)

    return guarded


async def refuse(send: Send, status: int, why: str) -> None:
    """A refusal as JSON; the connection is closed, as the rest of the body is not read."""
    body = json.dumps({"detail": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
               (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
