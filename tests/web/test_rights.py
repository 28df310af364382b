"""Who may call what, route by route: the table, the routes and the answers agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from broadcaster.access import MACHINE_RIGHTS, Right, Role
from broadcaster.web import create_app
from broadcaster.web.rights import RULES, Rule, Table
from tests.web.conftest import OVERLAYS, PASSWORD, settings
from tests.web.people import CHEAP, nobody, password_of, with_people

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from fastapi import FastAPI

    from tests.web.room import FakeRoom

    SignedIn = Callable[[Role], Awaitable[httpx.AsyncClient]]

HTTP = [rule for rule in RULES if rule.method != "WS"]
SOCKETS = [rule for rule in RULES if rule.method == "WS"]
SAFE = {"GET", "HEAD", "OPTIONS"}
HOME = "http://expo.example"


def title(rule: Rule) -> str:
    return f"{rule.method} {rule.path}"


def address(rule: Rule) -> str:
    """Something that the rule is for, and that is not there."""
    return rule.path.replace("*", "nothing").replace("{", "").replace("}", "")


def routes_of(listed: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for route in listed:
        match route:
            case Route():
                declared = route.methods or set()
                yield from ((method, route.path) for method in declared if method != "HEAD" or "GET" not in declared)
            case WebSocketRoute():
                yield "WS", route.path
            case Mount():
                yield "GET", f"{route.path}/*"
            case _:  # a router that FastAPI keeps whole
                yield from routes_of(route.original_router.routes)


def test_every_route_has_its_line_in_the_table_and_no_line_is_without_a_route(app: FastAPI) -> None:
    """A route that is not in the table is not there for anybody: the gate answers 404."""
    assert {(rule.method, rule.path) for rule in RULES} == set(routes_of(app.routes))
    assert len({(rule.method, rule.path) for rule in RULES}) == len(RULES)


def test_everything_that_changes_something_has_its_word_in_the_audit_log() -> None:
    silent = {
        "PATCH /api/v1/uploads/{upload_id}",  # the pieces of a file: its begin and its end are in the log
        "POST /api/v1/edits/preview",  # changes nothing
        "POST /api/v1/description/preview",  # the same
    }
    assert silent >= {title(rule) for rule in HTTP if rule.method not in SAFE and not rule.act}
    assert [] == [title(rule) for rule in RULES if rule.act and rule.method in SAFE | {"WS"}]


def test_each_role_may_all_that_the_one_before_may() -> None:
    assert [
        [Right.LOOK],
        [Right.LOOK, Right.EDIT],
        [Right.LOOK, Right.EDIT, Right.PRESS],
        [Right.LOOK, Right.EDIT, Right.PRESS, Right.RULE],
    ] == [sorted(role.rights, key=list(Right).index) for role in Role]


def test_a_machine_never_edits_nor_rules() -> None:
    assert {Right.LOOK, Right.PRESS} == set(MACHINE_RIGHTS)


async def ask(client: httpx.AsyncClient, rule: Rule) -> int:
    async with client.stream(rule.method, address(rule)) as answer:
        return answer.status_code


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_reaches_what_its_rights_allow_and_gets_403_for_the_rest(
    signed_in: SignedIn, role: Role
) -> None:
    browser = await signed_in(role)
    for rule in HTTP:
        if rule.act == "sign out":
            continue
        allowed = rule.right is None or rule.right in role.rights
        assert (title(rule), not allowed) == (title(rule), await ask(browser, rule) == 403)


async def test_whoever_has_not_signed_in_reaches_what_is_open_and_nothing_else(
    staffed_app: FastAPI, room: FakeRoom
) -> None:
    transport = httpx.ASGITransport(staffed_app, client=("192.168.1.20", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as stranger:
        for rule in HTTP:
            assert (title(rule), rule.right is not None) == (title(rule), await ask(stranger, rule) == 401)
        for path in ("/nowhere", "/docs", "/api/v1/nothing", "/api/v1/take"):
            assert (await stranger.get(path)).status_code == 401
    assert room.presses == []


async def test_the_shared_password_gives_what_an_operator_may(locked_app: FastAPI) -> None:
    transport = httpx.ASGITransport(locked_app, client=("192.168.1.20", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=HOME, auth=("rina", PASSWORD)) as program:
        for rule in HTTP:
            allowed = rule.right is None or rule.right in Role.OPERATOR.rights
            assert (title(rule), not allowed) == (title(rule), await ask(program, rule) == 403)


@pytest.mark.parametrize("rights", [[], [Right.PRESS]], ids=["look", "press"])
async def test_a_token_gives_the_rights_that_it_was_made_with(staffed_app: FastAPI, rights: list[Right]) -> None:
    token, secret = staffed_app.state.house.tokens.make("Companion", rights, "admin")
    transport = httpx.ASGITransport(staffed_app, client=("192.168.1.40", 5000))
    headers = {"authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=headers) as machine:
        for rule in HTTP:
            allowed = rule.right is None or rule.right in token.rights
            assert (title(rule), not allowed) == (title(rule), await ask(machine, rule) == 403)


async def test_locally_without_accounts_everything_is_reached(client: httpx.AsyncClient) -> None:
    for rule in HTTP:
        assert (title(rule), False) == (title(rule), await ask(client, rule) in {401, 403})


@pytest.mark.parametrize("rule", SOCKETS, ids=title)
def test_a_socket_is_open_to_those_who_may_see_it(room: FakeRoom, rule: Rule) -> None:
    access = with_people(admin=Role.ADMIN, viewer=Role.VIEWER)
    app = create_app(room, settings(host="0.0.0.0"), overlays=OVERLAYS, access=access, hasher=CHEAP)
    stranger = TestClient(app, base_url=HOME)
    url = f"ws://expo.example{rule.path}"
    if rule.right is None:
        with stranger.websocket_connect(url) as socket:
            assert socket.receive_json()
        return
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect(url):
        pass
    viewer = TestClient(app, base_url=HOME)
    viewer.post("/api/v1/session", json={"name": "viewer", "password": password_of("viewer")})
    with viewer.websocket_connect(url) as socket:
        assert socket.receive_json()


async def test_a_route_that_was_forgotten_in_the_table_is_not_there(room: FakeRoom) -> None:
    app = create_app(room, settings(), overlays=OVERLAYS, access=nobody())

    @app.get("/api/v1/forgotten")
    async def forgotten() -> dict[str, str]:
        return {"secret": "yes"}

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        answer = await client.get("/api/v1/forgotten")

    assert (404, {"detail": "There is nothing here."}) == (answer.status_code, answer.json())


async def test_a_wrong_method_is_told_which_are_right(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/take")

    assert (405, "POST") == (answer.status_code, answer.headers["allow"])


def test_a_rule_matches_its_own_path_only() -> None:
    table = Table((Rule("GET", "/a/{x}", None), Rule("GET", "/files/*", None), Rule("POST", "/a", None)))

    found = {
        path: table.find(method, path) is not None
        for method, path in (
            ("GET", "/a/b"),
            ("GET", "/a/b/c"),
            ("GET", "/a/"),
            ("GET", "/files/b/c"),
            ("GET", "/files"),
            ("GET", "/afiles/x"),
            ("POST", "/a"),
            ("HEAD", "/a/h"),
        )
    }

    assert found == {
        "/a/b": True,
        "/a/b/c": False,
        "/a/": False,
        "/files/b/c": True,
        "/files": False,
        "/afiles/x": False,
        "/a": True,
        "/a/h": True,
    }


async def test_a_person_without_the_right_is_told_in_their_language_and_as_a_page(signed_in: SignedIn) -> None:
    browser = await signed_in(Role.ORGANIZER)

    page = await browser.get("/people", headers={"accept": "text/html"})
    answer = await browser.post("/api/v1/take?lang=en")

    assert (403, True) == (page.status_code, "Not allowed" in page.text)
    assert "Only operators and admins may do this." in answer.json()["detail"]
