"""Who may come in: the checks before any route, and the headers after it.

The page can put things on air, so a request counts only when it cannot have been made by a foreign web page
in the operator's browser: its Host is this service (against DNS rebinding), its Origin is the page itself,
and its body is of a kind that a foreign form cannot send. Programs without an Origin, such as curl or Companion,
are welcome. Then the table of rights is followed, and what was done is written into the audit log.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse

from broadcaster import language
from broadcaster.language import gettext as _
from broadcaster.web.rights import Rule, Table
from broadcaster.web.sessions import TooManyTries
from broadcaster.web.visitor import NOBODY, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from broadcaster.access import Right
    from broadcaster.web.audit import Audit
    from broadcaster.web.sessions import Sessions

CUSTOM_HEADER = "x-broadcaster"
"""Its presence says as much as a JSON Content-Type: no foreign page can add it."""

KINDS = {"application/json", "application/offset+octet-stream"}
"""Bodies that no page can send to another site without being asked first."""

BODY_LIMIT = 16 * 1024 * 1024
"""Bytes. A rundown of 10,000 items is about 4 MB of JSON."""

SAFE = {"GET", "HEAD", "OPTIONS"}
NO_TRY = {422, 429}
"""Answers to a stranger who has not even tried a password: in the log, anybody could fill the disk with them."""

LANGUAGE_COOKIE = "broadcaster_language"
LANGUAGE_KEPT_SECONDS = 365 * 24 * 3600
"""How long a browser keeps the language that was chosen on a page with ?lang=."""

LOOK_AGAIN_SECONDS = 5.0
"""How soon a live socket is closed whose visitor may no longer look."""

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
    """ASGI middleware around the whole application. Where nobody signs in it answers to loopback names only.

    `refused_page` makes the page for a person who may not see what they asked for.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions,
        audit: Audit,
        speak: str,
        refused_page: Callable[[Scope, Refusal], Response] | None = None,
        table: Table | None = None,
    ) -> None:
        self._app = app
        self._sessions, self._audit = sessions, audit
        self._language = speak
        self._refused_page = refused_page
        self._table = table or Table()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = _asked_language(scope)
        language.use(asked or _kept_language(headers) or self._language)
        method = "WS" if scope["type"] == "websocket" else scope["method"]
        rule = self._table.find(method, scope["path"])
        visitor, refusal = self._decide(scope, headers, rule)
        state = scope.setdefault("state", {})
        state["visitor"] = visitor
        if scope["type"] == "websocket":
            await self._attend(scope, receive, send, refusal, rule)
            return
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                response = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    response.setdefault(name, value)
                response.setdefault("cache-control", "no-store")
                if asked and method == "GET" and _wants_page(headers):
                    response.append("set-cookie", _language_cookie(asked, scope))
            await send(message)

        try:
            if refusal is None:
                await self._app(scope, _limited(receive, headers), send_guarded)
            else:
                await self._refuse(scope, headers, refusal)(scope, receive, send_guarded)
        finally:
            is_knock = visitor is NOBODY and (refusal is not None or status in NO_TRY)
            if rule is not None and rule.act and not is_knock:
                await self._audit.write(visitor, _address(scope), rule.act, status, state.get("deed", {}))

    # ------------------------------------------------------------ deciding

    def _decide(self, scope: Scope, headers: Headers, rule: Rule | None) -> tuple[Visitor, Refusal | None]:
        host = headers.get("host", "")
        # A proxy on this machine says who asks: then it is not somebody at this machine.
        is_near = is_loopback(_host_name(host)) and not _is_elsewhere(_address(scope))
        if self._sessions.nobody_signs_in() and not is_near:
            return NOBODY, Refusal(421, _("This service answers to localhost only. Open it as http://127.0.0.1."))
        try:
            visitor = self._sessions.visitor(headers, _address(scope))
        except TooManyTries as error:
            if rule is None or rule.right is not None:
                return NOBODY, too_many_tries(error)
            visitor = NOBODY
        if rule is None:
            return visitor, self._unknown(scope, visitor)
        if not visitor.may(rule.right):
            return visitor, _ask(headers) if visitor is NOBODY else _not_allowed(rule.right)
        if scope["type"] == "websocket" or scope["method"] not in SAFE:
            return visitor, _cross_site(scope, headers, host, visitor)
        return visitor, None

    def _unknown(self, scope: Scope, visitor: Visitor) -> Refusal:
        if visitor is NOBODY:
            # Not even what there is shall be told.
            return _ask(Headers(scope=scope))
        methods = self._table.methods(scope["path"])
        if methods:
            return Refusal(405, _("This cannot be done here."), {"allow": ", ".join(methods)})
        return Refusal(404, _("There is nothing here."))

    def _refuse(self, scope: Scope, headers: Headers, refusal: Refusal) -> Response:
        wants_page = scope["method"] == "GET" and _wants_page(headers)
        if wants_page and refusal.status == 401:
            there = scope["path"] + (f"?{query}" if (query := scope["query_string"].decode("latin-1")) else "")
            return RedirectResponse(f"/login?next={quote(there, safe='/')}", 303)
        if wants_page and refusal.status in {403, 404} and self._refused_page is not None:
            return self._refused_page(scope, refusal)
        return JSONResponse({"detail": refusal.detail}, refusal.status, dict(refusal.headers))

    # ------------------------------------------------------------- sockets

    async def _attend(
        self, scope: Scope, receive: Receive, send: Send, refusal: Refusal | None, rule: Rule | None
    ) -> None:
        if refusal is not None or rule is None:
            # Closing before accepting answers the handshake with 403.
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        if rule.right is None:
            await self._app(scope, receive, send)
            return
        visiting = asyncio.ensure_future(self._app(scope, receive, send))
        watching = asyncio.create_task(self._until_unwelcome(scope, rule.right))
        try:
            await asyncio.wait({visiting, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not visiting.done():
                with contextlib.suppress(Exception):  # it may be closing by itself
                    await send({"type": "websocket.close", "code": 1008, "reason": ""})
        finally:
            for task in (visiting, watching):
                task.cancel()
            await asyncio.wait({visiting, watching})
        if not visiting.cancelled():
            visiting.result()

    async def _until_unwelcome(self, scope: Scope, right: Right) -> None:
        headers, address = Headers(scope=scope), _address(scope)
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            with contextlib.suppress(TooManyTries):
                if not self._sessions.visitor(headers, address).may(right):
                    return


def too_many_tries(error: TooManyTries) -> Refusal:
    detail = _("Too many wrong passwords. Try again in %(seconds)s s.", seconds=error.wait)
    return Refusal(429, detail, {"retry-after": str(error.wait)})


def _ask(headers: Headers) -> Refusal:
    # To a page's own request a browser would answer with a dialog of its own.
    is_page = "sec-fetch-mode" in headers or CUSTOM_HEADER in headers
    challenge = "Bearer" if is_page else 'Basic realm="Broadcaster", charset="UTF-8"'
    return Refusal(401, _("Sign in first."), {"www-authenticate": challenge})


def _not_allowed(right: Right | None) -> Refusal:
    who = {
        "edit": _("Only organizers, operators and admins may do this. Ask an admin for another role."),
        "press": _("Only operators and admins may do this. Ask an admin for another role."),
        "rule": _("Only admins may do this."),
    }
    return Refusal(403, who.get(str(right), _("You may not do this.")))


def _cross_site(scope: Scope, headers: Headers, host: str, visitor: Visitor) -> Refusal | None:
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
    if CUSTOM_HEADER in headers or kind in KINDS:
        return None
    if kind or has_body:
        return Refusal(415, _("Send JSON, with the header Content-Type: application/json."))
    # A cookie comes along by itself: then something must say that the page itself asks.
    return foreign if visitor.via == "session" and origin is None else None


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


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _is_elsewhere(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False  # a socket without an address is of this machine


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")


def _kept_language(headers: Headers) -> str | None:
    kept = cookie_parser(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    return kept if kept in language.LANGUAGES else None


def _language_cookie(chosen: str, scope: Scope) -> str:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{LANGUAGE_COOKIE}={chosen}; Max-Age={LANGUAGE_KEPT_SECONDS}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _asked_language(scope: Scope) -> str | None:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    return asked if asked in language.LANGUAGES else None
