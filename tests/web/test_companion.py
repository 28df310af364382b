"""What docs/companion.md tells people to enter into their panels does what it says, with the least rights."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.testclient import TestClient

from broadcaster.access import Right
from broadcaster.show.messages import Act
from broadcaster.web.public import variables

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from tests.web.room import FakeRoom

PAGE = (Path(__file__).parents[2] / "docs" / "companion.md").read_text("utf-8")
PART = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BUTTONS = re.findall(r"^\| ([^|]+) \| `(/api[^`]+)` \| (?:`(\{.*?\})`)? ?\|$", PAGE, re.MULTILINE)


def token_of(app: FastAPI, *rights: Right) -> str:
    _token, secret = app.state.house.tokens.make("Companion", rights, "admin")
    return str(secret)


@pytest.fixture
async def companion(staffed_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """With the headers of the page, and the token that it says."""
    written = re.search(r"^\| Header \| `(.+)` \|$", PAGE, re.MULTILINE)
    assert written is not None
    headers = json.loads(written[1])
    headers["Authorization"] = headers["Authorization"].replace("bct_…", token_of(staffed_app, Right.PRESS))
    transport = httpx.ASGITransport(staffed_app, client=("192.168.1.40", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://expo.example", headers=headers) as panel:
        yield panel


def test_there_is_a_button_for_every_act() -> None:
    assert {*(act.value for act in Act), "stream"} == {uri.rpartition("/")[2] for _button, uri, _body in BUTTONS}


@pytest.mark.parametrize(("uri", "body"), [each[1:] for each in BUTTONS], ids=[each[0] for each in BUTTONS])
async def test_a_button_does_what_it_says(companion: httpx.AsyncClient, room: FakeRoom, uri: str, body: str) -> None:
    room.streaming = "false" in body

    answer = await companion.post(uri, content=body, headers={"content-type": "application/json"})

    assert (200, uri.rpartition("/")[2]) == (answer.status_code, room.presses[-1][0])
    assert "Companion@192.168.1.40" in room.presses[-1]


async def test_the_variables_that_the_page_names_exist(companion: httpx.AsyncClient) -> None:
    values = (await companion.get("/api/v1/vars")).json()

    named = set(re.findall(r"'\$\.(\w+)'", PAGE)) | {"current_title"}
    named |= {name for name in re.findall(r"`/broadcaster/(\w+)`", PAGE) if name.startswith("current_")}
    assert len(named) >= 3
    assert named <= values.keys()


async def test_the_token_may_do_nothing_else(companion: httpx.AsyncClient) -> None:
    for method, path in (("PUT", "/api/v1/rundown"), ("POST", "/api/v1/uploads"), ("GET", "/api/v1/people")):
        assert 403 == (await companion.request(method, path)).status_code


def test_the_websocket_is_opened_with_the_token_as_the_address_has_it(staffed_app: FastAPI, room: FakeRoom) -> None:
    url = re.search(r"`ws://companion:bct_…@127\.0\.0\.1:8080(\S+)`", PAGE)
    assert url is not None
    panel = TestClient(staffed_app, base_url="http://expo.example")
    basic = httpx.BasicAuth("companion", token_of(staffed_app))
    authorization = next(basic.auth_flow(httpx.Request("GET", "http://x"))).headers["authorization"]

    with panel.websocket_connect(f"ws://expo.example{url[1]}", headers={"authorization": authorization}) as socket:
        assert variables(room.status()).keys() == socket.receive_json().keys()


async def test_what_curl_is_told_works(staffed_app: FastAPI, room: FakeRoom) -> None:
    examples = re.search(r"```sh\n(.*?)```", PART["curl"], re.DOTALL)
    assert examples is not None
    token = token_of(staffed_app, Right.PRESS)
    transport = httpx.ASGITransport(staffed_app, client=("192.168.1.40", 5000))
    async with httpx.AsyncClient(transport=transport) as curl:
        for line in examples[1].replace("$TOKEN", token).splitlines():
            words = shlex.split(line)[1:]
            method, headers, body = "GET", {}, ""
            while words:
                match words.pop(0):
                    case "-X":
                        method = words.pop(0)
                    case "-H":
                        name, value = words.pop(0).split(": ")
                        headers[name] = value
                    case "-d":
                        body = words.pop(0)
                    case url:
                        there = url
            assert 200 == (await curl.request(method, there, headers=headers, content=body)).status_code

    assert ["take", "jump"] == [press[0] for press in room.presses]


def test_every_act_has_its_osc_address_and_no_other_is_named() -> None:
    table = set(re.findall(r"^\| `/broadcaster/(\w+)` \|", PART["OSC"], re.MULTILINE))

    assert {*(act.value for act in Act), "stream", "refresh"} == table
