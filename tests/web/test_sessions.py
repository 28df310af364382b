"""Signing in, staying in, and being out."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from broadcaster.access import Right, Role
from broadcaster.web import create_app, gate
from broadcaster.web.attempts import ATTEMPTS, network
from broadcaster.web.clerk import Clerk
from broadcaster.web.password import Password
from broadcaster.web.people import People
from broadcaster.web.sessions import IDLE, LONGEST, NAME_ATTEMPTS, Sessions, TooManyTries, WrongPassword
from broadcaster.web.tokens import Tokens
from broadcaster.web.visitor import LOCAL, NOBODY, Visitor
from tests.web.conftest import OVERLAYS, PASSWORD, settings
from tests.web.people import CHEAP, nobody, password_of, with_people

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from pydantic import SecretStr

    from broadcaster.access import AccessStore, Account
    from tests.web.room import FakeRoom

    SignedIn = Callable[[Role], Awaitable[httpx.AsyncClient]]

HOME = "http://expo.example"
DESK = "192.168.1.30"


class Door:
    """Sessions with a clock that the test holds."""

    def __init__(
        self, access: AccessStore | None = None, secret: SecretStr | None = None, *, is_loopback: bool = False
    ) -> None:
        self.now = datetime(2026, 11, 24, 1, tzinfo=UTC)
        self.access = access or with_people(admin=Role.ADMIN, rina=Role.OPERATOR)
        self.people = People(self.access, hasher=CHEAP)
        self.clerk = Clerk()
        self.sessions = Sessions(
            self.access,
            self.people,
            Password(secret),
            self.clerk,
            is_loopback=is_loopback,
            clock=lambda: self.now,
        )

    async def sign_in(self, name: str = "rina", password: str = "", address: str = DESK) -> str:
        _session, secret = await self.sessions.sign_in(name, password or password_of(name), address, "Firefox")
        return secret

    def visitor(self, *, cookie: str = "", authorization: str = "", address: str = DESK) -> Visitor:
        headers = httpx.Headers()
        if cookie:
            headers["cookie"] = f"broadcaster_session={cookie}"
        if authorization:
            headers["authorization"] = authorization
        return self.sessions.visitor(headers, address)  # type: ignore[arg-type]

    async def written(self) -> None:
        """All that is to be written is."""
        await self.clerk.do(lambda: None)


async def test_whoever_has_signed_in_is_known_by_the_cookie() -> None:
    door = Door()

    visitor = door.visitor(cookie=await door.sign_in(" Rina "[1:-1].lower()))

    assert ("rina", "rina", Role.OPERATOR, "session") == (visitor.name, visitor.account, visitor.role, visitor.via)


async def test_the_database_does_not_hold_what_opens_the_door() -> None:
    door = Door()

    secret = await door.sign_in()

    assert secret not in repr(door.access.sessions())
    assert secret not in [session.key for session in door.access.sessions()]
    assert all(account.password.startswith("$argon2id$") for account in door.access.accounts())


@pytest.mark.parametrize(("name", "password"), [("rina", "wrong"), ("nobody", "wrong"), ("", ""), ("rina", "x" * 1000)])
async def test_a_wrong_name_or_password_is_refused_alike(name: str, password: str) -> None:
    with pytest.raises(WrongPassword):
        await Door().sign_in(name, password or " ")


async def test_guessing_is_slowed_down_and_the_right_password_waits_too() -> None:
    door = Door()
    for _ in range(ATTEMPTS):
        with pytest.raises(WrongPassword):
            await door.sign_in("rina", "guess")

    with pytest.raises(TooManyTries) as refused:
        await door.sign_in()
    door.now += timedelta(seconds=refused.value.wait)

    assert 0 < refused.value.wait <= 61
    assert await door.sign_in()


async def test_guessing_from_elsewhere_does_not_lock_a_person_out() -> None:
    door = Door()
    for _ in range(ATTEMPTS):
        with pytest.raises(WrongPassword):
            await door.sign_in("rina", "guess", "10.0.0.9")

    assert await door.sign_in()


async def test_a_net_of_guessers_is_slowed_down_for_the_name_but_not_where_the_person_is() -> None:
    door = Door()
    await door.sign_in()
    for number in range(NAME_ATTEMPTS):
        with pytest.raises(WrongPassword):
            await door.sign_in("rina", "guess", f"10.0.1.{number}")

    with pytest.raises(TooManyTries):
        await door.sign_in("rina", "guess", "10.0.2.1")

    assert await door.sign_in()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_one_guesser_is_one_network(one: str, other: str, same: bool) -> None:
    assert same == (network(one) == network(other))


async def test_a_session_ends_when_it_is_not_used() -> None:
    door = Door()
    cookie = await door.sign_in()

    door.now += IDLE - timedelta(seconds=1)
    assert door.visitor(cookie=cookie) is not NOBODY
    await door.written()
    door.now += IDLE - timedelta(seconds=1)
    assert door.visitor(cookie=cookie) is not NOBODY
    await door.written()
    door.now += IDLE

    assert door.visitor(cookie=cookie) is NOBODY


async def test_a_session_ends_after_a_week_however_much_it_is_used() -> None:
    door = Door()
    cookie = await door.sign_in()
    began = door.now
    while door.now - began < LONGEST - IDLE / 2:
        door.now += IDLE / 2
        assert door.visitor(cookie=cookie) is not NOBODY
        await door.written()

    door.now = began + LONGEST

    assert door.visitor(cookie=cookie) is NOBODY


async def test_a_password_that_is_changed_while_it_is_being_checked_opens_nothing() -> None:
    """It is changed because somebody has it who should not."""
    door = Door()

    class Meanwhile(People):
        async def check(self, name: str, password: str) -> Account | None:
            account = await super().check(name, password)
            door.people.change("rina", password="an entirely new one")
            return account

    people = Meanwhile(door.access, hasher=CHEAP)
    sessions = Sessions(door.access, people, Password(None), door.clerk, is_loopback=False, clock=lambda: door.now)

    with pytest.raises(WrongPassword):
        await sessions.sign_in("rina", password_of("rina"), DESK, "Firefox")

    assert [] == door.access.sessions()


async def test_a_request_that_crosses_with_signing_out_does_not_sign_in_again() -> None:
    """When a session was used last is written later, in turn: the session may have ended by then."""
    door = Door()
    cookie = await door.sign_in()
    key = door.visitor(cookie=cookie).key
    door.now += timedelta(minutes=10)
    out = asyncio.ensure_future(door.clerk.do(_wait_a_little))
    ended = asyncio.ensure_future(door.clerk.do(door.access.end_session, key))
    await asyncio.sleep(0)
    assert door.visitor(cookie=cookie) is not NOBODY  # it has not ended yet, and its use is to be written

    await asyncio.gather(out, ended)
    await door.written()
    door.now += timedelta(minutes=10)

    assert (NOBODY, []) == (door.visitor(cookie=cookie), door.access.sessions())


def _wait_a_little() -> None:
    """On the clerk's thread, so that a request comes before what stands behind it in the queue."""
    time.sleep(0.05)


