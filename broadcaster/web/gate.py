"""Who may come in: the checks before any route, and the headers after it.

The page can put things on air, so a request counts only when it cannot have been made by a foreign web page
in the operator's browser: its Host is this service (against DNS rebinding), its Origin is the page itself,
and its body is JSON, which a foreign form cannot send. Programs without an Origin, such as curl or Companion,
are welcome.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from broadcaster import language
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from broadcaster.web.password import Password

CUSTOM_HEADER = "x-broadcaster"
"""Its presence says as much as a JSON Content-Type: no foreign page can add it."""

BODY_LIMIT = 16 * 1024 * 1024
"""Bytes. A rundown of 10,000 items is about 4 MB of JSON."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
PUBLIC = ("/healthz", "/now.json", "/overlays/", "/static/")
"""Open without the password: they say nothing that viewers do not see, or that is not in the source."""


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


def is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Gate:
    """ASGI middleware around the whole application. Without a password it answers to loopback names only."""

    def __init__(self, app: ASGIApp, *, password: Password | None, speak: str) -> None:
        self._app = app
        self._password = password
        self._language = speak

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        language.use(_asked_language(scope) or self._language)
        headers = Headers(scope=scope)
        extra: dict[str, str] = {}
        refusal = self._refusal(scope, headers, extra)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                # Closing before accepting answers the handshake with 403.
                await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                response = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    response.setdefault(name, value)
                response.setdefault("cache-control", "no-store")
                for name, value in extra.items():
                    response[name] = value
            await send(message)

        if refusal is not None:
            answer = JSONResponse({"detail": refusal.detail}, refusal.status, dict(refusal.headers))
            await answer(scope, receive, send_guarded)
            return
        await self._app(scope, _limited(receive, headers), send_guarded)

    def _refusal(self, scope: Scope, headers: Headers, extra: dict[str, str]) -> Refusal | None:
        host = headers.get("host", "")
        if self._password is None and not is_loopback(_host_name(host)):
            return Refusal(421, _("This service answers to localhost only. Open it as http://127.0.0.1."))
        if self._password is not None and not scope["path"].startswith(PUBLIC):
            refused = self._password.refusal(scope, headers, extra)
            if refused is not None:
                return Refusal(*refused)
        if scope["type"] == "websocket" or scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            return _cross_site(scope, headers, host)
        return None


def _cross_site(scope: Scope, headers: Headers, host: str) -> Refusal | None:
    foreign = Refusal(403, _("A page of another site asked for this. Use the control page itself."))
    origin = headers.get("origin") or headers.get("referer")
    if origin is not None and _site(origin) != host.lower():
        return foreign
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return foreign
    if scope["type"] == "websocket":
        return None
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY_LIMIT:
        return Refusal(413, _("The request is too large."))
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    has_body = length != "0" or "transfer-encoding" in headers
    if CUSTOM_HEADER not in headers and kind != "application/json" and (kind or has_body):
        return Refusal(415, _("Send JSON, with the header Content-Type: application/json."))
    return None


def _site(url: str) -> str | None:
    """Host and port, in lower case; None when the address makes no sense."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return None


def _limited(receive: Receive, headers: Headers) -> Receive:
    if "transfer-encoding" not in headers:
        return receive
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > BODY_LIMIT:
            raise HTTPException(413, _("The request is too large."))
        return message

    return counting


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _asked_language(scope: Scope) -> str | None:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    return asked if asked in language.LANGUAGES else None
