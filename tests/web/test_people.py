"""The people page and its API: who may come in, and the machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broadcaster.access import Role
from tests.web.people import password_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    SignedIn = Callable[[Role], Awaitable[httpx.AsyncClient]]

JSON = {"x-broadcaster": "page"}
NEW = {"name": "Budi", "role": "operator", "password": "tenun ikat troso"}


async def test_an_admin_adds_changes_and_removes_people(signed_in: SignedIn) -> None:
    admin = await signed_in(Role.ADMIN)

    added = await admin.post("/api/v1/people", json=NEW)
    changed = await admin.patch("/api/v1/people/budi", json={"role": "viewer"})
    removed = await admin.delete("/api/v1/people/budi", headers=JSON)

    assert (201, "budi", "operator") == (added.status_code, added.json()["name"], added.json()["role"])
    assert (200, "viewer") == (changed.status_code, changed.json()["role"])
    assert 204 == removed.status_code
    assert {"admin", "operator", "organizer", "viewer"} == {
        each["name"] for each in (await admin.get("/api/v1/people")).json()
    }


async def test_of_a_change_all_is_made_or_nothing(signed_in: SignedIn) -> None:
    admin = await signed_in(Role.ADMIN)

    refused = await admin.patch("/api/v1/people/viewer", json={"role": "operator", "password": "short"})

    assert 409 == refused.status_code
    people = {each["name"]: each["role"] for each in (await admin.get("/api/v1/people")).json()}
    assert "viewer" == people["viewer"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/people", {**NEW, "name": "ADMIN"}),
        ("POST", "/api/v1/people", {**NEW, "name": "two words"}),
        ("POST", "/api/v1/people", {**NEW, "password": "short"}),
        ("PATCH", "/api/v1/people/budi", {"role": "viewer"}),
        ("PATCH", "/api/v1/people/admin", {"role": "operator"}),
        ("DELETE", "/api/v1/people/admin", None),
        ("DELETE", "/api/v1/people/budi", None),
        ("DELETE", "/api/v1/sessions/0000", None),
        ("DELETE", "/api/v1/tokens/0000", None),
        ("POST", "/api/v1/tokens", {"label": "  "}),
        ("POST", "/api/v1/tokens", {"label": "x", "rights": ["edit"]}),
        ("POST", "/api/v1/tokens", {"label": "x", "rights": ["rule"]}),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    signed_in: SignedIn, method: str, path: str, body: object
) -> None:
    admin = await signed_in(Role.ADMIN)

    answer = await admin.request(method, path, json=body, headers=JSON)

    assert (409, True) == (answer.status_code, bool(answer.json()["detail"]))


async def test_a_removed_person_is_out_at_once(signed_in: SignedIn) -> None:
    admin, operator = await signed_in(Role.ADMIN), await signed_in(Role.OPERATOR)

    await admin.delete("/api/v1/people/operator", headers=JSON)

    assert 401 == (await operator.post("/api/v1/take", headers=JSON)).status_code


async def test_a_lesser_role_counts_at_once(signed_in: SignedIn) -> None:
    admin, operator = await signed_in(Role.ADMIN), await signed_in(Role.OPERATOR)

    await admin.patch("/api/v1/people/operator", json={"role": "organizer"})

    assert 403 == (await operator.post("/api/v1/take", headers=JSON)).status_code


async def test_an_admin_who_sets_their_own_password_stays_in(signed_in: SignedIn) -> None:
    here, there = await signed_in(Role.ADMIN), await signed_in(Role.ADMIN)

    await here.patch("/api/v1/people/admin", json={"password": "batik tulis lawasan"})

    assert [200, 401] == [(await browser.get("/api/v1/session")).status_code for browser in (here, there)]


async def test_a_browser_elsewhere_is_signed_out_by_an_admin(signed_in: SignedIn) -> None:
    admin, viewer = await signed_in(Role.ADMIN), await signed_in(Role.VIEWER)
    (found,) = [each for each in (await admin.get("/api/v1/sessions")).json() if each["name"] == "viewer"]

    await admin.delete(f"/api/v1/sessions/{found['id']}", headers=JSON)

    assert "192.168.1.30" == found["address"]
    assert 401 == (await viewer.get("/api/v1/session")).status_code


async def test_a_token_is_shown_once_and_never_again(signed_in: SignedIn) -> None:
    admin = await signed_in(Role.ADMIN)

    made = (await admin.post("/api/v1/tokens", json={"label": "Stream Deck", "rights": ["press"]})).json()
    listed = (await admin.get("/api/v1/tokens")).json()

    assert made["token"].startswith("bct_")
    assert made["token"] not in str(listed)
    assert [("Stream Deck", ["look", "press"], "admin", None)] == [
        (each["label"], each["rights"], each["created_by"], each["used_at"]) for each in listed
    ]


async def test_the_pages_show_who_there_is_and_no_secret(signed_in: SignedIn) -> None:
    admin = await signed_in(Role.ADMIN)
    token = (await admin.post("/api/v1/tokens", json={"label": "<b>Deck</b>"})).json()["token"]

    page = (await admin.get("/people")).text

    assert "&lt;b&gt;Deck&lt;/b&gt;" in page
    assert '"/api/v1/people/organizer"' in page
    assert not [secret for secret in (token, "$argon2", password_of("admin")) if secret in page]


async def test_before_the_first_account_the_page_says_what_it_will_mean(client: httpx.AsyncClient) -> None:
    first = await client.post("/api/v1/people", json=NEW)
    page = (await client.get("/people")).text

    assert (409, True) == (first.status_code, "Nobody has to sign in" in page)


async def test_from_the_first_account_on_everybody_signs_in(client: httpx.AsyncClient) -> None:
    first = await client.post("/api/v1/people", json={**NEW, "role": "admin"})

    assert (201, 401) == (first.status_code, (await client.get("/api/v1/status")).status_code)


async def test_ones_own_page_says_what_one_may(signed_in: SignedIn, client: httpx.AsyncClient) -> None:
    organizer = await signed_in(Role.ORGANIZER)

    assert "also edits rundown and exhibitors" in (await organizer.get("/account?lang=en")).text
    assert "Nobody has to sign in" in (await client.get("/account")).text
