"""What machines hear: the variables, as they change."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from broadcaster.web import variables as module
from broadcaster.web.public import variables
from broadcaster.web.variables import Variables

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.web.room import FakeRoom


async def test_first_all_then_what_has_changed(room: FakeRoom) -> None:
    feed = Variables(room, heartbeat=60, spacing=0.001)
    async with aclosing(feed.changes()) as changes:
        whole = await anext(changes)
        room.automation = "held"
        room.change()
        news = await anext(changes)

    assert {**whole, **news} == variables(room.status())
    assert {"automation": "held"} == news


async def test_the_clock_is_told_each_second_without_any_change(room: FakeRoom) -> None:
    feed = Variables(room, heartbeat=0.01, spacing=0.001)
    async with aclosing(feed.changes()) as changes:
        await anext(changes)
        room.expected_end = room.expected_end.replace(microsecond=500_000)
        news = await anext(changes)

    assert "current_remaining_s" in news


async def test_a_burst_of_changes_is_told_once(room: FakeRoom) -> None:
    feed = Variables(room, heartbeat=60, spacing=0.01)
    async with aclosing(feed.changes()) as changes:
        await anext(changes)
        for automation in ("held", "auto", "standby"):
            room.automation = automation
            room.change()

        assert {"automation": "standby"} == await anext(changes)


async def test_all_is_told_once_more_when_asked_for(room: FakeRoom) -> None:
    whole = asyncio.Event()
    feed = Variables(room, heartbeat=0.01, spacing=0.001)
    async with aclosing(feed.changes(whole)) as changes:
        first = await anext(changes)
        whole.set()

        assert first == await anext(changes)


async def test_a_room_that_does_not_answer_is_silent_and_heard_again(room: FakeRoom) -> None:
    feed = Variables(room, heartbeat=0.01, spacing=0.001)
    async with aclosing(feed.changes()) as changes:
        await anext(changes)
        room.broken = True
        room.change()
        hearing = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0.05)
        assert not hearing.done()
        room.broken, room.automation = False, "held"

        assert {"automation": "held"} == await hearing


async def test_whoever_leaves_just_when_something_changes_is_gone(room: FakeRoom) -> None:
    async def listen() -> None:
        async with aclosing(Variables(room, heartbeat=60, spacing=0.001).changes()) as changes:
            async for _news in changes:
                pass

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.05)
    room.change()
    listening.cancel()

    await asyncio.wait({listening}, timeout=5)
    assert (True, 0) == (listening.cancelled(), room.listeners)


async def test_nobody_listens_any_more_when_all_have_left(room: FakeRoom) -> None:
    async with aclosing(Variables(room).changes()) as changes:
        await anext(changes)
        assert 1 == room.listeners

    assert 0 == room.listeners


def test_a_socket_hears_them(app: FastAPI, room: FakeRoom) -> None:
    with TestClient(app).websocket_connect("ws://127.0.0.1:8080/api/v1/vars/live") as socket:
        assert variables(room.status()).keys() == socket.receive_json().keys()


def test_too_many_sockets_are_asked_to_come_later(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SOCKETS", 0)
    with TestClient(app).websocket_connect("ws://127.0.0.1:8080/api/v1/vars/live") as socket:
        assert {"type": "websocket.close", "code": 1013, "reason": ""} == socket.receive()


@pytest.mark.parametrize(
    ("remaining", "length", "progress"),
    [(4.0, 4.0, 0), (1.0, 4.0, 75), (-2.0, 4.0, 100), (None, 4.0, ""), (1.0, 0, "")],
)
def test_progress_is_in_percent(remaining: float | None, length: float, progress: object) -> None:
    status = {"current": {"remaining_s": remaining, "duration_s": length}}

    assert progress == variables(status)["current_progress"]
