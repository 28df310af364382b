"""The flat variables of the show, told when they change: to machines' sockets, and as OSC."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from broadcaster.web.public import variables

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from broadcaster.ports import ControlRoom

    Values = dict[str, str | int | float]

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
SPACING_SECONDS = 0.1
PATIENCE_SECONDS = 5.0
SOCKETS = 50
TRY_AGAIN_LATER = 1013


class Variables:
    def __init__(
        self, room: ControlRoom, *, heartbeat: float = HEARTBEAT_SECONDS, spacing: float = SPACING_SECONDS
    ) -> None:
        self._room, self._heartbeat, self._spacing = room, heartbeat, spacing

    async def changes(self, whole: asyncio.Event | None = None) -> AsyncGenerator[Values, None]:
        """All variables, then those that have changed: at once, but at most ten times a second.

        While the room does not answer there are none. Setting `whole` has all told once more.
        """
        changed = asyncio.Event()
        unsubscribe = self._room.subscribe(changed.set)
        known: Values = {}
        is_failing = False
        try:
            while True:
                changed.clear()
                if whole is not None and whole.is_set():
                    whole.clear()
                    known = {}
                try:
                    values = variables(self._room.status())
                    is_failing = False
                except Exception:
                    if not is_failing:
                        log.exception("The variables cannot be told: the control room does not answer.")
                    is_failing = True
                    values = known
                news = {key: value for key, value in values.items() if key not in known or known[key] != value}
                known = values
                if news:
                    yield news
                await asyncio.sleep(self._spacing)
                # Not wait_for: in Python 3.11 that one may lose a cancellation that comes together with the change.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._heartbeat - self._spacing):
                        await changed.wait()
        finally:
            unsubscribe()


def variables_api(feed: Variables) -> APIRouter:
    api = APIRouter(tags=["live"])
    open_sockets: set[WebSocket] = set()

    @api.websocket("/api/v1/vars/live")
    async def live_variables(socket: WebSocket) -> None:
        await socket.accept()
        if len(open_sockets) >= SOCKETS:
            await socket.close(TRY_AGAIN_LATER)
            return
        open_sockets.add(socket)
        tasks = {asyncio.create_task(_tell(feed, socket)), asyncio.create_task(_until_gone(socket))}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            open_sockets.discard(socket)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return api


async def _tell(feed: Variables, socket: WebSocket) -> None:
    async with contextlib.aclosing(feed.changes()) as changes:
        async for news in changes:
            message = json.dumps(news, ensure_ascii=False)
            # One that is too slow is dropped; it connects anew by itself.
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.send_text(message)


async def _until_gone(socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
