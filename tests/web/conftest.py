"""The web application around a fake control room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from broadcaster.access import Role
from broadcaster.config import Settings
from broadcaster.web import create_app
from tests.web.browser import chromium
from tests.web.people import CHEAP, nobody, password_of, with_people
from tests.web.room import FakeRoom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from fastapi import FastAPI
    from playwright.async_api import Browser

OVERLAYS = Path(__file__).parents[2] / "overlays"
HOME = "http://127.0.0.1:8080"
PASSWORD = "kain-batik-7"


def settings(**web: object) -> Settings:
    return Settings.model_validate({"language": "en", "web": web})


@pytest.fixture
def room() -> FakeRoom:
    return FakeRoom()


@pytest.fixture
def app(room: FakeRoom) -> FastAPI:
    return create_app(room, settings(), overlays=OVERLAYS, access=nobody())


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as client:
        yield client


@pytest.fixture
def locked_app(room: FakeRoom) -> FastAPI:
    """Open to the network, with a password."""
    return create_app(room, settings(host="0.0.0.0", password=PASSWORD), overlays=OVERLAYS, access=nobody())


@pytest.fixture
async def visitor(locked_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the network who has not said the password."""
    transport = httpx.ASGITransport(locked_app, client=("192.168.1.20", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://expo.example") as client:
        yield client


@pytest.fixture
def staffed_app(room: FakeRoom) -> FastAPI:
    """Open to the network, with one person of each role, named like it."""
    access = with_people(**{role.value: role for role in Role})
    return create_app(room, settings(host="0.0.0.0"), overlays=OVERLAYS, access=access, hasher=CHEAP)


@pytest.fixture
async def signed_in(staffed_app: FastAPI) -> AsyncIterator[Callable[[Role], Awaitable[httpx.AsyncClient]]]:
    """Makes a browser in which the person of that role is signed in."""
    browsers: list[httpx.AsyncClient] = []

    async def browser_of(role: Role) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(staffed_app, client=("192.168.1.30", 5000))
        browser = httpx.AsyncClient(
            transport=transport, base_url="http://expo.example", headers={"origin": "http://expo.example"}
        )
        browsers.append(browser)
        credentials = {"name": role.value, "password": password_of(role.value)}
        answer = await browser.post("/api/v1/session", json=credentials)
        assert answer.status_code == 200, answer.text
        return browser

    yield browser_of
    for browser in browsers:
        await browser.aclose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all: each test has a page of its own."""
    async with chromium() as browser:
        yield browser