async def test_signing_out_ends_the_session_and_no_other() -> None:
    door = Door()
    here, there = await door.sign_in(), await door.sign_in()

    await door.sessions.sign_out(door.visitor(cookie=here).key)

    assert (True, False) == (door.visitor(cookie=here) is NOBODY, door.visitor(cookie=there) is NOBODY)


async def test_a_new_password_a_new_role_and_a_removal_count_at_once_wherever_they_are_made() -> None:
    """Another process, the command line, may have done it."""
    door = Door()
    cookie = await door.sign_in()
    elsewhere = People(door.access, hasher=CHEAP)

    elsewhere.change("rina", role=Role.VIEWER)
    door.now += timedelta(seconds=2)
    role = door.visitor(cookie=cookie).role
    elsewhere.change("rina", password="an entirely new one")
    door.now += timedelta(seconds=2)
    after_password = door.visitor(cookie=cookie)
    cookie = await door.sign_in("rina", "an entirely new one")
    assert door.visitor(cookie=cookie) is not NOBODY
    elsewhere.remove("rina")
    door.now += timedelta(seconds=2)

    assert (Role.VIEWER, NOBODY, NOBODY) == (role, after_password, door.visitor(cookie=cookie))


async def test_a_service_that_starts_again_knows_people_but_not_the_shared_password(locked: SecretStr) -> None:
    door = Door(secret=locked)
    rina, guest = await door.sign_in(), await door.sign_in("Pak Budi", PASSWORD)
    assert ("Pak Budi", Role.OPERATOR) == (door.visitor(cookie=guest).name, door.visitor(cookie=guest).role)

    again = Door(door.access, locked)

    assert (False, True) == (again.visitor(cookie=rina) is NOBODY, again.visitor(cookie=guest) is NOBODY)


