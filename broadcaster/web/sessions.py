"""Signing in, and knowing again whoever has."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.requests import cookie_parser

from broadcaster.access import Role, Session
from broadcaster.web.attempts import Attempts, network
from broadcaster.web.password import basic
from broadcaster.web.people import now_utc
from broadcaster.web.tokens import PREFIX, key_of
from broadcaster.web.visitor import LOCAL, NOBODY, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import Headers

    from broadcaster.access import AccessStore, Account
    from broadcaster.web.clerk import Clerk
    from broadcaster.web.password import Password
    from broadcaster.web.people import People

log = logging.getLogger(__name__)

COOKIE = "broadcaster_session"
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
"""A session ends after so long without a request, and after so long at all."""

FRESH = timedelta(seconds=2)
"""What was looked up in the database is believed so long. A removed account is out within it."""
NOTED_AGAIN = timedelta(minutes=5)
"""How exactly it is kept when a session or a token was used last."""
REMEMBERED = 1024

NAME_ATTEMPTS = 30
"""Wrong passwords a minute for one name, from all addresses together: a net of guessers has many addresses."""


class WrongPassword(Exception):  # noqa: N818  (an answer to a person)
    """Or nobody has that name: it is not told which."""


class TooManyTries(Exception):  # noqa: N818  (an answer to a person)
    """`wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = round(wait) + 1


class Sessions:
    """Who is asking, from a cookie, a token or the shared password.

    Without accounts and without a password nobody has to sign in: that is for a service that listens on loopback
    only (`is_loopback`). The database may fail at any time: whoever was known is then still known.
    """

    def __init__(
        self,
        store: AccessStore,
        people: People,
        password: Password,
        clerk: Clerk,
        *,
        is_loopback: bool,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._store, self._people, self._password, self._clerk = store, people, password, clerk
        self._is_loopback = is_loopback
        self._clock = clock
        self._by_address = Attempts(lambda: clock().timestamp())
        self._by_name = Attempts(lambda: clock().timestamp(), NAME_ATTEMPTS)
        self._known: OrderedDict[str, tuple[Visitor, datetime]] = OrderedDict()
        self._is_open = False
        self._open_until: datetime | None = None
        # The shared password may be another one since the last start.
        store.end_sessions_of(None)

    # ------------------------------------------------------- who is asking

    def nobody_signs_in(self) -> bool:
        """Whether whoever reaches this service is its admin."""
        if not self._is_loopback or self._password.is_set:
            return False
        now = self._clock()
        if self._open_until is None or now >= self._open_until:
            try:
                self._is_open = not self._store.accounts()
            except Exception:
                log.exception("The accounts cannot be read; what was so before holds.")
            self._open_until = now + FRESH
        return self._is_open

    def visitor(self, headers: Headers, address: str) -> Visitor:
        """NOBODY for whoever is not known.

        Raises:
            TooManyTries: of guessing the shared password.
        """
        if self.nobody_signs_in():
            return LOCAL
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        found = self._looked_up(f"s{key_of(cookie)}", self._of_session) if cookie else NOBODY
        authorization = headers.get("authorization", "")
        if found is NOBODY and authorization:
            return self._of_header(authorization, address)
        return found

    def forget(self) -> None:
        """Look everybody up anew: somebody's rights have changed."""
        self._known.clear()
        self._open_until = None

    def _of_header(self, authorization: str, address: str) -> Visitor:
        scheme, _space, rest = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return self._of_token(rest.strip())
        user, given = basic(authorization)
        if given is None:
            return NOBODY
        if given.startswith(PREFIX.encode()):
            # For programs that can say a password and no header of their own.
            return self._of_token(given.decode("utf-8", "replace"))
        if not self._password.is_set:
            return NOBODY
        wait = self._by_address.wait(network(address))
        if wait > 0:
            raise TooManyTries(wait)
        if not self._password.matches(given):
            self._by_address.failed(network(address))
            return NOBODY
        return Visitor(user, Role.OPERATOR.rights, "password", Role.OPERATOR)

    def _of_token(self, secret: str) -> Visitor:
        return self._looked_up(f"t{key_of(secret)}", self._token)

    def _looked_up(self, key: str, look: Callable[[str], Visitor]) -> Visitor:
        now = self._clock()
        visitor, until = self._known.get(key, (NOBODY, now))
        if now < until:
            return visitor
        try:
            visitor = look(key[1:])
        except Exception:
            log.exception("It cannot be looked up who is asking; what was known before holds.")
        self._known[key] = visitor, now + FRESH
        self._known.move_to_end(key)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return visitor

    def _of_session(self, key: str) -> Visitor:
        found = self._store.session(key)
        now = self._clock()
        if found is None or found[0].expires_at <= now:
            return NOBODY
        session, role = found
        if session.account is None:
            role = Role.OPERATOR if self._password.is_set else None
        if role is None:
            return NOBODY
        if now - session.seen_at >= NOTED_AGAIN:
            until = min(now + IDLE, session.created_at + LONGEST)
            self._clerk.later(self._store.touch_session, key, now, until)
        return Visitor(session.name, role.rights, "session", role, session.account, session.key)

    def _token(self, key: str) -> Visitor:
        token = self._store.token(key)
        if token is None:
            return NOBODY
        now = self._clock()
        if token.used_at is None or now - token.used_at >= NOTED_AGAIN:
            self._clerk.later(self._store.touch_token, token.id, now)
        return Visitor(token.label, token.rights, "token")

    # ------------------------------------------------------ signing in and out

    async def sign_in(self, name: str, password: str, address: str, browser: str) -> tuple[Session, str]:
        """The new session, and what its cookie holds.

        Raises:
            WrongPassword, TooManyTries, people.Busy
        """
        name = " ".join(name.split())[:80]
        place = network(address)
        wait = self._by_address.wait(place)
        if not wait and not self._has_been_in(name, place):
            wait = self._by_name.wait(name.lower())
        if wait:
            raise TooManyTries(wait)
        account = await self._people.check(name, password)
        if account is None and not self._password.matches(password):
            self._by_address.failed(place)
            self._by_name.failed(name.lower())
            raise WrongPassword
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        session = Session(
            key=key_of(secret),
            account=account.name if account else None,
            name=account.name if account else name,
            address=address[:80],
            browser=browser[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + IDLE,
        )
        await self._clerk.do(self._begin, session, account)
        return session, secret

    async def confirm(self, account: str, password: str, address: str) -> None:
        """That somebody who is signed in knows the account's password, too. Raises WrongPassword, TooManyTries."""
        place = network(address)
        if wait := self._by_address.wait(place):
            raise TooManyTries(wait)
        if await self._people.check(account, password) is None:
            self._by_address.failed(place)
            raise WrongPassword

    async def sign_out(self, key: str) -> None:
        await self._clerk.do(self._store.end_session, key)
        self.forget()

    def _begin(self, session: Session, account: Account | None) -> None:
        """Unless the password is another one by now: then it must not open anything any more. Raises WrongPassword."""
        if account is not None:
            known = self._people.find(account.name)
            if known is None or known.password != account.password:
                raise WrongPassword
        self._store.put_session(session)

    def _has_been_in(self, name: str, place: str) -> bool:
        """Whether that person is signed in from there, so that guessers elsewhere cannot keep them out."""
        lowered = name.lower()
        return any(each.name.lower() == lowered and network(each.address) == place for each in self._store.sessions())
