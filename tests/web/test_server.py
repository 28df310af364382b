"""The server as a guest in the service's loop."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest
import websockets

from broadcaster.web import ServerError, create_app, serve
from broadcaster.web.live import LiveFeed
from tests.web.conftest import OVERLAYS, settings
from tests.web.people import nobody

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.web.room import FakeRoom


async def test_port_0_takes_a_free_one_and_stop_frees_it(app: FastAPI) -> None:
    server = await serve(app, "127.0.0.1", 0)
    home = f"http://127.0.0.1:{server.port}"
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{home}/healthz")).json()["ok"]

        await server.stop()

        with pytest.raises(httpx.ConnectError):
            await client.get(f"{home}/healthz")
    again = await serve(app, "127.0.0.1", server.port)
    await again.stop()


async def test_a_port_in_use_is_explained(app: FastAPI) -> None:
    server = await serve(app, "127.0.0.1", 0)

    with pytest.raises(ServerError, match=rf"port {server.port}: .*another \[web\] port"):
        await serve(app, "127.0.0.1", server.port)

    await server.stop()


async def test_signals_stay_the_services_own(app: FastAPI) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    server = await serve(app, "127.0.0.1", 0)

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before

    await server.stop()


async def test_open_pages_do_not_hold_up_the_stop(app: FastAPI) -> None:
    server = await serve(app, "127.0.0.1", 0)
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/api/v1/live") as page:
        assert "rundown" in json.loads(await page.recv())
        begun = time.monotonic()

        await server.stop()

        assert time.monotonic() - begun < 2


async def test_a_press_reaches_a_page_within_a_tenth_of_a_second(app: FastAPI, room: FakeRoom) -> None:
    server = await serve(app, "127.0.0.1", 0)
    async with (
        websockets.connect(f"ws://127.0.0.1:{server.port}/api/v1/live") as page,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client,
    ):
        await page.recv()
        await asyncio.sleep(0.15)
        pressed = time.monotonic()
        await client.post("/api/v1/hold")

        while json.loads(await page.recv())["status"]["playback"] != "held":
            pass

        # The spacing of messages is 0.1 s; the rest is room for a busy machine.
        assert time.monotonic() - pressed < 2
    await server.stop()


HANDSHAKE = (
    b"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.slow
async def test_a_page_that_stops_reading_is_dropped_by_the_real_server(room: FakeRoom) -> None:
    """Its buffers fill, the send waits, patience ends; other pages hear every change meanwhile."""
    feed = LiveFeed(room, spacing=0.01, patience=0.3)
    server = await serve(create_app(room, settings(), overlays=OVERLAYS, access=nobody(), feed=feed), "127.0.0.1", 0)
    with socket.socket() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(stuck, ("127.0.0.1", server.port))
        await loop.sock_sendall(stuck, HANDSHAKE)
        async with (
            asyncio.timeout(20),
            websockets.connect(f"ws://127.0.0.1:{server.port}/api/v1/live", max_size=None) as page,
        ):
            number = 0
            while feed.dropped == 0 or feed.connected == 2:
                number += 1
                room.title = f"{number} " + "x" * 1_000_000
                room.change()
                while not json.loads(await page.recv())["status"]["title"].startswith(f"{number} "):
                    pass

            assert (1, 1) == (feed.dropped, feed.connected)
        begun = time.monotonic()
        await server.stop()
        assert time.monotonic() - begun < 5