@pytest.fixture
def locked() -> SecretStr:
    password = settings(password=PASSWORD).web.password
    assert password is not None
    return password


async def test_a_database_that_fails_locks_nobody_out_who_was_in(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door()
    cookie = await door.sign_in()
    assert door.visitor(cookie=cookie) is not NOBODY

    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(door.access, "session", fail)
    door.now += timedelta(minutes=1)

    assert "rina" == door.visitor(cookie=cookie).name
    assert door.visitor(cookie="forged") is NOBODY


async def test_a_token_is_known_from_either_header_until_it_is_removed() -> None:
    door = Door()
    token, secret = Tokens(door.access).make("Companion", [Right.PRESS], "admin")
    basic = httpx.BasicAuth("any", secret)
    request = next(basic.auth_flow(httpx.Request("GET", HOME)))

    bearer = door.visitor(authorization=f"Bearer {secret}")
    as_basic = door.visitor(authorization=request.headers["authorization"])
    door.access.remove_token(token.id)
    door.now += timedelta(seconds=2)
    removed = door.visitor(authorization=f"Bearer {secret}")

    assert ("Companion", "token") == (bearer.name, bearer.via)
    assert (bearer, NOBODY) == (as_basic, removed)


async def test_it_is_kept_when_a_token_was_used_last() -> None:
    door = Door()
    _token, secret = Tokens(door.access).make("Companion", [], "admin")

    door.visitor(authorization=f"Bearer {secret}")
    await door.written()

    assert [door.now] == [token.used_at for token in door.access.tokens()]


def test_on_loopback_nobody_signs_in_until_there_is_an_account() -> None:
    door = Door(nobody(), is_loopback=True)
    before = door.visitor()

    People(door.access, hasher=CHEAP).add("ada", Role.ADMIN, "a long enough one")
    door.now += timedelta(seconds=2)

    assert (LOCAL, NOBODY) == (before, door.visitor())


# ---------------------------------------------------------------- in a browser


async def test_a_page_leads_to_the_sign_in_page_and_back(staffed_app: FastAPI) -> None:
    transport = httpx.ASGITransport(staffed_app, client=(DESK, 1))
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers={"accept": "text/html"}) as browser:
        refused = await browser.get("/audit?who=rina")
        there = refused.headers["location"]
        page = await browser.get(there)
        headers = {"origin": HOME}
        given = {"name": "ADMIN", "password": password_of("admin")}
        answer = await browser.post("/api/v1/session", json=given, headers=headers)

        assert (303, "/login?next=/audit%3Fwho%3Drina") == (refused.status_code, there)
        assert 'data-onward="/audit?who=rina"' in page.text
        assert {"name": "admin"} == answer.json()
        cookie = answer.headers["set-cookie"]
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert 200 == (await browser.get("/audit?who=rina")).status_code
        assert "/" == (await browser.get("/login")).headers["location"]


