"""Who did what, when, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from broadcaster.access import Role
from broadcaster.web.attempts import ATTEMPTS
from broadcaster.web.people_pages import KNOWN_ACTS, act_words
from tests.web.conftest import PASSWORD
from tests.web.people import password_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest
    from fastapi import FastAPI

    from tests.web.room import FakeRoom

    SignedIn = Callable[[Role], Awaitable[httpx.AsyncClient]]

JSON = {"x-broadcaster": "page"}


def deeds(app: FastAPI) -> list[tuple[Any, ...]]:
    """The newest last."""
    found = reversed(app.state.house.store.deeds())
    return [(deed.who, deed.via, deed.address, deed.act, deed.status, dict(deed.values)) for deed in found]


async def test_every_act_is_in_the_log_with_who_what_and_from_where(signed_in: SignedIn, staffed_app: FastAPI) -> None:
    operator = await signed_in(Role.OPERATOR)

    await operator.post("/api/v1/jump", json={"id": "talkshow"})
    await operator.post("/api/v1/stream", json={"on": False})
    await operator.get("/api/v1/status")

    assert [
        ("operator", "nobody", "192.168.1.30", "sign in", 200, {}),
        ("operator", "session", "192.168.1.30", "jump", 200, {"item": "talkshow"}),
        ("operator", "session", "192.168.1.30", "stream", 200, {"on": False}),
    ] == deeds(staffed_app)


async def test_what_was_refused_is_in_the_log_too(signed_in: SignedIn, staffed_app: FastAPI, room: FakeRoom) -> None:
    viewer, operator = await signed_in(Role.VIEWER), await signed_in(Role.OPERATOR)
    room.refuse = "There is nothing to take."

    await viewer.post("/api/v1/take", headers=JSON)
    await operator.post("/api/v1/take", headers=JSON)

    assert [("viewer", "take", 403), ("operator", "take", 409)] == [
        (who, act, status) for who, _via, _address, act, status, _values in deeds(staffed_app)[2:]
    ]


async def test_wrong_passwords_are_in_the_log_and_strangers_knocks_are_not(staffed_app: FastAPI) -> None:
    """Or anybody could fill the disk with it: nor are tries that come too often to be looked at, or make no sense."""
    transport = httpx.ASGITransport(staffed_app, client=("10.0.0.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://expo.example") as stranger:
        for _ in range(ATTEMPTS + 5):
            await stranger.post("/api/v1/session", json={"name": "admin", "password": "a guess"})
        for _ in range(20):
            await stranger.post("/api/v1/take", headers=JSON)
            await stranger.post("/api/v1/session", json={"name": "admin"})

    assert [("admin", "nobody", "10.0.0.9", "sign in", 401, {})] * ATTEMPTS == deeds(staffed_app)


async def test_no_password_and_no_token_is_in_the_log(signed_in: SignedIn, staffed_app: FastAPI) -> None:
    admin = await signed_in(Role.ADMIN)

    token = (await admin.post("/api/v1/tokens", json={"label": "Deck"})).json()["token"]
    await admin.patch("/api/v1/people/viewer", json={"password": "tenun ikat troso"})
    await admin.put("/api/v1/account/password", json={"old": password_of("admin"), "new": "batik tulis lawasan"})

    log = str(deeds(staffed_app))
    assert not [secret for secret in (token, "troso", "lawasan", password_of("admin")) if secret in log]
    assert "'password': 'new'" in log


async def test_a_program_with_the_shared_password_is_in_the_log_by_the_name_that_it_gives(locked_app: FastAPI) -> None:
    transport = httpx.ASGITransport(locked_app, client=("192.168.1.20", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://x", auth=("rina", PASSWORD)) as program:
        await program.post("/api/v1/hold")

    assert [("rina", "password", "192.168.1.20", "hold", 200, {"item": None})] == deeds(locked_app)


async def test_the_log_is_read_backwards_and_by_person_and_act(signed_in: SignedIn) -> None:
    admin, operator = await signed_in(Role.ADMIN), await signed_in(Role.OPERATOR)
    for act in ("hold", "resume", "hold"):
        await operator.post(f"/api/v1/{act}", headers=JSON)

    newest = (await admin.get("/api/v1/audit", params={"limit": 2})).json()
    earlier = (await admin.get("/api/v1/audit", params={"before": newest[-1]["id"]})).json()
    holds = (await admin.get("/api/v1/audit", params={"who": "operator", "act": "hold"})).json()

    assert ["hold", "resume"] == [deed["act"] for deed in newest]
    assert ["hold", "sign in", "sign in"] == [deed["act"] for deed in earlier]
    assert ["hold", "hold"] == [deed["act"] for deed in holds]


async def test_the_page_shows_the_log_with_times_and_nothing_of_it_is_markup(signed_in: SignedIn) -> None:
    admin, operator = await signed_in(Role.ADMIN), await signed_in(Role.OPERATOR)
    await operator.post("/api/v1/jump", json={"id": "<script>alert(1)</script>"})

    page = (await admin.get("/audit")).text

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert page.count("<time datetime=") == 3


def test_every_act_has_its_word() -> None:
    assert set(KNOWN_ACTS) == set(act_words())


async def test_a_log_that_cannot_be_written_stops_no_take(
    client: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(app.state.house.store, "add_deed", fail)

    assert 200 == (await client.post("/api/v1/take")).status_code
