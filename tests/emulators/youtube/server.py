"""HTTP: routes, logins, the quota, the log of requests, and the faults that happen on the wire."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.emulators.youtube import broadcasts, chat, oauth, streams, videos
from tests.emulators.youtube.call import Call
from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.faults import AFTER, BEFORE, Fault, Kind
from tests.emulators.youtube.state import SCOPES, UNITS, Json, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

COMMON = {"onBehalfOfContentOwner", "onBehalfOfContentOwnerChannel"}

# (HTTP method, path): (name, what carries it out, its own query parameters)
ROUTES: dict[tuple[str, str], tuple[str, Callable[[State, Call], Json], set[str]]] = {
    ("GET", "/youtube/v3/videos"): ("videos.list", videos.list_videos, {"part", "id", "hl", "maxResults"}),
    ("PUT", "/youtube/v3/videos"): ("videos.update", videos.update_video, {"part"}),
    ("GET", "/youtube/v3/channels"): ("channels.list", videos.list_channels, {"part", "mine"}),
    ("POST", "/upload/youtube/v3/thumbnails/set"): ("thumbnails.set", videos.set_thumbnail, {"videoId"}),
    ("GET", "/youtube/v3/liveBroadcasts"): (
        "liveBroadcasts.list",
        broadcasts.list_broadcasts,
        {"part", "id", "mine", "broadcastStatus", "broadcastType", "maxResults", "pageToken"},
    ),
    ("POST", "/youtube/v3/liveBroadcasts"): ("liveBroadcasts.insert", broadcasts.insert_broadcast, {"part"}),
    ("PUT", "/youtube/v3/liveBroadcasts"): ("liveBroadcasts.update", broadcasts.update_broadcast, {"part"}),
    ("POST", "/youtube/v3/liveBroadcasts/bind"): (
        "liveBroadcasts.bind",
        broadcasts.bind_broadcast,
        {"part", "id", "streamId"},
    ),
    ("POST", "/youtube/v3/liveBroadcasts/transition"): (
        "liveBroadcasts.transition",
        broadcasts.transition_broadcast,
        {"part", "id", "broadcastStatus"},
    ),
    ("GET", "/youtube/v3/liveStreams"): (
        "liveStreams.list",
        streams.list_streams,
        {"part", "id", "mine", "maxResults", "pageToken"},
    ),
    ("POST", "/youtube/v3/liveStreams"): ("liveStreams.insert", streams.insert_stream, {"part"}),
    ("GET", "/youtube/v3/liveChat/messages"): (
        "liveChatMessages.list",
        chat.list_messages,
        {"part", "liveChatId", "hl", "maxResults", "pageToken", "profileImageSize"},
    ),
    ("POST", "/youtube/v3/liveChat/messages"): (
        "liveChatMessages.insert",
        chat.insert_message,
        {"part"},
    ),
}

_ANSWERS = {
    Kind.INTERNAL: ("internalError", 500),
    Kind.UNAVAILABLE: ("backendError", 503),
    Kind.TOO_MANY: ("rateLimitExceeded", 429),
    Kind.RATE: ("rateLimitExceeded", 403),
    Kind.USER_RATE: ("userRateLimitExceeded", 403),
    Kind.USER_REQUESTS: ("userRequestsExceedRateLimit", 403),
    Kind.QUOTA: ("quotaExceeded", 403),
    Kind.UNAUTHORIZED: ("authError", 401),
}
_UNPAID = {"quotaExceeded", "authError"}
_PAGES = {
    Kind.BAD_GATEWAY_AFTER: (502, b"<html><title>502 Bad Gateway</title></html>"),
    Kind.BAD_GATEWAY: (502, b"<html><title>502 Bad Gateway</title></html>"),
    Kind.FORBIDDEN_HTML: (403, b"<html><body>Please log in to the hotel's network</body></html>"),
    Kind.GARBLED: (200, b"<html>welcome</html>"),
}


_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER, on and for 0 seconds: closing then is a reset."""


@dataclass(frozen=True)
class Request:
    """One request as it came in, `at` this YouTube's time. `status` is 0 when no answer went out."""

    method: str
    path: str
    params: dict[str, list[str]]
    body: Any
    status: int
    at: datetime