@pytest.mark.parametrize(
    "onward", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
async def test_the_sign_in_page_leads_nowhere_else(staffed_app: FastAPI, onward: str) -> None:
    transport = httpx.ASGITransport(staffed_app, client=(DESK, 1))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as browser:
        page = await browser.get("/login", params={"next": onward})

    assert 'data-onward="/"' in page.text


async def test_over_https_the_cookie_never_goes_over_http(staffed_app: FastAPI) -> None:
    transport = httpx.ASGITransport(staffed_app, client=(DESK, 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://expo.example") as browser:
        given = {"name": "admin", "password": password_of("admin")}
        answer = await browser.post("/api/v1/session", json=given)

    assert "Secure" in answer.headers["set-cookie"]


async def test_wrong_passwords_are_answered_401_and_then_429(staffed_app: FastAPI) -> None:
    transport = httpx.ASGITransport(staffed_app, client=(DESK, 1))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as browser:
        given = {"name": "admin", "password": "guess"}
        answers = [await browser.post("/api/v1/session", json=given) for _ in range(ATTEMPTS + 1)]

    assert [*[401] * ATTEMPTS, 429] == [answer.status_code for answer in answers]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 61


async def test_a_press_with_nothing_but_the_cookie_is_not_taken_for_the_pages(
    signed_in: SignedIn, room: FakeRoom
) -> None:
    """Browsers say where a request comes from; one that does not say it cannot be told from a forged one."""
    browser = await signed_in(Role.OPERATOR)
    del browser.headers["origin"]

    forged = await browser.post("/api/v1/take")
    own = await browser.post("/api/v1/take", headers={"x-broadcaster": "page"})

    assert (403, 200) == (forged.status_code, own.status_code)
    assert [("take", None, "operator@192.168.1.30")] == room.presses


async def test_one_can_change_ones_password_and_the_other_browsers_are_out(signed_in: SignedIn) -> None:
    here, there = await signed_in(Role.VIEWER), await signed_in(Role.VIEWER)
    wrong = await here.put("/api/v1/account/password", json={"old": "guess", "new": "something longer"})
    short = await here.put("/api/v1/account/password", json={"old": password_of("viewer"), "new": "short"})
    done = await here.put("/api/v1/account/password", json={"old": password_of("viewer"), "new": "something longer"})

    assert [409, 409, 204] == [wrong.status_code, short.status_code, done.status_code]
    assert [200, 401] == [(await browser.get("/api/v1/session")).status_code for browser in (here, there)]


async def test_whoever_signs_out_is_out(signed_in: SignedIn) -> None:
    browser = await signed_in(Role.VIEWER)
    told = (await browser.get("/api/v1/session")).json()
    out = await browser.delete("/api/v1/session", headers={"x-broadcaster": "page"})

    assert {"name": "viewer", "role": "viewer", "rights": ["look"], "via": "session", "account": "viewer"} == told
    assert (204, 401) == (out.status_code, (await browser.get("/api/v1/session")).status_code)


def test_an_open_live_socket_is_closed_when_its_person_is_removed(room: FakeRoom, monkeypatch) -> None:
    monkeypatch.setattr(gate, "LOOK_AGAIN_SECONDS", 0.01)
    access = with_people(admin=Role.ADMIN, rina=Role.VIEWER)
    app = create_app(room, settings(host="0.0.0.0"), overlays=OVERLAYS, access=access, hasher=CHEAP)
    with TestClient(app, base_url=HOME) as browser:
        browser.post("/api/v1/session", json={"name": "rina", "password": password_of("rina")})
        with browser.websocket_connect("ws://expo.example/api/v1/live") as socket:
            assert socket.receive_json()
            app.state.house.people.remove("rina")
            app.state.house.sessions.forget()

            with pytest.raises(WebSocketDisconnect):  # noqa: PT012  (what was on its way arrives first)
                while True:
                    socket.receive_json()


async def test_many_who_sign_in_at_once_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from broadcaster.web import people

    door = Door()
    monkeypatch.setattr(people, "WAITING", 1)

    answers = await asyncio.gather(door.sign_in(), door.sign_in(), return_exceptions=True)

    assert [str, people.Busy] == [type(answer) for answer in answers]
