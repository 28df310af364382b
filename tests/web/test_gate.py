"""Nobody but the people in the control room can put anything on air."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from broadcaster.config import ConfigError
from broadcaster.web import create_app
from tests.web.conftest import HOME, OVERLAYS, PASSWORD, settings
from tests.web.people import nobody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from tests.web.room import FakeRoom

LIVE = "ws://expo.example/api/v1/live"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"referer": "http://[::1"},
        {"origin": "http://127.0.0.1:9999"},
        {"referer": "https://evil.example/page"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": HOME},
    ],
)
async def test_a_foreign_page_cannot_take(client: httpx.AsyncClient, room: FakeRoom, headers: dict[str, str]) -> None:
    answer = await client.post("/api/v1/take", headers={**JSON, **headers})

    assert answer.status_code == 403
    assert room.presses == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_what_a_form_can_send_is_not_taken_for_a_press(
    client: httpx.AsyncClient, room: FakeRoom, kind: str
) -> None:
    answer = await client.post("/api/v1/jump", content=b'{"id":"talkshow"}', headers={"content-type": kind})

    assert answer.status_code == 415
    assert room.presses == []


@pytest.mark.parametrize(
    "headers",
    [{}, JSON, {"origin": HOME}, {"origin": HOME, "sec-fetch-site": "same-origin"}, {"x-broadcaster": "1"}],
)
async def test_the_page_itself_and_programs_may_take(
    client: httpx.AsyncClient, room: FakeRoom, headers: dict[str, str]
) -> None:
    assert (await client.post("/api/v1/take", headers=headers)).status_code == 200
    assert len(room.presses) == 1


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "192.168.1.5", "", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/", "/api/v1/status", "/healthz", "/overlays/standby/"])
async def test_a_name_that_was_rebound_to_loopback_is_not_answered_to(
    client: httpx.AsyncClient, host: str, path: str
) -> None:
    assert (await client.get(path, headers={"host": host})).status_code == 421


async def test_a_proxy_on_this_machine_does_not_make_everybody_an_admin(app: FastAPI) -> None:
    """It passes on who asks (X-Forwarded-For), and often a Host of loopback."""
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as stranger:
        assert (await stranger.get("/api/v1/status")).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "127.0.0.2", "[::1]", "[::1]:8080"])
async def test_loopback_names_are_answered_to(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/status", "/static/base.css", "/overlays/standby/", "/nowhere"])
async def test_every_answer_forbids_inline_scripts_frames_and_sniffing(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("nosniff", "no-referrer") == (headers["x-content-type-options"], headers["referrer-policy"])


PAGE = {"accept": "text/html"}


async def test_a_language_that_was_chosen_is_kept_from_page_to_page(client: httpx.AsyncClient) -> None:
    first = await client.get("/?lang=id", headers=PAGE)
    later = await client.get("/crew", headers=PAGE)
    back = await client.get("/mc?lang=en", headers=PAGE)
    last = await client.get("/timer", headers=PAGE)

    assert ["id", "id", "en", "en"] == [
        re.findall('<html lang="(..)"', page.text)[0] for page in (first, later, back, last)
    ]
    assert first.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert "set-cookie" not in later.headers


async def test_the_page_to_sign_in_speaks_the_language_of_the_link_that_led_to_it(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/rundown?lang=id", headers=PAGE, follow_redirects=True)

    assert ("/login", True) == (page.url.path, '<html lang="id"' in page.text)


@pytest.mark.parametrize("path", ["/?lang=xx", "/api/v1/status?lang=id"])
async def test_only_a_page_and_a_language_that_there_is_are_a_choice(client: httpx.AsyncClient, path: str) -> None:
    client.cookies.set("broadcaster_language", "../../xx")
    accepted = PAGE if path.startswith("/?") else {"accept": "application/json"}
    answer = await client.get(path, headers=accepted)

    assert (200, False) == (answer.status_code, "set-cookie" in answer.headers)


async def test_a_huge_body_is_not_read(client: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await client.put("/api/v1/rundown", headers={**JSON, "content-length": "999999999999"}, content=b"{}")

    assert answer.status_code == 413


async def test_a_huge_body_of_unsaid_length_is_not_kept(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1_000_000

    answer = await client.put("/api/v1/rundown", headers=JSON, content=endless())

    assert answer.status_code == 413


async def test_overlay_files_cannot_be_left(client: httpx.AsyncClient) -> None:
    for path in ("/overlays/../pyproject.toml", "/overlays/%2e%2e/pyproject.toml", "/static/..%2fpage.py"):
        assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "expo.example"])
def test_the_network_is_not_let_in_without_a_password(room: FakeRoom, host: str) -> None:
    with pytest.raises(ConfigError, match="BROADCASTER_WEB__PASSWORD"):
        create_app(room, settings(host=host), overlays=OVERLAYS, access=nobody())


def test_an_empty_password_is_none(room: FakeRoom) -> None:
    with pytest.raises(ConfigError):
        create_app(room, settings(host="0.0.0.0", password=""), overlays=OVERLAYS, access=nobody())


async def test_overlays_need_no_password(visitor: httpx.AsyncClient) -> None:
    """OBS's browser source cannot type one."""
    assert (await visitor.get("/overlays/standby/")).status_code == 200


