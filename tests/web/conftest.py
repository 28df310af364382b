"""The web application around a fake control room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from broadcaster.config import Settings
from broadcaster.web import create_app
from tests.web.browser import chromium
from tests.web.room import FakeRoom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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
    return create_app(room, settings(), overlays=OVERLAYS)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as client:
        yield client


@pytest.fixture
def locked_app(room: FakeRoom) -> FastAPI:
    """Open to the network, with a password."""
    return create_app(room, settings(host="0.0.0.0", password=PASSWORD), overlays=OVERLAYS)


@pytest.fixture
async def visitor(locked_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the network who has not said the password."""
    transport = httpx.ASGITransport(locked_app, client=("192.168.1.20", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://expo.example") as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all: each test has a page of its own."""
    async with chromium() as browser:
        yield browser
