"""One password for the control room (HTTP Basic); the user name is free and says who pressed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from starlette.requests import cookie_parser

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr
    from starlette.datastructures import Headers
    from starlette.types import Scope

ATTEMPTS = 10
WINDOW_SECONDS = 60.0
ADDRESSES = 1024
"""How many addresses' failures are remembered, so that a flood of addresses cannot fill the memory."""

COOKIE = "broadcaster_known"
COOKIE_SECONDS = 12 * 3600

Answer = tuple[int, str, dict[str, str]]


class Password:
    """Checks Basic credentials, and slows down whoever guesses.

    A browser that has shown the password gets a signed cookie. It stands in for the password where browsers
    send none (Safari's WebSocket handshakes), and keeps the operator's own page working while somebody at the
    same address is guessing. It dies with the process.
    """

    def __init__(self, secret: SecretStr, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret.get_secret_value().encode()
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def refusal(self, scope: Scope, headers: Headers, extra: dict[str, str]) -> Answer | None:
        """(status, detail, headers), or None: come in. Puts headers for the answer into `extra`."""
        address = scope["client"][0] if scope.get("client") else ""
        known = self._knows(cookie_parser(headers.get("cookie", "")).get(COOKIE, ""))
        if scope["type"] == "websocket" and known:
            return None
        wait = 0.0 if known else self._wait(address)
        if wait > 0:
            detail = _("Too many wrong passwords. Try again in %(seconds)s s.", seconds=round(wait) + 1)
            return 429, detail, {"retry-after": str(round(wait) + 1)}
        user, given = _basic(headers.get("authorization", ""))
        if given is None:
            return self._ask()
        if not hmac.compare_digest(_digest(given), _digest(self._secret)):
            self._remember_failure(address)
            return self._ask()
        scope.setdefault("state", {})["user"] = user
        if not known:
            secure = "; Secure" if scope.get("scheme") in {"https", "wss"} else ""
            limits = f"Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Strict{secure}"
            extra["set-cookie"] = f"{COOKIE}={self._ticket()}; {limits}"
        return None

    @staticmethod
    def _ask() -> Answer:
        detail = _("The control room needs its password.")
        return 401, detail, {"www-authenticate": 'Basic realm="Broadcaster", charset="UTF-8"'}

    def _wait(self, address: str) -> float:
        failures = self._failures.get(address)
        if failures is None:
            return 0.0
        now = self._clock()
        while failures and failures[0] <= now - WINDOW_SECONDS:
            failures.popleft()
        return failures[0] + WINDOW_SECONDS - now if len(failures) >= ATTEMPTS else 0.0

    def _remember_failure(self, address: str) -> None:
        self._failures.setdefault(address, deque(maxlen=ATTEMPTS)).append(self._clock())
        self._failures.move_to_end(address)
        while len(self._failures) > ADDRESSES:
            self._failures.popitem(last=False)

    def _ticket(self) -> str:
        expires = str(int(self._clock()) + COOKIE_SECONDS)
        return f"{expires}.{self._sign(expires)}"

    def _knows(self, ticket: str) -> bool:
        expires, _dot, signature = ticket.partition(".")
        if not expires.isascii() or not expires.isdecimal() or not signature.isascii():
            return False
        return hmac.compare_digest(signature, self._sign(expires)) and int(expires) > self._clock()

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _digest(secret: bytes) -> bytes:
    # Compared as digests, so that the time taken does not tell the length either.
    return hashlib.sha256(secret).digest()


def _basic(header: str) -> tuple[str, bytes | None]:
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        return "", None
    user, colon, password = decoded.partition(b":")
    return user.decode("utf-8", "replace")[:80], password if colon else None