class Server(ThreadingHTTPServer):
    """`latency` gives the seconds that a call of a method takes, `sleep` spends them, `chaos` may break any call."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(
        self,
        port: int,
        state: State,
        latency: Callable[[str], float] | None,
        sleep: Callable[[float], object] | None,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.state = state
        self.lock = threading.RLock()
        self.faults: dict[str, list[Fault]] = {}
        self.chaos: Callable[[str], Fault | None] | None = None
        self.requests: list[Request] = []
        self.arrived = threading.Condition(self.lock)
        self.closing = threading.Event()
        self.latency = latency
        self.sleep = sleep or self.closing.wait

    def take_fault(self, method: str) -> Fault | None:
        queue = self.faults.get(method) or []
        if not queue:
            return self.chaos(method) if self.chaos and method else None
        fault = queue[0]
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                queue.pop(0)
        return fault

    def shutdown_request(self, request: Any) -> None:
        """Say goodbye, except where closing shall be a reset."""
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET)) == _RESET:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news; anything else is a mistake of the emulator's, and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002  (the base class's name)

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        params = parse_qs(url.query, keep_blank_values=True)
        if url.path == "/o/oauth2/auth":
            self._consent(params)
            return
        name, carry_out, allowed = ROUTES.get((self.command, url.path), ("", None, set()))
        name = "token" if url.path == "/token" else name
        with self.server.lock:
            fault = self.server.take_fault(name)
        if fault and fault.before:
            fault.before()
        kind = fault.kind if fault else None
        travel = self.server.latency(name) / 2 if self.server.latency else 0.0
        if kind is Kind.SLOW and fault:
            travel = fault.seconds / 2
        if travel:
            self.server.sleep(travel)
        if kind in BEFORE and fault:
            self._log(name, url.path, params, body, 0)
            self._hang_up(fault)
            return
        if kind in _PAGES and kind not in AFTER:
            status, page = _PAGES[kind]
            self._log(name, url.path, params, body, status)
            self._send(status, page, "text/html; charset=UTF-8", fault)
            return
        if name == "token":
            status, answer = self._token(body, kind)
            body = b""
        else:
            status, answer = self._answer(name, carry_out, allowed, params, body, fault=fault)
        self._log(name, url.path, params, body, 0 if kind in AFTER else status)
        if travel:
            self.server.sleep(travel)
        if kind is Kind.BAD_GATEWAY_AFTER:
            self._send(*_PAGES[kind], "text/html; charset=UTF-8", fault)
        elif kind in AFTER and fault:
            self._hang_up(fault, json.dumps(answer).encode() if kind is Kind.CUT else b"")
        else:
            self._send(status, json.dumps(answer).encode(), "application/json; charset=UTF-8", fault)

    def _answer(
        self,
        name: str,
        carry_out: Callable[[State, Call], Json] | None,
        allowed: set[str],
        params: dict[str, list[str]],
        body: bytes,
        *,
        fault: Fault | None,
    ) -> tuple[int, Json]:
        state, kind = self.server.state, fault.kind if fault else None
        with self.server.lock:
            try:
                if carry_out is None:
                    raise ApiError("notFound", units=0)
                login = state.login_of(self.headers.get("authorization", "").removeprefix("Bearer "))
                if login is None:
                    raise ApiError("authError", units=0)
                if not login.scopes & SCOPES:
                    raise ApiError("insufficientPermissions", units=0)
                if kind is Kind.REFUSED and fault:
                    raise ApiError(fault.reason)
                if kind in _ANSWERS:
                    reason, status = _ANSWERS[kind]
                    raise ApiError(reason, status=status, units=0 if reason in _UNPAID else 1)
                if state.quota_used() + UNITS[name] > state.daily_quota:
                    raise ApiError("quotaExceeded", units=0)
                state.settle()
                content_type = self.headers.get("content-type", "")
                call = Call(name, params, content_type, body, login, {kind} if kind else set())
                call.check(allowed | COMMON)
                answer = carry_out(state, call)
            except ApiError as error:
                state.charge(name, error.units)
                return error.code, error.envelope()
            if kind is Kind.EMPTY and "items" in answer:
                answer |= {"items": [], "pageInfo": {"totalResults": 0, "resultsPerPage": 0}}
            state.charge(name, UNITS[name])
            return 200, answer

    def _token(self, body: bytes, kind: Kind | None) -> tuple[int, Json]:
        if kind in {Kind.INTERNAL, Kind.UNAVAILABLE}:
            return 503, {"error": "internal_failure", "error_description": "try again"}
        if kind is Kind.UNAUTHORIZED:
            return 400, oauth.REVOKED
        form = oauth.client(self.headers.get("Authorization", ""))
        form |= {key: values[0] for key, values in parse_qs(body.decode()).items()}
        with self.server.lock:
            return oauth.token(self.server.state, form)

    def _consent(self, params: dict[str, list[str]]) -> None:
        with self.server.lock:
            back = oauth.consent(self.server.state, {key: values[0] for key, values in params.items()})
        self._log("consent", "/o/oauth2/auth", {}, b"", 302 if back else 400)
        self.send_response(302 if back else 400)
        if back:
            self.send_header("Location", back)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _hang_up(self, fault: Fault, answer: bytes = b"") -> None:
        if fault.kind in {Kind.TIMEOUT_AFTER, Kind.TIMEOUT_BEFORE}:
            self.server.sleep(fault.seconds or 60)
        if answer:
            self._send(200, answer[: len(answer) // 2], "application/json; charset=UTF-8", None, size=len(answer))
        self.close_connection = True
        try:
            if fault.kind in {Kind.RESET_BEFORE, Kind.RESET_AFTER}:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            else:
                self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _send(
        self, status: int, content: bytes, content_type: str, fault: Fault | None, size: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content) if size is None else size))
        if fault and fault.retry_after:
            self.send_header("Retry-After", fault.retry_after)
        self.end_headers()
        self.wfile.write(content)

    def _log(self, name: str, path: str, params: dict[str, list[str]], content: bytes, status: int) -> None:
        body: Any = None
        if content:
            try:
                body = json.loads(content)
            except ValueError:
                body = f"{len(content)} bytes"
        with self.server.arrived:
            request = Request(name or self.command, path, params, body, status, self.server.state.now())
            self.server.requests.append(request)
            self.server.arrived.notify_all()