async def test_the_user_name_says_who_pressed(visitor: httpx.AsyncClient, room: FakeRoom) -> None:
    answer = await visitor.post("/api/v1/take", auth=("rina", PASSWORD))

    assert answer.status_code == 200
    assert [("take", None, "rina@192.168.1.20")] == room.presses


async def test_a_program_with_a_wrong_password_is_asked_for_it_again(visitor: httpx.AsyncClient) -> None:
    for auth in (("rina", "wrong"), ("rina", ""), ("", PASSWORD + "x")):
        answer = await visitor.get("/api/v1/status", auth=auth)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_page_whose_session_has_ended_gets_no_dialog_of_the_browsers(visitor: httpx.AsyncClient) -> None:
    """The sign-in page is nicer, and knows accounts."""
    answer = await visitor.get("/api/v1/status", headers={"sec-fetch-mode": "cors"})

    assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Bearer x", "Basic cmluYQ==", "Basic /w=="])
async def test_a_malformed_password_is_just_wrong(visitor: httpx.AsyncClient, header: str) -> None:
    assert (await visitor.get("/", headers={"authorization": header})).status_code == 401


def test_the_live_socket_is_closed_to_strangers(locked_app: FastAPI) -> None:
    visitor = TestClient(locked_app, base_url="http://expo.example")
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect(LIVE):
        pass


def test_a_program_with_the_password_opens_the_live_socket(locked_app: FastAPI) -> None:
    visitor = TestClient(locked_app, base_url="http://expo.example")
    visitor.auth = ("rina", PASSWORD)
    with visitor.websocket_connect(LIVE) as socket:
        assert socket.receive_json()["status"]["playback"] == "running"


def test_a_forged_cookie_opens_nothing(locked_app: FastAPI) -> None:
    visitor = TestClient(locked_app, base_url="http://expo.example")
    for forged in ("99999999999.00", "x", "é.é", ".", "99999999999"):
        headers = {"cookie": f"broadcaster_session={forged}".encode("latin-1")}
        with (
            pytest.raises(WebSocketDisconnect),
            visitor.websocket_connect(LIVE, headers=headers),
        ):
            pass


@pytest.mark.parametrize("path", ["/api/v1/live", "/overlays/live"])
def test_a_foreign_page_cannot_listen_in(app: FastAPI, path: str) -> None:
    browser = TestClient(app)
    url = f"ws://127.0.0.1:8080{path}"
    for origin in ("https://evil.example", "null", "http://["):
        with (
            pytest.raises(WebSocketDisconnect),
            browser.websocket_connect(url, headers={"origin": origin}),
        ):
            pass
    with browser.websocket_connect(url, headers={"origin": HOME}) as socket:
        assert socket.receive_json()
