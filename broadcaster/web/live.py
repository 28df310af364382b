"""The live socket: what is true now, composed once and sent to every page.

A message is one JSON object. `status` is in each; `rundown`, `notices` and `description` are in it when they
differ from what this page was last sent. The first message has all. After that one comes with every change,
at most ten a second, and one every second as a heartbeat: three silent seconds mean that the page is blind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from broadcaster.web.public import instant, now_playing, zone, zone_abbreviation

if TYPE_CHECKING:
    from broadcaster.ports import ControlRoom, Json

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
SPACING_SECONDS = 0.1
PATIENCE_SECONDS = 5.0
"""How long one message may take to reach a page before the page is dropped. It reconnects by itself."""

SLOW_PART_SHARE = 50
"""Composing what is large (a long rundown) rests 50 times as long as it took: never over 2 % of the loop."""

SOCKETS = 500
TRY_AGAIN_LATER = 1013


class Socket(Protocol):
    """What the feed needs of a WebSocket."""

    async def accept(self) -> None: ...

    async def send_text(self, data: str) -> None: ...

    async def receive(self) -> object:
        """The next message. A `websocket.disconnect` ends the visit."""
        ...

    async def close(self, code: int = 1000) -> None: ...


class _Page:
    """One open socket: which edition of each part it has, and whether there is news for it."""

    def __init__(self, *, is_public: bool) -> None:
        self.is_public = is_public
        self.has: dict[str, int] = {}
        self.news = asyncio.Event()
        self.news.set()


class LiveFeed:
    """Fans the control room's state out. It works only while somebody is connected."""

    def __init__(
        self,
        room: ControlRoom,
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
        spacing: float = SPACING_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._room = room
        self._heartbeat = heartbeat
        self._spacing = spacing
        self._patience = patience
        self._pages: set[_Page] = set()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._edition = 0
        self._parts: dict[str, tuple[int, str]] = {}
        self._public = ""
        self._frames: dict[tuple[str, ...], str] = {}
        self._slow_due = 0.0
        self._failing = False
        self.dropped = 0

    @property
    def connected(self) -> int:
        return len(self._pages)

    async def attend(self, socket: Socket, *, is_public: bool = False) -> None:
        """Serve one socket until it leaves or is dropped for being slow. `is_public`: now.json, no more."""
        await socket.accept()
        if len(self._pages) >= SOCKETS:
            await socket.close(TRY_AGAIN_LATER)
            return
        page = _Page(is_public=is_public)
        self._enter(page)
        tasks = {
            asyncio.create_task(self._send(page, socket)),
            asyncio.create_task(_until_gone(socket)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._leave(page)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for task in tasks:
                if not task.cancelled() and (error := task.exception()):
                    log.debug("live feed: a page left in the middle of a message: %r", error)

    def _enter(self, page: _Page) -> None:
        if self._task is None:
            self._slow_due = 0.0
            self._compose()
            self._task = asyncio.create_task(self._run(), name="live feed")
        self._pages.add(page)

    def _leave(self, page: _Page) -> None:
        self._pages.discard(page)
        if not self._pages and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        unsubscribe = self._room.subscribe(self._changed.set)
        try:
            while True:
                await asyncio.sleep(self._spacing)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), self._heartbeat - self._spacing)
                self._changed.clear()
                if self._compose():
                    for page in self._pages:
                        page.news.set()
        finally:
            unsubscribe()

    def _compose(self) -> bool:
        """Bring the parts up to date. False when the room did not answer: pages then hear nothing."""
        try:
            status = self._room.status()
            self._put("status", {**status, "zone": _zone(status)})
            self._public = json.dumps(now_playing(status), ensure_ascii=False)
            self._compose_slow_parts()
        except Exception:
            if not self._failing:
                log.exception("live feed: the control room does not answer")
            self._failing = True
            self._parts.clear()
            return False
        self._failing = False
        self._frames.clear()
        return True

    def _compose_slow_parts(self) -> None:
        begun = time.perf_counter()
        if begun < self._slow_due:
            return
        self._put("rundown", self._room.rundown())
        self._put("notices", self._room.notices(50))
        self._put("description", newest_description(self._room))
        ended = time.perf_counter()
        self._slow_due = ended + SLOW_PART_SHARE * (ended - begun)

    def _put(self, name: str, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False)
        if name not in self._parts or self._parts[name][1] != text:
            self._edition += 1
            self._parts[name] = self._edition, text

    def _frame(self, page: _Page) -> str:
        if page.is_public:
            return self._public
        names = tuple(
            name for name, (edition, _text) in self._parts.items() if name == "status" or page.has.get(name) != edition
        )
        page.has = {name: edition for name, (edition, _text) in self._parts.items()}
        if names not in self._frames:
            self._frames[names] = "{" + ",".join(f'"{name}":{self._parts[name][1]}' for name in names) + "}"
        return self._frames[names]

    async def _send(self, page: _Page, socket: Socket) -> None:
        while True:
            await page.news.wait()
            page.news.clear()
            if not self._parts:
                continue
            try:
                # One message on its way at a time. What changes meanwhile is in the next one: latest wins.
                await asyncio.wait_for(socket.send_text(self._frame(page)), self._patience)
            except TimeoutError:
                self.dropped += 1
                log.info("live feed: a page was too slow and is dropped (%d so far)", self.dropped)
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(socket.close(TRY_AGAIN_LATER), 0.1)
                return


async def _until_gone(socket: Socket) -> None:
    while True:
        message = await socket.receive()
        if isinstance(message, dict) and message.get("type") == "websocket.disconnect":
            return


def newest_description(room: ControlRoom) -> Json | None:
    """{"at", "line", "state"} of the newest text of the description; `line` is its first line."""
    newest = room.revisions(1)
    if not newest:
        return None
    text = str(newest[-1].get("text") or "")
    return {
        "at": newest[-1].get("at"),
        "line": text.strip().partition("\n")[0],
        "state": newest[-1].get("state"),
    }


def _zone(status: Json) -> str:
    return zone_abbreviation(zone(status.get("timezone")), instant(status.get("now")) or datetime.now(UTC))
